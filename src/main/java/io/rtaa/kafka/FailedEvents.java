package io.rtaa.kafka;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.routes.Tries;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The events of a group that its route has failed on, at most one in each partition. Such a partition is paused, and
 * read again from its event on after a wait that doubles with each failure; the other partitions go on. An event is
 * given up as {@link Tries} says.
 *
 * <p>Thread-safety: used by the polling thread.
 */
final class FailedEvents {

    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 30_000;

    private static final class Failed {
        private final long offset;
        private final TranscriptEvent event;
        private final Tries tries;
        private int failures;
        private long notBeforeNanos;
        /** Whether records of the partition that are there now are to be read again. */
        private boolean rewinds;

        Failed(long offset, TranscriptEvent event, Tries tries) {
            this.offset = offset;
            this.event = event;
            this.tries = tries;
        }
    }

    private final Map<Integer, Failed> byPartition = new HashMap<>();

    /**
     * The route has failed on an event.
     *
     * @param exchange the one that failed
     * @return whether the event is read again; else it is given up
     */
    boolean offersAgain(int partition, long offset, TranscriptEvent event, Exchange exchange, Throwable failure) {
        Failed failed = byPartition.computeIfAbsent(
                partition,
                unknown -> new Failed(offset, event, new Tries(exchange.getContext(), exchange.getFromRouteId())));
        if (!failed.tries.isWorthAnother(failure)) {
            return false;
        }
        long waitMillis = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(failed.failures++, 20));
        failed.notBeforeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        failed.rewinds = true;
        return true;
    }

    /** The route has completed, or the event is given up. */
    void done(int partition) {
        byPartition.remove(partition);
    }

    /** Others read these partitions from now on. */
    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> byPartition.remove(partition.partition()));
    }

    /** The event at an offset, if it is the one that failed; else null. */
    @Nullable
    TranscriptEvent at(int partition, long offset) {
        Failed failed = byPartition.get(partition);
        return failed == null || failed.rewinds || failed.offset != offset ? null : failed.event;
    }

    /** Whether a record comes again, once the event before it is through. */
    boolean comesAgain(int partition) {
        Failed failed = byPartition.get(partition);
        return failed != null && failed.rewinds;
    }

    /** The offset of the event that the route has failed on; null where there is none. */
    @Nullable
    Long offset(int partition) {
        Failed failed = byPartition.get(partition);
        return failed == null ? null : failed.offset;
    }

    /** Before each poll: pauses the partitions that wait, and rewinds those whose wait is over. */
    void steer(Consumer<?, ?> consumer, String topic) {
        byPartition.forEach((number, failed) -> {
            TopicPartition partition = new TopicPartition(topic, number);
            if (!failed.rewinds || !consumer.assignment().contains(partition)) {
                return;
            }
            if (System.nanoTime() - failed.notBeforeNanos < 0) {
                consumer.pause(List.of(partition));
            } else {
                consumer.seek(partition, failed.offset);
                consumer.resume(List.of(partition));
                failed.rewinds = false;
            }
        });
    }
}
