package io.rtaa.edge.limits;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many of something each of many keys has now, up to a limit. A key that has none is not remembered, so that there are
 * no more keys than what they hold.
 *
 * <p>Thread-safety: safe.
 */
final class KeyedCount {

    private final int most;
    private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();

    /** @param most how many one key may have; 0 for any number */
    KeyedCount(int most) {
        this.most = most;
    }

    /** One more of a key; false where it has as many as it may. Each that is taken is to be given back once. */
    boolean tryTake(String key) {
        if (most == 0) {
            return true;
        }
        boolean[] taken = {false};
        counts.compute(key, (any, count) -> {
            int had = count == null ? 0 : count;
            taken[0] = had < most;
            return taken[0] ? Integer.valueOf(had + 1) : count;
        });
        return taken[0];
    }

    /** One of a key is gone. */
    void giveBack(String key) {
        counts.computeIfPresent(key, (any, count) -> count == 1 ? null : count - 1);
    }

    /** How many keys have something. */
    int size() {
        return counts.size();
    }
}
