package io.rtaa.edge.limits;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A rate for each of many keys: so many at once, and as many again while a time passes.
 *
 * <p>At most {@value #MAX_KEYS} keys are remembered, those used last. A key that is forgotten begins anew. For that to
 * happen to a key, {@value #MAX_KEYS} other ones have to come between two of its uses, each counted for itself.
 *
 * <p>Thread-safety: safe; holds a lock for a look-up only.
 */
public final class KeyedRate {

    /** About 10 MB of memory, all in use. */
    static final int MAX_KEYS = 20_000;

    private final int most;
    private final Duration refill;
    private final TimeMeter clock;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_KEYS;
        }
    };

    /**
     * By the system's clock.
     *
     * @param most how many there may be of a key at once; 0 for any number
     * @param refill in which time as many again are allowed
     */
    public KeyedRate(int most, Duration refill) {
        this(most, refill, TimeMeter.SYSTEM_NANOTIME);
    }

    public KeyedRate(int most, Duration refill, TimeMeter clock) {
        this.most = most;
        this.refill = refill;
        this.clock = clock;
    }

    /** One more of a key: zero where it is allowed, else how long until one will be. */
    public Duration take(String key) {
        if (most == 0) {
            return Duration.ZERO;
        }
        ConsumptionProbe probe = bucket(key).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    /** One that was taken of a key does not count. */
    public void giveBack(String key) {
        if (most > 0) {
            bucket(key).addTokens(1);
        }
    }

    private synchronized Bucket bucket(String key) {
        return buckets.computeIfAbsent(
                key,
                added -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(most).refillGreedy(most, refill))
                        .withCustomTimePrecision(clock)
                        .build());
    }

    /** How many keys are remembered. */
    synchronized int size() {
        return buckets.size();
    }
}
