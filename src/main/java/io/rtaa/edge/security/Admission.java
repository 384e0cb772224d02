package io.rtaa.edge.security;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import java.util.Optional;

/**
 * Says whether there is room for one more, after its credentials proved good: empty, or 503 while full or draining.
 *
 * <p>Thread-safety: called from any event loop, must not block.
 */
@FunctionalInterface
public interface Admission {
    /** Always room. */
    Admission UNLIMITED = Optional::empty;

    /** Takes a place; an objection where there is none. */
    Optional<Refused> objection();

    /** Gives back the place of a granted handshake that became no connection. */
    default void release() {}

    /**
     * The verdict on a handshake whose credentials were judged. A websocket that is granted takes a place; a plain
     * request, which is answered and gone, takes none.
     */
    default Verdict judge(Handshake handshake, Verdict verdict) {
        if (!(verdict instanceof Granted granted) || !handshake.isUpgrade()) {
            return verdict;
        }
        Optional<Refused> objection = objection();
        return objection.isPresent()
                ? objection.get()
                : new Granted(granted.principal(), granted.subprotocol(), this::release);
    }
}
