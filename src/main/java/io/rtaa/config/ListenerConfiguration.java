package io.rtaa.config;

import io.rtaa.call.HandshakeGuard;
import io.rtaa.operations.HealthApi;
import io.rtaa.operations.HealthPart;
import io.rtaa.operations.Liveness;
import io.rtaa.security.Admission;
import io.rtaa.security.ExotelGuard;
import io.rtaa.security.JwtGuard;
import io.rtaa.security.OpenDoor;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.websocket.CoalescingTransport;
import io.rtaa.websocket.PublicListener;
import io.rtaa.websocket.PublicListenerOptions;
import io.rtaa.websocket.WebsocketComponent;
import io.rtaa.websocket.WebsocketEndpointOptions;
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

    /** A caller that says nothing for so long, not even a ping, is gone: callers send silence as audio. */
    private static final Duration CALLER_IDLE = Duration.ofMinutes(5);

    @Bean(destroyMethod = "close")
    Vertx vertx() {
        // One loop a core: no more of them could run at a time, and each has its own batches of writes and its own
        // caches.
        return CoalescingTransport.vertx(
                new VertxOptions().setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()));
    }

    @Bean(destroyMethod = "stop")
    PublicListener publicListener(
            Vertx vertx, RtaaSettings settings, List<HealthPart> healthParts, List<Liveness> progress) {
        PublicListener listener =
                new PublicListener(vertx, PublicListenerOptions.on(settings.bindAddress(), settings.port()));
        new HealthApi(healthParts, progress).mount(listener.router());
        return listener;
    }

    /** Doors open last: whoever finds one open finds the routes behind it running. */
    @Bean
    ApplicationRunner openDoors(PublicListener listener) {
        return arguments -> listener.start();
    }

    @Bean
    WebsocketComponent websocket(PublicListener listener, RtaaSettings settings, LiveLegs liveLegs) {
        WebsocketComponent component = new WebsocketComponent();
        component.setListener(listener);
        component.addEndpoint(
                "exotel",
                new WebsocketEndpointOptions()
                        .setPath("/v1/exotel")
                        .setChallenge("Basic realm=\"rtaa\"")
                        .setIdleTimeout(CALLER_IDLE)
                        .setAuthentication(exotelGuard(settings, liveLegs)));
        component.addEndpoint(
                "ingest",
                new WebsocketEndpointOptions()
                        .setPath("/v1/ingest")
                        .setIdleTimeout(CALLER_IDLE)
                        .setAuthentication(JwtGuard.forCallers(
                                settings.authOff()
                                        ? null
                                        : settings.credentials().jwt(),
                                openDoor(settings),
                                admission(liveLegs))));
        component.addEndpoint(
                "dashboard",
                new WebsocketEndpointOptions().setPath("/v1/transcripts").setAuthentication(viewerGuard(settings)));
        return component;
    }

    static HandshakeGuard viewerGuard(RtaaSettings settings) {
        return JwtGuard.forViewers(
                settings.authOff() ? null : settings.credentials().jwt(), openDoor(settings));
    }

    private static HandshakeGuard exotelGuard(RtaaSettings settings, LiveLegs liveLegs) {
        Credentials credentials = settings.credentials();
        boolean open = settings.authOff();
        return new ExotelGuard(
                credentials.exotelAddresses(),
                open ? null : credentials.exotelBasic(),
                open ? null : credentials.jwt(),
                openDoor(settings),
                admission(liveLegs));
    }

    private static OpenDoor openDoor(RtaaSettings settings) {
        return settings.authOff() ? OpenDoor.ON_PURPOSE : OpenDoor.LOOPBACK;
    }

    private static Admission admission(LiveLegs liveLegs) {
        return new RoomForCalls(liveLegs);
    }
}
