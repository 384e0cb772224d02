package io.rtaa.edge.security;

import io.rtaa.call.Principal;
import java.time.Instant;

/** What came of looking at a token. */
public sealed interface Verification {

    /**
     * The token is good.
     *
     * @param principal whom it names
     * @param expiresAt when it stops being good
     */
    record Verified(Principal principal, Instant expiresAt) implements Verification {}

    /**
     * The token proves nothing.
     *
     * @param reason what is wrong, for the peer to read; holds no part of the token
     */
    record Rejected(String reason) implements Verification {}
}
