package io.rtaa.config;

import io.rtaa.call.ClientAddress;
import io.rtaa.edge.security.TokenVerifier;
import io.rtaa.routes.LimitMeters;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/** Loads route files as a process on Kafka does, beside the built-in ones of its roles, and starts none of the routes. */
final class LoadedRoutes {

    private LoadedRoutes() {}

    /**
     * @param roles as {@code RTAA_ROLES} names them
     * @param files as {@code RTAA_ROUTES} names them; empty for none
     */
    static void into(DefaultCamelContext context, String roles, String files) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test", Map.of("rtaa.roles", roles, "rtaa.routes", files, "rtaa.bus.adapter", "kafka")));
        for (String defaults : List.of("application.yaml", "bus/kafka.yaml")) {
            new YamlPropertySourceLoader()
                    .load(defaults, new ClassPathResource(defaults))
                    .forEach(environment.getPropertySources()::addLast);
        }
        DerivedSettings.derive(environment);
        context.getPropertiesComponent().addInitialProperty("rtaa.windows.min-ms", "100");
        context.getPropertiesComponent().addInitialProperty("rtaa.windows.max-ms", "200");
        context.getPropertiesComponent().addInitialProperty("rtaa.jwt.role-claim", "role");
        context.getPropertiesComponent().addInitialProperty("rtaa.jwt.tenant-claim", "tenant");
        for (Setting<?> limit : LimitSettings.DECLARED) {
            context.getPropertiesComponent().addInitialProperty(limit.property(), "0");
        }
        context.getRegistry().bind("tokenVerifier", TokenVerifier.NONE);
        context.getRegistry().bind("clientAddress", ClientAddress.OF_THE_CONNECTION);
        context.getRegistry().bind("limitMeters", LimitMeters.unmeasured());
        new RouteFiles(RtaaSettings.read(environment)).loadInto(context);
    }
}
