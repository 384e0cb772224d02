package io.rtaa.routes;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.PluginHelper;
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
