package io.rtaa.redis;

import io.lettuce.core.StreamMessage;
import io.rtaa.bus.Topic;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.routes.Tries;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads transcript events for a group, as a sink of a team's own does: its consumers share the partitions, and an event is
 * acknowledged when its route has completed. An event whose route fails is offered again, and the later events of its
 * partition wait: without end where what a step needs is away, else a few times, until it is passed over. After a
 * crash, what was not acknowledged is offered again: at least once. Partials are not among them. A consumer that stops
 * finishes the event that its route has.
 */
class TranscriptGroupConsumer extends LeasedConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(TranscriptGroupConsumer.class);

    private record Waiting(Lease.Entry receipt, @Nullable TranscriptEvent event) {}

    /** Used by the reading thread only; the lease says whether it may go on. */
    private static final class Partition {
        private final Lease lease;
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private Position read;
        private int failures;
        private Tries tries;
        private long notBeforeNanos = System.nanoTime();

        Partition(Lease lease, Position from, Tries tries) {
            this.lease = lease;
            this.read = from;
            this.tries = tries;
        }
    }

    /** How long a stop waits for the event that the route has. */
    private static final long FINISH_MILLIS = 5000;

    private final boolean beginsAtStart;
    /** Held while the route has an event. */
    private final Semaphore route = new Semaphore(1);

    private volatile boolean begun;
    private final Map<String, Partition> partitions = new ConcurrentHashMap<>();
    private Map<String, Partition> reading = Map.of();

    /**
     * @param beginsAtStart whether a new group gets only what is published once this consumer starts, else all there is
     */
    TranscriptGroupConsumer(RedisStreamsEndpoint endpoint, Processor processor, String group, boolean beginsAtStart) {
        super(endpoint, processor, group);
        this.beginsAtStart = beginsAtStart;
    }

    /** Where the group is new, its position is kept before anything can be published that it is to get. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        try {
            prepare();
        } catch (RedisBusException e) {
            LOG.info("Where {} begins to be read for {} is noted later: {}", topic(), group(), e.getMessage());
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (!route.tryAcquire(FINISH_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warn("The route that reads {} for {} is interrupted: its event comes again", topic(), group());
        }
        super.doStop();
        route.drainPermits();
        route.release();
    }

    @Override
    public synchronized void prepare() throws InterruptedException {
        if (begun || !beginsAtStart) {
            return;
        }
        byte[] start = RedisBus.bytes(new Position(startMillis(), 0).toString());
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int partition = 0; partition < bus().keys().partitions(); partition++) {
            String key = bus().keys().record(topic(), partition, group());
            answers.add(bus().link().send("HSETNX", commands -> commands.hsetnx(key, "position", start)));
        }
        for (CompletableFuture<Boolean> answer : answers) {
            RedisLink.await(answer);
        }
        begun = true;
    }

    @Override
    Map<String, Position> wanted() {
        Map<String, Partition> now = new HashMap<>(partitions);
        now.values().forEach(this::offer);
        int inFlight = now.values().stream()
                .mapToInt(partition -> partition.waiting.size())
                .sum();
        Map<String, Position> wanted = new LinkedHashMap<>();
        if (inFlight < options().getMaxInFlight()) {
            now.forEach((key, partition) -> {
                if (partition.waiting.isEmpty() && partition.lease.isHeld()) {
                    wanted.put(key, partition.read);
                }
            });
        }
        reading = now;
        return wanted;
    }

    @Override
    void take(List<StreamMessage<String, byte[]>> entries) {
        for (StreamMessage<String, byte[]> entry : entries) {
            Partition partition = reading.get(entry.getStream());
            if (partition != null && partition.lease.isHeld()) {
                partition.read = Position.of(entry.getId());
                partition.waiting.addLast(new Waiting(
                        partition.lease.read(partition.read), Transcripts.event(entry, Topic.TRANSCRIPTS, bus())));
            }
        }
        reading.values().forEach(this::offer);
    }

    @Override
    void rewind(String log, Position to) {
        Partition partition = partitions.get(log);
        if (partition != null) {
            partition.read = to;
            partition.lease.rewind(to);
        }
    }

    /** Hands on what waits, in order, until nothing does or the route fails. */
    private void offer(Partition partition) {
        while (!partition.waiting.isEmpty()
                && partition.lease.isHeld()
                && System.nanoTime() - partition.notBeforeNanos >= 0) {
            if (!route.tryAcquire()) {
                return;
            }
            try {
                offerNext(partition);
            } finally {
                route.release();
            }
        }
    }

    private void offerNext(Partition partition) {
        Waiting next = partition.waiting.getFirst();
        Exception failure = next.event() == null ? null : handOn(next.event(), Map.of());
        if (failure == null || !isOfferedAgain(partition, failure)) {
            partition.failures = 0;
            partition.tries = newTries();
            partition.waiting.removeFirst();
            next.receipt().settle();
            if (next.event() != null) {
                reader().consumed().increment();
            }
        } else {
            offerLater(partition);
        }
    }

    private boolean isOfferedAgain(Partition partition, Exception failure) {
        getExceptionHandler().handleException("an event of the group " + group() + " was not taken", failure);
        return partition.tries.isWorthAnother(failure);
    }

    private Tries newTries() {
        return new Tries(getEndpoint().getCamelContext(), getRouteId());
    }

    private void offerLater(Partition partition) {
        partition.failures++;
        reader().retries().increment();
        long longest = options().getMaxRetryDelay().toMillis();
        long delay = options().getRetryDelay().toMillis() << Math.min(partition.failures - 1, 20);
        partition.notBeforeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(longest, delay));
    }

    @Override
    public void taken(Lease lease, Position from) {
        partitions.put(lease.log(), new Partition(lease, from, newTries()));
        wake();
    }

    @Override
    public void gone(Lease lease) {
        partitions.remove(lease.log());
        lease.giveUp();
    }

    /** An event is as good as any other. */
    @Override
    public int weight(Lease lease) {
        return lease.unacknowledged();
    }
}
