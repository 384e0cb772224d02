package io.rtaa.attack;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * What is attacked, and what the attacker has.
 *
 * @param port of the public listener, on loopback
 * @param basic {@code KEY:TOKEN} of a caller: an attacker from inside
 * @param publicKeyPem the key that verifies tokens, which is no secret
 * @param foreignToken a viewer's token in all its parts, signed by a key that the service does not know
 * @param patience how long an attack goes on that holds something open
 */
record Target(int port, String basic, String publicKeyPem, String foreignToken, Duration patience) {

    /** The header of the caller whose credentials the attacker has. */
    Map<String, String> asCaller() {
        return basic(basic);
    }

    static Map<String, String> basic(String pair) {
        return Map.of(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }
}
