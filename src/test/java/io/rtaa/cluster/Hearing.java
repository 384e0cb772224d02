package io.rtaa.cluster;

import io.rtaa.testsupport.calls.SpokenCall;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
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
    private final List<Stretch> deaf = new ArrayList<>();
    private boolean wasDeaf;

    /** A time in which a call spoke that nobody heard, since the epoch. */
    private record Stretch(long fromMillis, long toMillis) {
        long millis() {
            return toMillis - fromMillis;
        }
    }

    Hearing(DeepgramStandIn recogniser, List<SpokenCall> calls) {
        this.recogniser = recogniser;
        this.calls = calls;
        var unused = scheduler.scheduleAtFixedRate(this::look, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * When every call was heard again after something was done to the cluster: the end of the longest time since then in which
     * one was not. 0 where each was heard all the time.
     *
     * @param sinceMillis when that was done, since the epoch
     */
    synchronized long heardAgainMillis(long sinceMillis) {
        return deaf.stream()
                .filter(stretch -> stretch.toMillis() >= sinceMillis)
                .max(Comparator.comparingLong(Stretch::millis))
                .map(Stretch::toMillis)
                .orElse(0L);
    }

    private synchronized void look() {
        long now = System.currentTimeMillis();
        long speaking =
                calls.stream().filter(call -> call.isSpeakingAt(now, MARGIN)).count();
        long heard = recogniser.connections().stream()
                .filter(connection -> connection.hearsWithin(HEARD_WITHIN))
                .count();
        boolean isDeaf = heard < speaking;
        if (isDeaf && wasDeaf) {
            deaf.add(new Stretch(deaf.remove(deaf.size() - 1).fromMillis(), now));
        } else if (isDeaf) {
            deaf.add(new Stretch(now, now));
        }
        wasDeaf = isDeaf;
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
