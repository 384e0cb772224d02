package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.operations.HealthApi;
import io.rtaa.operations.HealthPart;
import io.rtaa.operations.Liveness;
import io.rtaa.edge.security.Admission;
import io.rtaa.edge.security.ExotelGuard;
import io.rtaa.edge.security.JwtGuard;
import io.rtaa.edge.security.OriginPolicy;
import io.rtaa.edge.security.PathPrefixes;
import io.rtaa.telephony.ExotelLegs;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.telephony.PcmLegs;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.edge.websocket.WebsocketComponent;
import io.rtaa.edge.websocket.WebsocketEndpointOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The public listener, its named websockets and who guards them. */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

    /** A caller that sends no message for this long is gone: callers send silence as audio. */
    private static final Duration CALLER_IDLE = Duration.ofMinutes(5);

    /** Something to acknowledge for the caller's host: else a host that was cut off goes unnoticed. */
    private static final Duration CALLER_PING = Duration.ofSeconds(10);

    /** A caller's host that acknowledges nothing for this long is gone: far longer than a line takes to heal itself. */
    private static final Duration CALLER_HOST_TIMEOUT = Duration.ofSeconds(30);

    /** Twice a minute at least, as proxies close what is silent for a minute. */
    private static final Duration DASHBOARD_PING = Duration.ofSeconds(25);

    /**
     * A peer that has to answer pings and from which nothing comes for this long is dead. Exotel need not answer them.
     */
    private static final Duration PEER_TIMEOUT = Duration.ofSeconds(60);

    /**
     * A caller's socket whose route fails on this many events in a row is of no use: ten seconds of frames of 20 ms. A
     * step that fails for a moment costs a gap, and not the call: Exotel does not connect a second time.
     */
    private static final int CALLER_FAILURES = 500;

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
            Vertx vertx, RtaaSettings settings, List<HealthPart> healthParts, List<Liveness> progress) {
        PathPrefixes prefixes =
                new PathPrefixes(settings.publicUrl(), settings.credentials().trustedProxies());
        PublicListener listener = new PublicListener(
                vertx, PublicListenerOptions.on(settings.bindAddress(), settings.port()), prefixes::of);
        new HealthApi(healthParts, progress).mount(listener.router());
        return listener;
    }

    /** Doors open last: whoever finds one open finds the routes behind it running. */
    @Bean
    ApplicationRunner openDoors(PublicListener listener) {
        return arguments -> listener.start();
    }

    @Bean
    WebsocketComponent websocket(
            PublicListener listener,
            RtaaSettings settings,
            LiveLegs liveLegs,
            ExotelLegs exotelLegs,
            PcmLegs pcmLegs,
            MeterRegistry registry) {
        WebsocketComponent component = new WebsocketComponent();
        component.setListener(listener);
        component.setMeterRegistry(registry);
        component.addEndpoint(
                "exotel",
                new WebsocketEndpointOptions()
                        .setPath("/v1/exotel")
                        .setChallenge("Basic realm=\"rtaa\"")
                        .setIdleTimeout(CALLER_IDLE)
                        .setPingInterval(CALLER_PING)
                        .setTcpUserTimeout(CALLER_HOST_TIMEOUT)
                        .setMaxFailuresInARow(CALLER_FAILURES)
                        .setEndListener(exotelLegs)
                        .setAuthentication(exotelGuard(settings, liveLegs)));
        component.addEndpoint(
                "ingest",
                new WebsocketEndpointOptions()
                        .setPath("/v1/ingest")
                        .setIdleTimeout(CALLER_IDLE)
                        .setPingInterval(CALLER_PING)
                        .setTcpUserTimeout(CALLER_HOST_TIMEOUT)
                        .setPeerTimeout(PEER_TIMEOUT)
                        .setMaxFailuresInARow(CALLER_FAILURES)
                        .setEndListener(pcmLegs)
                        .setAuthentication(JwtGuard.forCallers(
                                settings.authOff()
                                        ? null
                                        : settings.credentials().jwt(),
                                originPolicy(settings),
                                admission(liveLegs))));
        component.addEndpoint(
                "dashboard",
                new WebsocketEndpointOptions()
                        .setPath("/v1/transcripts")
                        .setPingInterval(DASHBOARD_PING)
                        .setPeerTimeout(PEER_TIMEOUT)
                        .setAuthentication(viewerGuard(settings)));
        return component;
    }

    static HandshakeGuard viewerGuard(RtaaSettings settings) {
        return JwtGuard.forViewers(
                settings.authOff() ? null : settings.credentials().jwt(), originPolicy(settings));
    }

    private static HandshakeGuard exotelGuard(RtaaSettings settings, LiveLegs liveLegs) {
        Credentials credentials = settings.credentials();
        boolean open = settings.authOff();
        return new ExotelGuard(
                credentials.exotelAddresses(),
                open ? null : credentials.exotelBasic(),
                open ? null : credentials.jwt(),
                originPolicy(settings),
                admission(liveLegs));
    }

    private static OriginPolicy originPolicy(RtaaSettings settings) {
        return settings.authOff()
                ? OriginPolicy.anyOrigin()
                : OriginPolicy.sameOrigin(
                        settings.publicUrl(), settings.credentials().trustedProxies());
    }

    private static Admission admission(LiveLegs liveLegs) {
        return new RoomForCalls(liveLegs);
    }
}
