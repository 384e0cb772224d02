package io.rtaa.config;

import java.util.Map;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Settings as a test sets them, read as the process reads them. */
final class TestSettings {

    private TestSettings() {}

    /** Reads the settings as the process does: variables over the defaults of application.yaml. */
    static RtaaSettings read(Map<String, Object> variables) {
        return RtaaSettings.read(environment(variables, Map.of()));
    }

    /**
     * @param properties what is set as system properties or by files
     * @param variables the environment variables of the process; none but these
     */
    static ConfigurableEnvironment environment(Map<String, Object> properties, Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace("systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables));
        environment.getPropertySources().addFirst(new MapPropertySource("properties", properties));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        DerivedSettings.derive(environment);
        ConfigurationPropertySources.attach(environment);
        return environment;
    }

    static String faults(Map<String, Object> variables) {
        return faults(environment(variables, Map.of()));
    }

    static String faults(ConfigurableEnvironment environment) {
        try {
            RtaaSettings.read(environment);
        } catch (SettingsException e) {
            return String.join("\n", e.faults());
        }
        throw new AssertionError("these settings were taken");
    }
}
