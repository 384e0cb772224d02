package io.rtaa.config;

import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.edge.security.Admission;
import io.rtaa.telephony.LiveLegs;
import java.time.Duration;
import java.util.Optional;

/** Lets callers in while there is room for one more and the process is not stopping. */
record RoomForCalls(LiveLegs liveLegs) implements Admission {

    /** A call ends every few seconds on a full process, and a stopping one is soon replaced. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    @Override
    public Optional<Refused> objection() {
        if (liveLegs.tryAdmit()) {
            return Optional.empty();
        }
        String reason = liveLegs.isDraining()
                ? "this process is stopping and takes no new calls"
                : "this process has as many calls as it takes (MAX_CALLS)";
        return Optional.of(new Refused(503, reason, RETRY_AFTER));
    }

    @Override
    public void release() {
        liveLegs.release();
    }
}
