package io.rtaa.asr;

import io.rtaa.call.KeepAlive;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/**
 * Lists a {@link KeepAlive} for each stream that this process recognises and of which it published nothing for a while,
 * not even that.
 *
 * <p>Thread-safety: one evaluation at a time.
 */
public final class QuietCalls extends ExpressionAdapter {

    private final AsrComponent asr;
    private final Duration quietAfter;

    /** @param quietAfter how long nothing was published of a stream that is listed */
    public QuietCalls(AsrComponent asr, Duration quietAfter) {
        this.asr = asr;
        this.quietAfter = quietAfter;
    }

    @Override
    public Object evaluate(Exchange exchange) {
        return asr.keepAlives(quietAfter);
    }

    @Override
    public String toString() {
        return "quietCalls";
    }
}
