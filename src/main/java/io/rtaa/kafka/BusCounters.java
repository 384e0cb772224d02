package io.rtaa.kafka;

import io.rtaa.kafka.TranscriptFence.Verdict;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the bus counts, since the process started.
 *
 * <p>Thread-safety: safe.
 */
final class BusCounters {

    private static final Logger LOG = LoggerFactory.getLogger(BusCounters.class);

    /** What goes over the bus. */
    enum Kind {
        AUDIO,
        TRANSCRIPTS,
        PARTIALS
    }

    private final Map<Kind, LongAdder> published = adders(Kind.class);
    private final Map<Kind, LongAdder> publishNanos = adders(Kind.class);
    private final Map<Kind, LongAdder> failed = adders(Kind.class);
    private final Map<Kind, LongAdder> consumed = adders(Kind.class);
    private final Map<Verdict, LongAdder> verdicts = adders(Verdict.class);
    private final LongAdder reclaimed = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder unreadable = new LongAdder();

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> kinds) {
        Map<E, LongAdder> adders = new EnumMap<>(kinds);
        for (E kind : kinds.getEnumConstants()) {
            adders.put(kind, new LongAdder());
        }
        return adders;
    }

    /** A message went out, so long after it was handed over. */
    void published(Kind kind, long nanos) {
        add(published, kind, 1);
        add(publishNanos, kind, nanos);
    }

    /** A message did not go out; whoever sent it tries again. */
    void failed(Kind kind) {
        add(failed, kind, 1);
    }

    /** A message came in. */
    void consumed(Kind kind) {
        add(consumed, kind, 1);
    }

    /** A record of transcripts or partials was judged. */
    void judged(Verdict verdict) {
        add(verdicts, verdict, 1);
    }

    /** A stream was taken over in mid-call. */
    void reclaimed() {
        reclaimed.increment();
    }

    /** The route of a sink failed on an event, which is offered to it again. */
    void retried() {
        retried.increment();
    }

    /** A record that makes no sense was passed over. */
    void unreadable(String topic, int partition, long offset, IllegalArgumentException why) {
        unreadable.increment();
        LOG.warn(
                "Passing over a record of {}, partition {}, offset {}: {}", topic, partition, offset, why.getMessage());
    }

    long publishedCount(Kind kind) {
        return sum(published, kind);
    }

    long publishNanos(Kind kind) {
        return sum(publishNanos, kind);
    }

    long failedCount(Kind kind) {
        return sum(failed, kind);
    }

    long consumedCount(Kind kind) {
        return sum(consumed, kind);
    }

    long count(Verdict verdict) {
        return sum(verdicts, verdict);
    }

    long reclaimedCount() {
        return reclaimed.sum();
    }

    long retriedCount() {
        return retried.sum();
    }

    long unreadableCount() {
        return unreadable.sum();
    }

    private static <E extends Enum<E>> void add(Map<E, LongAdder> adders, E kind, long number) {
        LongAdder adder = adders.get(kind);
        if (adder != null) {
            adder.add(number);
        }
    }

    private static <E extends Enum<E>> long sum(Map<E, LongAdder> adders, E kind) {
        LongAdder adder = adders.get(kind);
        return adder == null ? 0 : adder.sum();
    }
}
