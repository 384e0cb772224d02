package io.rtaa.telephony;

import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.routes.HandshakeExchange;
import io.rtaa.routes.LimitMeters;
import io.rtaa.routes.LimitMeters.Limit;
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
    private final LimitMeters meters;

    /** @param meters counts what is refused for want of a place */
    public AdmissionStep(LiveLegs liveLegs, LimitMeters meters) {
        this.liveLegs = liveLegs;
        this.meters = meters;
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
        String reason;
        if (liveLegs.isDraining()) {
            reason = "this process is stopping and takes no new calls";
        } else {
            reason = "this process has as many calls as it takes (MAX_CALLS)";
            meters.refused(Limit.CALLS, attempt.handshake().remoteAddress());
        }
        attempt.refuse(exchange, new Refused(UNAVAILABLE, reason, RETRY_AFTER));
    }
}
