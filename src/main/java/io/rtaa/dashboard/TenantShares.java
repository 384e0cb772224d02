package io.rtaa.dashboard;

import io.rtaa.call.StreamId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One value for each stream, in the order in which they were put. It knows how much each tenant has, so that a book
 * which is full drops what belongs to the tenant that fills it.
 *
 * <p>Thread-safety: none of its own; {@link CallBook} guards it with its lock.
 */
final class TenantShares<V> {

    private final Map<StreamId, V> values = new LinkedHashMap<>();
    private final Map<String, Share<V>> shares = new HashMap<>();
    private final ToLongFunction<V> sizeOf;
    private long bytes;

    /** What one tenant has, in the order in which it was put. */
    private static final class Share<V> {
        private final Map<StreamId, V> values = new LinkedHashMap<>();
        private long bytes;

        private long weight(boolean byBytes) {
            return byBytes ? bytes : values.size();
        }
    }

    /** @param sizeOf about how much heap a value takes, bytes; it must not change between put and remove */
    TenantShares(ToLongFunction<V> sizeOf) {
        this.sizeOf = sizeOf;
    }

    /** Puts a value behind all others. The stream must have none. */
    void put(StreamId stream, V value) {
        values.put(stream, value);
        Share<V> share = shares.computeIfAbsent(stream.tenantId(), tenant -> new Share<>());
        share.values.put(stream, value);
        long size = sizeOf.applyAsLong(value);
        share.bytes += size;
        bytes += size;
    }

    /** @return what the stream had; null for nothing */
    @Nullable
    V remove(StreamId stream) {
        V value = values.remove(stream);
        Share<V> share = shares.get(stream.tenantId());
        if (value == null || share == null) {
            return null;
        }
        share.values.remove(stream);
        if (share.values.isEmpty()) {
            shares.remove(stream.tenantId());
        }
        long size = sizeOf.applyAsLong(value);
        share.bytes -= size;
        bytes -= size;
        return value;
    }

    /** @return null where the stream has no value */
    @Nullable
    V get(StreamId stream) {
        return values.get(stream);
    }

    /** @return the value that was put first of all; null where there are none */
    @Nullable
    V first() {
        return values.isEmpty() ? null : values.values().iterator().next();
    }

    /** The streams in their order, as they are now and later. */
    Collection<StreamId> streams() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** The values in their order, as they are now and later. */
    Collection<V> values() {
        return Collections.unmodifiableCollection(values.values());
    }

    int size() {
        return values.size();
    }

    long bytes() {
        return bytes;
    }

    /**
     * The value that was put first by the tenant with most of all.
     *
     * @param byBytes whether the tenant with most bytes is meant, not that with most values
     * @return null where there are no values
     */
    @Nullable
    V firstOfTenantWithMost(boolean byBytes) {
        Share<V> largest = null;
        for (Share<V> share : shares.values()) {
            if (largest == null || share.weight(byBytes) > largest.weight(byBytes)) {
                largest = share;
            }
        }
        return largest == null ? null : largest.values.values().iterator().next();
    }
}
