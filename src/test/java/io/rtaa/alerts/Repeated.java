package io.rtaa.alerts;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What peers do again and again, each on a thread of its own, until it is over.
 *
 * <p>Thread-safety: one thread at a time.
 */
final class Repeated implements AutoCloseable {

    private final List<ScheduledExecutorService> peers = new ArrayList<>();

    /** Begins it; a failure, such as a refusal, does not end it. */
    void begin(int everyMillis, Incident.Step what) {
        ScheduledExecutorService peer = Executors.newSingleThreadScheduledExecutor();
        peers.add(peer);
        var unused = peer.scheduleWithFixedDelay(() -> tryOnce(what), 0, everyMillis, TimeUnit.MILLISECONDS);
    }

    private static void tryOnce(Incident.Step what) {
        try {
            what.take();
        } catch (Exception e) {
            // It was refused, or its connection is gone: what the incident is about.
        }
    }

    @Override
    public void close() {
        peers.forEach(ScheduledExecutorService::shutdownNow);
        peers.clear();
    }
}
