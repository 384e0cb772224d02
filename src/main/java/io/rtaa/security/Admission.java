package io.rtaa.security;

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

    Optional<Refused> objection();
}
