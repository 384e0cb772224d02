package io.rtaa.security;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says whether there is room for one more, after its credentials proved good: empty, or 503 while full or draining.
 *
 * <p>Thread-safety: called from any event loop, must not block.
 */
@FunctionalInterface
public interface Admission {
    /** Always room. */
    Admission UNLIMITED = Optional::empty;

    Optional<Refused> objection();

    /**
     * The verdict on a handshake whose credentials were judged. A websocket that is granted takes a place; a plain
     * request, which is answered and gone, takes none.
     */
    default Verdict judge(Handshake handshake, Verdict verdict) {
        return verdict instanceof Verdict.Granted && handshake.isUpgrade()
                ? objection().<Verdict>map(Function.identity()).orElse(verdict)
                : verdict;
    }
}
