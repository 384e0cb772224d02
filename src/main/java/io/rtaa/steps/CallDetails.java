package io.rtaa.steps;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.StreamId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Says of each message of a call's audio which call it is of: sets the exchange property {@value #PROPERTY} to the
 * {@link CallInfo} that came with the call's start. An expression reads it, as in <code>
 * ${exchangeProperty.RtaaCall?.to}</code>. It is not set where the start was never here. Stands in a route from <code>
 * {{rtaa.bus.audio}}</code>.
 *
 * <p>It remembers the {@value #MOST_CALLS} calls of which something came last, those that have ended among them: what
 * comes late, or once more, goes the same way as all before it. A live call says at least every five seconds that it is
 * there.
 *
 * <p>Thread-safety: safe.
 */
public final class CallDetails implements Processor {

    /** The exchange property. */
    public static final String PROPERTY = "RtaaCall";

    /** How many calls are remembered: ten times those that one process takes by default. */
    static final int MOST_CALLS = 20_000;

    private final Map<StreamId, CallInfo> calls = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, CallInfo> eldest) {
            return size() > MOST_CALLS;
        }
    };

    @Override
    public void process(Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof AudioMessage message) {
            CallInfo info = info(message);
            if (info != null) {
                exchange.setProperty(PROPERTY, info);
            }
        }
    }

    private synchronized @Nullable CallInfo info(AudioMessage message) {
        if (message instanceof CallStart start) {
            calls.put(start.stream(), start.info());
        } else if (message instanceof CallResume resume) {
            calls.put(resume.stream(), resume.info());
        }
        return calls.get(message.stream());
    }
}
