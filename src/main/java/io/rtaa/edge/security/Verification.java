package io.rtaa.edge.security;

import java.time.Instant;
import java.util.Map;

/** What came of looking at a token. */
public sealed interface Verification {

    /**
     * The token is good.
     *
     * @param claims what it says, by name; objects of JSON are maps
     * @param expiresAt when it stops being good
     */
    record Verified(Map<String, Object> claims, Instant expiresAt) implements Verification {}

    /**
     * The token proves nothing.
     *
     * @param reason what is wrong, for the peer to read; holds no part of the token
     */
    record Rejected(String reason) implements Verification {}

    /**
     * Nothing can be said about the token, as the key that it names could not be fetched.
     *
     * @param reason why, for the peer to read; holds no part of the token
     */
    record Unavailable(String reason) implements Verification {}
}
