package io.rtaa.cluster;

import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Watches whether a recogniser hears every call that speaks: a call's audio flows all the time, so one without audio for a
 * second is one that nobody hears.
 *
 * <p>Thread-safety: safe.
 */
final class Hearing implements AutoCloseable {

    private static final int LOOK_EVERY_MILLIS = 100;
    private static final Duration HEARD_WITHIN = Duration.ofSeconds(1);

    /** At a call's begin and end its audio is on the way for a moment. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private final DeepgramStandIn recogniser;
    private final List<SpokenCall> calls;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private volatile long lastDeafMillis;

    Hearing(DeepgramStandIn recogniser, List<SpokenCall> calls) {
        this.recogniser = recogniser;
        this.calls = calls;
        var unused = scheduler.scheduleAtFixedRate(this::look, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The last moment so far in which a call spoke that nobody heard, since the epoch; 0 where there was none. */
    long lastDeafMillis() {
        return lastDeafMillis;
    }

    private void look() {
        long now = System.currentTimeMillis();
        long speaking =
                calls.stream().filter(call -> call.isSpeakingAt(now, MARGIN)).count();
        long heard = recogniser.connections().stream()
                .filter(connection -> connection.hearsWithin(HEARD_WITHIN))
                .count();
        if (heard < speaking) {
            lastDeafMillis = now;
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
