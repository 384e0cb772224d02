package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CidrList;
import io.rtaa.call.Handshake;
import io.rtaa.call.PeerKind;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutsideAddressTest {

    private static final OutsideAddress BY_HEADERS = new OutsideAddress(null, CidrList.parse("10.0.0.0/8"));

    @Test
    void publicUrlDecidesAloneWhereItIsSet() {
        OutsideAddress secure = new OutsideAddress(PublicUrl.parse("https://example.org/rtaa"), CidrList.NONE);
        OutsideAddress plain = new OutsideAddress(PublicUrl.parse("http://example.org:8080"), CidrList.NONE);

        assertThat(secure.websockets(request("192.0.2.1", "host: other"), false))
                .contains("wss://example.org/rtaa");
        assertThat(plain.websockets(request("192.0.2.1"), true)).contains("ws://example.org:8080");
    }

    @Test
    void elseTheHostThatWasAskedCounts() {
        assertThat(BY_HEADERS.websockets(request("192.0.2.1", "host: example.org:8080"), false))
                .contains("ws://example.org:8080");
        assertThat(BY_HEADERS.websockets(request("192.0.2.1", "host: [2001:db8::1]:8443"), true))
                .contains("wss://[2001:db8::1]:8443");
        for (String bad : new String[] {"", "a b", "user:secret@host", "a/b", "?"}) {
            assertThat(BY_HEADERS.websockets(request("192.0.2.1", "host: " + bad), false))
                    .as(bad)
                    .isEmpty();
        }
        assertThat(BY_HEADERS.websockets(request("192.0.2.1"), false)).isEmpty();
    }

    @Test
    void whatATrustedProxyForwardsCountsAndWhatAnybodyElseDoesNot() {
        String[] headers = {
            "host: 10.0.0.9:8080",
            "x-forwarded-host: example.org, inner",
            "x-forwarded-proto: https, http",
            "x-forwarded-prefix: /outer, /rtaa"
        };

        assertThat(BY_HEADERS.websockets(request("10.0.0.1", headers), false)).contains("wss://example.org/rtaa");
        assertThat(BY_HEADERS.websockets(request("192.0.2.1", headers), false)).contains("ws://10.0.0.9:8080");
        assertThat(BY_HEADERS.websockets(
                        request("10.0.0.1", "host: h", "x-forwarded-proto: http", "x-forwarded-prefix: /../x"), true))
                .contains("ws://h");
        assertThat(BY_HEADERS.websockets(request("10.0.0.1", "host: h"), true)).contains("wss://h");
    }

    private static Handshake request(String remote, String... headers) {
        return Handshake.of(
                PeerKind.CALLER,
                "/v1/exotel/stream-url",
                null,
                remote,
                Arrays.stream(headers)
                        .map(header -> header.split(":", 2))
                        .map(parts -> Map.entry(parts[0], parts[1].strip()))
                        .toList(),
                false);
    }
}
