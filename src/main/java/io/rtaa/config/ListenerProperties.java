package io.rtaa.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses Spring Boot's own properties of listeners, {@code server.*} and {@code management.server.*}, wherever they
 * are set. They would move the management listener past {@code MANAGEMENT_PORT} and {@code MANAGEMENT_ADDRESS} and what
 * is checked there; most operators who set them mean the public listener, which does not read them.
 *
 * <p>Only what Spring Boot would bind is refused, so that an unrelated variable such as {@code SERVER_NAME} stops no
 * start.
 */
final class ListenerProperties {

    private static final String PORT = "server.port";

    private static final String ALL = "PORT and BIND_ADDRESS (public listener), MANAGEMENT_PORT and MANAGEMENT_ADDRESS"
            + " (management listener)";

    private static final Map<String, String> INSTEAD = Map.of(
            PORT,
            "PORT (public listener) or MANAGEMENT_PORT (management listener)",
            "server.address",
            "BIND_ADDRESS (public listener) or MANAGEMENT_ADDRESS (management listener)",
            "server.shutdown",
            "DRAIN_SECONDS",
            "management.server.port",
            "MANAGEMENT_PORT",
            "management.server.address",
            "MANAGEMENT_ADDRESS");

    private ListenerProperties() {}

    /** Notes a fault for each such property. */
    static void check(SettingsReader reader, ConfigurableEnvironment environment) {
        Bound bound = new Bound();
        Binder binder = Binder.get(environment);
        binder.bind("server", Bindable.of(ServerProperties.class), bound);
        binder.bind("management.server", Bindable.of(ManagementServerProperties.class), bound);
        bound.names.forEach((property, name) -> reader.fault(name
                + " is set, a property of Spring Boot's that the service does not take; allowed: "
                + INSTEAD.getOrDefault(property, ALL)));
    }

    /**
     * Gathers what is bound from a source other than the service's own files: by property, the name it was set under.
     */
    private static final class Bound implements BindHandler {

        private final Map<String, String> names = new LinkedHashMap<>();

        @Override
        public Object onSuccess(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
            note(context.getConfigurationProperty());
            return result;
        }

        /** A value of the wrong type is refused for its name, like any other. */
        @Override
        public @Nullable Object onFailure(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
            note(context.getConfigurationProperty());
            return null;
        }

        private void note(@Nullable ConfigurationProperty property) {
            if (property == null || opensNone(property)) {
                return;
            }
            String name = SetNames.of(property);
            if (name != null) {
                names.put(property.getName().toString(), name);
            }
        }

        /** Port -1 opens no management listener at all: Spring Boot's tests run the service so. */
        private static boolean opensNone(ConfigurationProperty property) {
            return property.getName().toString().equals(PORT)
                    && String.valueOf(property.getValue()).equals("-1");
        }
    }
}
