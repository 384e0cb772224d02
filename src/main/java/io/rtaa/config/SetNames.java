package io.rtaa.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedResource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;

/**
 * The name under which an operator set a property: an environment variable, a system property, a line of a file. A
 * message that names another one sends the operator to the wrong place.
 *
 * <p>Thread-safety: stateless.
 */
final class SetNames {

    private SetNames() {}

    /**
     * The name that won for a setting: {@code RTAA_MAX_CALLS} or {@code rtaa.max-calls} where one of them is set, else
     * the documented variable.
     */
    static String of(Setting<?> setting, ConfigurableEnvironment environment) {
        if (!ConfigurationPropertyName.isValid(setting.property())) {
            // A name that other programs and Java choose, such as HTTPS_PROXY: it is set under no other.
            return setting.variable();
        }
        ConfigurationPropertyName wanted = ConfigurationPropertyName.of(setting.property());
        for (ConfigurationPropertySource source : ConfigurationPropertySources.from(environment.getPropertySources())) {
            ConfigurationProperty property = source.getConfigurationProperty(wanted);
            if (property != null) {
                String name = of(property);
                return name == null ? setting.variable() : name;
            }
        }
        return setting.variable();
    }

    /** The name that won for a secret that is in a file: that of the setting that names the file, where it is set. */
    static String ofFile(Setting<?> secret, ConfigurableEnvironment environment) {
        Setting<Path> naming = secret.file();
        return naming == null || environment.getProperty(naming.property(), "").isBlank()
                ? of(secret, environment)
                : of(naming, environment);
    }

    /** Whether an operator set a setting, by whatever name, to a value of whatever kind. */
    static boolean isSet(Setting<?> setting, ConfigurableEnvironment environment) {
        return !of(setting, environment).equals(setting.variable()) || environment.containsProperty(setting.variable());
    }

    /** The name as it stands in its source; null for what the service itself sets. */
    static @Nullable String of(ConfigurationProperty property) {
        if (!(property.getOrigin() instanceof PropertySourceOrigin origin)
                || origin.getPropertySource().getName().equals(DerivedSettings.SOURCE)
                || isBuiltIn(origin.getOrigin())) {
            return null;
        }
        return origin.getPropertyName();
    }

    /** The files in the jar: {@code application.yaml} and {@code bus/*.yaml}. An operator's lie outside. */
    private static boolean isBuiltIn(@Nullable Origin origin) {
        return origin instanceof TextResourceOrigin text
                && (text.getResource() instanceof OriginTrackedResource tracked
                                ? tracked.getResource()
                                : text.getResource())
                        instanceof ClassPathResource;
    }
}
