package io.rtaa.routes;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.component.PropertyConfigurerSupport;
import org.jspecify.annotations.Nullable;

/**
 * The options that the URIs of a component of the service's may have: those of its generated configurer.
 *
 * <p>Thread-safety: as the configurer's, which is never changed.
 */
public final class EndpointOptions {

    private final String scheme;
    private final PropertyConfigurerGetter configurer;
    private final Set<String> names = new TreeSet<>();

    private EndpointOptions(String scheme, PropertyConfigurerGetter configurer, EndpointUriFactory factory) {
        this.scheme = scheme;
        this.configurer = configurer;
        // The factory also names the parts of the path, which are no options.
        factory.propertyNames().stream().filter(name -> type(name) != null).forEach(names::add);
    }

    /** @throws IllegalStateException if nothing is generated for the scheme */
    public static EndpointOptions of(CamelContext context, String scheme) {
        PropertyConfigurer configurer =
                PluginHelper.getConfigurerResolver(context).resolvePropertyConfigurer(scheme + "-endpoint", context);
        EndpointUriFactory factory = context.getCamelContextExtension().getEndpointUriFactory(scheme);
        if (factory == null || !(configurer instanceof PropertyConfigurerGetter getter)) {
            throw new IllegalStateException("the component " + scheme + " has no generated configurer");
        }
        return new EndpointOptions(scheme, getter, factory);
    }

    /** The type of an option, whose name may be in upper or lower case; null where there is no such option. */
    public @Nullable Class<?> type(String name) {
        return configurer.getOptionType(name, true);
    }

    /**
     * Refuses a value that is not of its option's type. Camel's own message names neither the endpoint nor what is
     * allowed.
     *
     * @param name of the endpoint, behind the scheme
     * @param values by option, all of them known; one that begins with {@code #} is a bean and passes
     * @throws IllegalArgumentException that names the option, its value and what is allowed
     */
    public void requireOfType(CamelContext context, String name, Map<String, Object> values) {
        values.forEach((option, value) -> {
            Class<?> type = Objects.requireNonNull(type(option));
            String text = String.valueOf(value);
            if (!text.startsWith("#") && !isOf(context, type, value)) {
                throw new IllegalArgumentException(
                        option + " of " + scheme + ":" + name + " is '" + text + "'; allowed: " + allowed(type));
            }
        });
    }

    private static boolean isOf(CamelContext context, Class<?> type, Object value) {
        try {
            return PropertyConfigurerSupport.property(context, type, value) != null;
        } catch (RuntimeException e) {
            // What it says names neither the option nor what is allowed.
            return false;
        }
    }

    private static String allowed(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> String.valueOf(constant).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
        }
        if (type == Duration.class) {
            return "a time, such as 5s or 200 (milliseconds)";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true, false";
        }
        return type.isPrimitive() ? "a whole number" : "a bean of the type " + type.getSimpleName() + ", as #name";
    }

    /** @throws IllegalArgumentException if one is no option; the message names those that there are */
    public void requireKnown(Collection<String> asked) {
        for (String name : asked) {
            if (type(name) == null) {
                throw new IllegalArgumentException(
                        "'" + name + "' is no option of " + scheme + ":; allowed: " + String.join(", ", names));
            }
        }
    }
}
