package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CidrList;
import io.rtaa.call.Handshake;
import io.rtaa.call.PeerKind;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginPolicyTest {

    private static final CidrList PROXIES = CidrList.parse("10.0.0.0/8");
    private static final String PROXY = "10.1.2.3";
    private static final String STRANGER = "192.0.2.1";

    private static final OriginPolicy BY_HOST = OriginPolicy.sameOrigin(null, PROXIES);
    private static final OriginPolicy BY_URL =
            OriginPolicy.sameOrigin(PublicUrl.parse("https://rtaa.example/calls"), PROXIES);

    private static Handshake request(String from, String... namesAndValues) {
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i].toLowerCase(Locale.ROOT), List.of(namesAndValues[i + 1]));
        }
        return new Handshake(PeerKind.VIEWER, "/v1/transcripts", null, null, from, headers, true);
    }

    @ParameterizedTest
    @CsvSource({
        "http://rtaa.example,         rtaa.example,        true",
        "https://rtaa.example:8443,   rtaa.example,        true",
        "https://RTAA.example,        rtaa.EXAMPLE:443,    true",
        "http://my_app:8080,          my_app:8080,         true",
        "http://[2001:db8::1]:8080,   [2001:db8:0:0::1],   true",
        "http://[2001:db8::2]:8080,   [2001:db8::1]:8080,  false",
        "https://rtaa.example.,       rtaa.example,        true",
        "https://rtaa.example,        rtaa.example.:8443,  true",
        "https://rtaa.example..,      rtaa.example,        false",
        "https://rtaa.example@evil.example, rtaa.example,  false",
        "https://127.0.0.1,           127.0.0.1:8080,      true",
        "https://evil.example,        rtaa.example,        false",
        "https://rtaa.example.evil,   rtaa.example,        false",
        "https://rtaa.example,        10.0.0.5:8080,       false",
        "null,                        rtaa.example,        false",
        "chrome-extension://rtaa,     rtaa,                false",
        "https://a b,                 rtaa.example,        false",
        "https://rtaa.example,        a b,                 false"
    })
    void aPageMayConnectToTheHostItCameFrom(String origin, String host, boolean may) {
        assertThat(BY_HOST.objection(request(STRANGER, "Origin", origin, "Host", host))
                        .isEmpty())
                .isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({
        "https://rtaa.example,      true",
        "https://rtaa.example:443,  true",
        "https://RTAA.example.,     true",
        "HTTPS://rtaa.example,      true",
        "null,                      false",
        "http://rtaa.example,       false",
        "https://rtaa.example:8443, false",
        "http://10.0.0.5:8080,      false"
    })
    void aPublicUrlDecidesAloneAndInFull(String origin, boolean may) {
        Handshake handshake = request(STRANGER, "Origin", origin, "Host", "10.0.0.5:8080");
        assertThat(BY_URL.objection(handshake).isEmpty()).isEqualTo(may);
        if (!may) {
            assertThat(BY_URL.objection(handshake).orElseThrow())
                    .contains("allowed: pages of https://rtaa.example, as");
        }
    }

    @Test
    void aForwardedHostCountsFromATrustedProxyAndThenItsFirst() {
        String origin = "https://rtaa.example";
        assertThat(BY_HOST.objection(
                        request(PROXY, "Origin", origin, "Host", "10.0.0.5", "X-Forwarded-Host", "rtaa.example")))
                .isEmpty();
        assertThat(BY_HOST.objection(request(
                        PROXY, "Origin", origin, "Host", "in", "X-Forwarded-Host", "rtaa.example:8443, inner:80")))
                .isEmpty();
        assertThat(BY_HOST.objection(request(
                        PROXY, "Origin", origin, "Host", "rtaa.example", "X-Forwarded-Host", "other, rtaa.example")))
                .isPresent();
        assertThat(BY_HOST.objection(
                        request(STRANGER, "Origin", origin, "Host", "10.0.0.5", "X-Forwarded-Host", "rtaa.example")))
                .get()
                .asString()
                .contains("PUBLIC_URL", "X-Forwarded-Host", "TRUSTED_PROXIES")
                .doesNotContain("10.0.0.5");
    }

    @Test
    void withoutAnOriginOrWithAuthenticationOffOnPurposeEverythingPasses() {
        assertThat(BY_URL.objection(request(STRANGER, "Host", "10.0.0.5"))).isEmpty();
        assertThat(BY_HOST.objectionWithoutCredential(request(STRANGER))).isEmpty();
        OriginPolicy any = OriginPolicy.anyOrigin();
        for (String origin : List.of("https://evil.example", "null", "?")) {
            Handshake foreign = request(STRANGER, "Origin", origin, "Host", "rtaa.example");
            assertThat(any.objection(foreign)).isEmpty();
            assertThat(any.objectionWithoutCredential(foreign)).isEmpty();
            assertThat(any.objectionToReader(foreign)).isEmpty();
        }
    }

    @Test
    void withoutACredentialOnlyLoopbackAndThePublicUrlMayRead() {
        Handshake local = request(STRANGER, "Origin", "http://localhost:8080", "Host", "localhost:8080");
        assertThat(BY_HOST.objectionToReader(local)).isEmpty();
        Handshake ownName = request(STRANGER, "Origin", "http://rtaa.example", "Host", "rtaa.example");
        assertThat(BY_HOST.objectionToReader(ownName)).isPresent();
        Handshake noOrigin = request(STRANGER, "Host", "rtaa.example");
        assertThat(BY_HOST.objectionToReader(noOrigin)).isPresent();
        assertThat(BY_URL.objectionToReader(noOrigin)).isEmpty();
        Handshake rewritten = request(STRANGER, "Origin", "https://rtaa.example", "Host", "127.0.0.1:8080");
        assertThat(BY_URL.objectionToReader(rewritten)).isEmpty();
        assertThat(BY_URL.objectionWithoutCredential(rewritten)).isEmpty();
        Handshake rebound = request(STRANGER, "Origin", "http://evil.example", "Host", "evil.example");
        assertThat(BY_URL.objectionToReader(rebound)).isPresent();
    }
}
