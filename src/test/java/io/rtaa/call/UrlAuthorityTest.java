package io.rtaa.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlAuthorityTest {

    @ParameterizedTest
    @CsvSource({
        "ws://my_app, , my_app, -1",
        "ws://my_app:8080/v1?a=b, , my_app, 8080",
        "ws://my_app:/, , my_app, -1",
        "wss://K_1:a%40b@my_app.ns_1.svc:443/, K_1:a@b, my_app.ns_1.svc, 443",
        "ws://example.org:81, , example.org, 81",
        "ws://u:p@[::1]:82/, u:p, [::1], 82",
        "//my_app, , my_app, -1"
    })
    void namesMayHaveAnUnderscore(URI url, String userInfo, String host, int port) {
        assertThat(UrlAuthority.of(url)).isEqualTo(new UrlAuthority(userInfo, host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws:/v1", "ws:v1", "ws://my_app:99x", "ws://a,b", "ws://a_b:123456"})
    void aUrlWithoutAHostHasNone(URI url) {
        assertThat(UrlAuthority.of(url)).isNull();
    }

    @Test
    void aPasswordIsNotShown() {
        assertThat(UrlAuthority.of(URI.create("ws://user:hunter2@my_app:1"))).hasToString("my_app:1");
    }
}
