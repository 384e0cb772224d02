package io.rtaa.audio;

import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/**
 * When a window must close although it is not full, counted from its first frame. The aggregator restarts a group's timeout
 * with each frame for which this yields a time, so it yields one for the first frame only and 0, which leaves the running
 * timeout as it is, for the others.
 *
 * <p>Thread-safety: stateless.
 */
public final class WindowTimeout extends ExpressionAdapter {

    private final Long maxMillis;

    /**
     * @param minMillis see {@link WindowLengths}
     * @param maxMillis see {@link WindowLengths}
     */
    public WindowTimeout(int minMillis, int maxMillis) {
        this.maxMillis = (long) new WindowLengths(minMillis, maxMillis).maxMillis();
    }

    @Override
    public Object evaluate(Exchange incoming) {
        return incoming.getMessage().getBody() instanceof OpenWindow ? maxMillis : Long.valueOf(0);
    }

    @Override
    public String toString() {
        return "windowTimeout[" + maxMillis + " ms]";
    }
}
