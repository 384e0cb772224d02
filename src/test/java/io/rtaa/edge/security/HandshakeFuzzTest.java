package io.rtaa.edge.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CidrList;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Role;
import io.rtaa.fuzz.Mutations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Whatever headers and query a peer sends, the routes of the handshakes come to a verdict, and damage opens no door. */
class HandshakeFuzzTest {

    private static final List<String> HEADERS = List.of(
            "authorization",
            "sec-websocket-protocol",
            "origin",
            "host",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "cookie");

    private static final String TOKEN = HandshakeRoutes.token(Role.VIEWER, "acme");
    private static final List<byte[]> SEEDS = Stream.of(
                    HandshakeRoutes.basic("wrong:pair"),
                    "Bearer e30.e30.e30",
                    "Bearer " + TOKEN,
                    "bearer, " + TOKEN,
                    "bearer",
                    "http://example.org:8080",
                    "null",
                    "[::1]:8080",
                    "203.0.113.9, 127.0.0.1",
                    "token=" + TOKEN + "&token=x&sample-rate=8000")
            .map(text -> text.getBytes(UTF_8))
            .toList();

    /** As much of a header as reaches a route at the most, many times over. */
    private static final int LARGE = 256 * 1024;

    private static HandshakeRoutes routes;

    @BeforeContainer
    static void start() throws Exception {
        routes = guarded();
    }

    private static HandshakeRoutes guarded() throws Exception {
        CidrList everyone = CidrList.parse("0.0.0.0/0,::/0");
        return HandshakeRoutes.with(
                new IpAllowList(everyone, everyone), HandshakeRoutes.BASIC, HandshakeRoutes.tokens());
    }

    @AfterContainer
    static void stop() {
        routes.close();
    }

    private static String text(Random random) {
        return new String(Mutations.mutated(SEEDS, random), random.nextBoolean() ? UTF_8 : ISO_8859_1);
    }

    @Property(seed = "1", shrinking = ShrinkingMode.OFF)
    void everyHandshakeGetsAVerdict(@ForAll long number) {
        Random random = Mutations.random(number);
        Map<String, List<String>> headers = new HashMap<>();
        for (String header : HEADERS) {
            if (random.nextInt(3) == 0) {
                headers.put(header, List.of(text(random)));
            }
        }
        String query = random.nextBoolean() ? null : text(random);

        for (Verdict verdict :
                List.of(routes.exotel(query, headers), routes.caller(headers), routes.viewer(query, headers))) {
            assertIsDocumented(verdict);
        }
    }

    private static void assertIsDocumented(Verdict verdict) {
        if (verdict instanceof Granted granted) {
            granted.release().run();
            // Only the token is good, and what is not changed by damage around it.
            assertThat(granted.principal().role()).isEqualTo(Role.VIEWER);
            assertThat(granted.principal().name()).isEqualTo("tester");
            assertThat(granted.principal().tenantId()).isEqualTo("acme");
        } else if (verdict instanceof Refused refused) {
            assertThat(refused.status()).isIn(401, 403, 429, 503);
            assertThat(refused.reason()).isNotBlank();
            assertThat(refused.reason() + refused.challenge()).doesNotContain(TOKEN.substring(TOKEN.lastIndexOf('.')));
        }
    }

    /** Time that grows with the square of a header's length would be minutes here. */
    @Test
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void aLargeHeaderTakesTimeInProportion() throws Exception {
        try (HandshakeRoutes own = guarded()) {
            for (String piece :
                    List.of(" ", "\t,", ",", "a", "a ", ".", "=", "[", ":", "/a", "1.", "%41", "bearer, ")) {
                String value = "bearer" + piece.repeat(LARGE / piece.length()) + "x";
                for (String header : HEADERS) {
                    Map<String, List<String>> headers = Map.of(header, List.of(value));
                    assertIsDocumented(own.caller(headers));
                    assertIsDocumented(own.viewer(value, headers));
                }
            }
        }
    }
}
