package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.call.ClientAddress;
import io.rtaa.edge.limits.ClientLimits;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.edge.security.ForwardedSchemes;
import io.rtaa.edge.security.PathPrefixes;
import io.rtaa.edge.websocket.WebsocketComponent;
import io.rtaa.operations.HealthApi;
import io.rtaa.operations.HealthPart;
import io.rtaa.operations.Liveness;
import io.rtaa.routes.LimitMeters;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The public listener and the component of its websockets. */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

    @Bean(destroyMethod = "close")
    Vertx vertx() {
        // One loop a core: no more of them could run at a time, and each has its own batches of writes and its own
        // caches.
        return Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()));
    }

    @Bean(destroyMethod = "stop")
    PublicListener publicListener(
            Vertx vertx,
            RtaaSettings settings,
            List<HealthPart> healthParts,
            List<Liveness> progress,
            ClientAddress clients,
            LimitMeters limitMeters) {
        LimitSettings limits = settings.limits();
        PathPrefixes prefixes =
                new PathPrefixes(settings.publicUrl(), settings.credentials().trustedProxies());
        PublicListener listener = new PublicListener(
                vertx,
                PublicListenerOptions.on(settings.bindAddress(), settings.port())
                        .withHandshakeTimeout(limits.handshake())
                        .withIdleTimeout(limits.idle())
                        .withMaxHeaderBytes(limits.headerBytes()),
                prefixes::of,
                new ForwardedSchemes(settings.credentials().trustedProxies())::isSecure);
        listener.limit(
                new ClientLimits(limits.connectionsPerAddress(), limits.requestsPerAddress(), clients, limitMeters));
        new HealthApi(healthParts, progress).mount(listener.router());
        return listener;
    }

    @Bean
    ListenerCertificate listenerCertificate(
            PublicListener listener, RtaaSettings settings, Clock clock, MeterRegistry registry, FileWatch watch) {
        TlsSettings tls = settings.tls();
        ListenerCertificate certificate =
                new ListenerCertificate(listener, tls == null ? null : tls.certificate(), clock, registry);
        if (tls != null) {
            watch.watch("TLS_CERTIFICATE, TLS_KEY", tls.files(), certificate::replace);
        }
        return certificate;
    }

    /** Doors open last: whoever finds one open finds the routes behind it running. */
    @Bean
    ApplicationRunner openDoors(PublicListener listener) {
        return arguments -> listener.start();
    }

    @Bean
    WebsocketComponent websocket(PublicListener listener, RtaaSettings settings, MeterRegistry registry) {
        WebsocketComponent component = new WebsocketComponent();
        component.setListener(listener);
        component.setMeterRegistry(registry);
        component.setOpenAllowed(
                settings.authOff() || Boolean.TRUE.equals(RtaaSettings.isLoopback(settings.bindAddress())));
        return component;
    }
}
