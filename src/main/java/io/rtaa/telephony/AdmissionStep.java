package io.rtaa.telephony;

import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.routes.HandshakeExchange;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The last step of a caller's handshake route: takes one of the places of {@code MAX_CALLS} for the connection, or refuses
 * while there is none or the process is stopping. A request that becomes no connection takes none.
 *
 * <p>Thread-safety: any thread; never blocks.
 */
public final class AdmissionStep implements Processor {

    private static final int UNAVAILABLE = 503;

    /** A call ends every few seconds on a full process, and a stopping one is soon replaced. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final LiveLegs liveLegs;

    public AdmissionStep(LiveLegs liveLegs) {
        this.liveLegs = liveLegs;
    }

    @Override
    public void process(Exchange exchange) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        if (!attempt.handshake().isUpgrade()) {
            return;
        }
        if (liveLegs.tryAdmit()) {
            attempt.hold(liveLegs::release);
            return;
        }
        String reason = liveLegs.isDraining()
                ? "this process is stopping and takes no new calls"
                : "this process has as many calls as it takes (MAX_CALLS)";
        attempt.refuse(exchange, new Refused(UNAVAILABLE, reason, RETRY_AFTER));
    }
}
