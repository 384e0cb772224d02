package io.rtaa.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/** Reads for a group: the partitions that a {@link LeaseKeeper} has leases on, which it keeps on a second thread. */
abstract class LeasedConsumer extends RedisStreamsConsumer implements LeaseKeeper.Owner {

    private final ScheduledExecutorService keeperThread;
    private final LeaseKeeper keeper;

    LeasedConsumer(RedisStreamsEndpoint endpoint, Processor processor, String group) {
        super(endpoint, processor, group);
        keeperThread = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "redis-streams-leases-" + topic() + "-" + group);
        keeper = new LeaseKeeper(bus(), topic(), group, options().getLeaseTime(), this, keeperThread);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        keeper.start();
        reader().workers(keeper, LeaseKeeper::workers);
        reader().partitionsOwned(keeper, LeaseKeeper::owned);
        reader().partitionsUnowned(keeper, LeaseKeeper::unowned);
        reader().unacknowledged(keeper, LeaseKeeper::unacknowledged);
        reader().lag(keeper, LeaseKeeper::lagMillis);
        if (topic().equals(RedisStreamsEndpoint.AUDIO)) {
            // A log of transcripts is kept for hours: its length says nothing of what a group has to read.
            reader().lagEntries(keeper, LeaseKeeper::entriesBehind);
            reader().lagUnownedEntries(keeper, LeaseKeeper::entriesUnowned);
        }
    }

    /** Leases go back before anything else is stopped: others wait for them. */
    @Override
    protected void doStop() throws Exception {
        try {
            keeper.stop();
            leasesGaveBack();
        } finally {
            reader().close();
            super.doStop();
        }
    }

    /** The consumer stops, and its leases are given back; on the stopping thread, the route can still be run. */
    void leasesGaveBack() {}

    @Override
    protected void doShutdown() throws Exception {
        getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(keeperThread);
        super.doShutdown();
    }

    @Override
    final List<Integer> partitionsHeld() {
        return keeper.partitions();
    }

    @Override
    final boolean hasCompany() {
        return keeper.workers() > 1;
    }

    @Override
    final @Nullable String fault() {
        String reading = super.fault();
        String keeping = keeper.fault();
        return reading != null || keeping == null ? reading : topic() + " has no reader: " + keeping;
    }

    @Override
    final @Nullable String note() {
        int unowned = keeper.unowned();
        return unowned == 0
                ? null
                : "nobody reads " + unowned + " of " + bus().keys().partitions() + " partitions of " + topic() + " for "
                        + group();
    }

    @Override
    final @Nullable String stuck(Duration after) {
        String reading = super.stuck(after);
        return reading != null || !isStarted() || !keeper.isStuck(after)
                ? reading
                : "whoever keeps the leases on " + topic() + " for " + group() + " has got nowhere for "
                        + after.toSeconds() + " s";
    }
}
