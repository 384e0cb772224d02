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

    /** The only event; with several, {@link #several} has all. Nearly every message is one frame of audio. */
    private @Nullable LegEvent event;

    private @Nullable List<LegEvent> several;
    private @Nullable SocketReply reply;

    /** Adds what happened to a leg. */
    void add(LegEvent added) {
        if (event == null) {
            event = added;
        } else {
            several = several == null ? new ArrayList<>(List.of(event)) : several;
            several.add(added);
        }
    }

    /** Answers the caller, after what the same message was answered with so far. */
    public void answer(SocketReply next) {
        reply = reply == null ? next : reply.then(next);
    }

    /** What happened, as routes get it: a {@link LegEvent}, a list of them where there are several, or null. */
    @Nullable
    Object events() {
        return several == null ? event : several;
    }

    /** The answer to the caller; null where there is none. */
    @Nullable
    SocketReply reply() {
        return reply;
    }
}
