package io.rtaa.config;

import io.rtaa.asr.AsrComponent;
import io.rtaa.call.StreamId;
import io.rtaa.kafka.KafkaBus;
import io.rtaa.redis.RedisStreamsComponent;
import io.rtaa.telephony.LiveLegs;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
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
 * those that are left, and what was said in them is still published before the routes stop. Demo calls are not waited
 * for: they end with the doors.
 */
@Component
class GracefulStop {

    private static final Logger LOG = LoggerFactory.getLogger(GracefulStop.class);

    /** How long recognisers may take for the last words, once no more audio comes. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    /** The same for demo calls: the embedded recogniser may lag behind by more than a person waits after Ctrl-C. */
    private static final Duration LAST_WORDS_OF_DEMO_CALLS = Duration.ofSeconds(1);

    /** How long ends may take to be published once no more words are waited for. */
    private static final Duration LAST_EVENTS = Duration.ofSeconds(1);

    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(50);

    private final RtaaSettings settings;
    private final LiveLegs liveLegs;
    private final DemoCaller demoCaller;
    private final AsrComponent asr;
    private final RedisStreamsComponent redis;
    private final KafkaBus kafka;
    private final CamelContext context;

    GracefulStop(
            RtaaSettings settings,
            LiveLegs liveLegs,
            DemoCaller demoCaller,
            AsrComponent asr,
            RedisStreamsComponent redis,
            KafkaBus kafka,
            CamelContext context) {
        this.settings = settings;
        this.redis = redis;
        this.kafka = kafka;
        this.liveLegs = liveLegs;
        this.demoCaller = demoCaller;
        this.asr = asr;
        this.context = context;
    }

    /** Runs before anything is stopped: Spring tells of the close first and stops its beans afterwards. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop(ContextClosedEvent closing) {
        try {
            liveLegs.drain();
            int calls = liveLegs.liveCount(this::isWaitedFor);
            if (calls > 0) {
                LOG.info(
                        "stopping: waiting up to {} s for {} calls",
                        settings.drain().toSeconds(),
                        calls);
            }
            if (!liveLegs.awaitEnd(this::isWaitedFor, settings.drain())) {
                LOG.warn("stopping: {} calls are cut off", liveLegs.liveCount(this::isWaitedFor));
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

    private boolean isWaitedFor(StreamId stream) {
        return !demoCaller.isDemoCall(stream);
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
        long now = System.nanoTime();
        awaitSessions(any -> true, now + LAST_WORDS_OF_DEMO_CALLS.toNanos());
        awaitSessions(this::isWaitedFor, now + LAST_WORDS.toNanos());
        if (settings.bus() == BusAdapter.MEMORY) {
            // The audio goes with this process; on a broker the next process recognises it.
            asr.giveUp("the process stopped before this was recognised");
            awaitSessions(any -> true, System.nanoTime() + LAST_EVENTS.toNanos());
        }
    }

    private void awaitSessions(Predicate<StreamId> which, long deadline) throws InterruptedException {
        while (asr.sessionCount(which) > 0 && System.nanoTime() - deadline < 0) {
            Thread.sleep(LOOK_AGAIN_AFTER.toMillis());
        }
    }
}
