package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.call.CidrList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a public URL may be, and the prefixes that proxies leave in paths. */
class PublicUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtaa.example",
                "wss://rtaa.example",
                "https://",
                "https://rtaa.example:0",
                "https://rtaa.example:99999",
                "https://user:secret@rtaa.example",
                "https://rtaa.example?secret",
                "https://rtaa.example/#secret",
                "https://rtaa.example/a b",
                "https://rtaa.example//evil.example",
                "https://rtaa.example/a/../b",
                "https://rtaa.example/%2e%2e",
                "https://rtaa.example/<script>",
                "https://rtaa.example/api",
                "https://rtaa.example/v1/x"
            })
    void aPublicUrlThatCannotWorkIsRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> PublicUrl.parse(text))
                .hasMessageContaining("; allowed: http:// or https://, a host")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "https://rtaa.example,               https://rtaa.example",
        "https://rtaa.example:443/,          https://rtaa.example",
        "HTTP://My_App:8080/a/b.c/,          http://my_app:8080/a/b.c",
        "https://[2001:DB8::1]:8443/rtaa,    https://[2001:db8::1]:8443/rtaa"
    })
    void aPublicUrlIsReadWithOrWithoutItsLastSlash(String text, String read) {
        assertThat(PublicUrl.parse(text)).hasToString(read);
    }

    @Test
    void aPathOfThousandsOfSegmentsIsRead() {
        String segments = "/a".repeat(20_000);

        assertThat(PublicUrl.parse("https://rtaa.example" + segments).path()).isEqualTo(segments);
        assertThat(PublicUrl.prefix(segments)).isEqualTo(segments);
    }

    @ParameterizedTest
    @CsvSource({
        "/calls,                10.1.2.3,   '',           /calls",
        "/calls/v1/transcripts, 10.1.2.3,   '',           /calls",
        "/callsigns,            10.1.2.3,   '',           ''",
        "/api/calls,            10.1.2.3,   '',           ''",
        "/rtaa/api/calls,       10.1.2.3,   /rtaa,        /rtaa",
        "/rtaa/api/calls,       10.1.2.3,   '/a, /rtaa/', /rtaa",
        "/a/api/calls,          10.1.2.3,   '/a, /rtaa',  ''",
        "/rtaa/api/calls,       192.0.2.1,  /rtaa,        ''",
        "/api/calls,            10.1.2.3,   /api,         ''",
        "/api/calls,            10.1.2.3,   /,            ''",
        "/x/../api/calls,       10.1.2.3,   /x/..,        ''",
        "//evil.example/app.js, 10.1.2.3,   //evil.example, ''"
    })
    void aPrefixThatAProxyLeavesInThePathIsFound(String path, String from, String forwarded, String prefix) {
        PathPrefixes prefixes =
                new PathPrefixes(PublicUrl.parse("https://rtaa.example/calls"), CidrList.parse("10.0.0.0/8"));
        List<String> values = forwarded.isEmpty() ? List.of() : List.of(forwarded);
        assertThat(prefixes.of(path, from, values).orElse("")).isEqualTo(prefix);
    }
}
