package io.rtaa.config;

import io.rtaa.asr.AsrComponent;
import io.rtaa.kafka.KafkaBus;
import io.rtaa.redis.RedisStreamsComponent;
import io.rtaa.telephony.LiveLegs;
import java.time.Duration;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Stops without losing a call that can still be finished: no new calls, a wait for the running ones, then the doors close on
 * those that are left, and what was said in them is still published before the routes stop.
 */
@Component
class GracefulStop {

    private static final Logger LOG = LoggerFactory.getLogger(GracefulStop.class);

    /** How long recognisers may take for the last words, once no more audio comes. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(50);

    private final RtaaSettings settings;
    private final LiveLegs liveLegs;
    private final AsrComponent asr;
    private final RedisStreamsComponent redis;
    private final KafkaBus kafka;
    private final CamelContext context;

    GracefulStop(
            RtaaSettings settings,
            LiveLegs liveLegs,
            AsrComponent asr,
            RedisStreamsComponent redis,
            KafkaBus kafka,
            CamelContext context) {
        this.settings = settings;
        this.redis = redis;
        this.kafka = kafka;
        this.liveLegs = liveLegs;
        this.asr = asr;
        this.context = context;
    }

    /** Runs before anything is stopped: Spring tells of the close first and stops its beans afterwards. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop(ContextClosedEvent closing) {
        try {
            liveLegs.drain();
            int calls = liveLegs.liveCount();
            if (calls > 0) {
                LOG.info(
                        "stopping: waiting up to {} s for {} calls",
                        settings.drain().toSeconds(),
                        calls);
            }
            if (!liveLegs.awaitEmpty(settings.drain())) {
                LOG.warn("stopping: {} calls are cut off", liveLegs.liveCount());
            }
            liveLegs.cutOff();
            closeDoorsToCallers();
            if (!othersGoOn()) {
                awaitLastWords();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeDoorsToCallers() {
        List<String> doors = context.getRoutes().stream()
                .filter(route -> isCallersDoor(route.getEndpoint().getEndpointBaseUri()))
                .map(Route::getRouteId)
                .toList();
        for (String door : doors) {
            try {
                context.getRouteController().stopRoute(door);
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("route {} did not stop", door);
            }
        }
    }

    private static boolean isCallersDoor(String uri) {
        return uri.startsWith("websocket:exotel")
                || uri.startsWith("websocket://exotel")
                || uri.startsWith("websocket:ingest")
                || uri.startsWith("websocket://ingest");
    }

    /**
     * Whether what is not final need not be waited for: another process hears it again from the bus. A process that takes calls
     * itself is often the only one, and waits if it is.
     */
    private boolean othersGoOn() {
        return switch (settings.bus()) {
            case MEMORY -> false;
            case REDIS -> !settings.has(ServiceRole.INGEST) || redis.hasCompany();
            case KAFKA -> !settings.has(ServiceRole.INGEST) || kafka.hasCompany();
        };
    }

    private void awaitLastWords() throws InterruptedException {
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        while (asr.sessionCount() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_AGAIN_AFTER.toMillis());
        }
    }
}
