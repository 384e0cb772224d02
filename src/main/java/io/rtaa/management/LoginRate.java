package io.rtaa.management;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how many wrong passwords an address may try: {@value #MOST} at once, and as many again in a minute. A log-in
 * takes one of them before its password is looked at, and gives it back where the password was right, so that many
 * tries at the same time get no more.
 *
 * <p>Thread-safety: safe.
 */
final class LoginRate {

    /** More than a person mistypes, far fewer than a guess needs. */
    static final int MOST = 10;

    static final Duration REFILL = Duration.ofMinutes(1);

    /** The most addresses that are remembered; the one that tried longest ago is forgotten first. */
    private static final int MAX_ADDRESSES = 10_000;

    private final TimeMeter clock;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    LoginRate(TimeMeter clock) {
        this.clock = clock;
    }

    /** A log-in begins: zero where it may go on, else how long until it may. */
    Duration take(String address) {
        ConsumptionProbe probe = bucket(address).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    /** The log-in was right: it does not count. */
    void giveBack(String address) {
        bucket(address).addTokens(1);
    }

    private synchronized Bucket bucket(String address) {
        return buckets.computeIfAbsent(
                address,
                added -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(MOST).refillGreedy(MOST, REFILL))
                        .withCustomTimePrecision(clock)
                        .build());
    }
}
