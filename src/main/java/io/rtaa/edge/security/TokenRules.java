package io.rtaa.edge.security;

import org.jspecify.annotations.Nullable;

/**
 * What a token has to say, whoever signed it.
 *
 * @param issuer what its {@code iss} claim has to be, letter by letter; null where any or none will do
 * @param audience what its {@code aud} claim has to be or hold; null where any or none will do
 */
public record TokenRules(@Nullable String issuer, @Nullable String audience) {

    /** Takes tokens of any issuer for any audience. */
    public static final TokenRules ANY = new TokenRules(null, null);
}
