package io.rtaa.telephony;

import io.rtaa.call.LegEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What comes of one message of a caller: events of its legs, in order, and what the caller is answered.
 *
 * <p>Thread-safety: none; for one message.
 */
public final class Outcome {

    private final List<LegEvent> events = new ArrayList<>(1);
    private @Nullable SocketReply reply;

    /** Adds what happened to a leg. */
    void add(LegEvent event) {
        events.add(event);
    }

    /** Answers the caller, after what the same message was answered with so far. */
    public void answer(SocketReply next) {
        reply = reply == null ? next : reply.then(next);
    }

    /** What happened, as routes get it: a {@link LegEvent}, a list of them where there are several, or null. */
    @Nullable
    Object events() {
        return switch (events.size()) {
            case 0 -> null;
            case 1 -> events.get(0);
            default -> events;
        };
    }

    /** What the caller is told now; null for nothing. */
    @Nullable
    SocketReply reply() {
        return reply;
    }
}
