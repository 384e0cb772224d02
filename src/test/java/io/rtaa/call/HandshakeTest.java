package io.rtaa.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,[]",
                "'',[]",
                "b=1&xa=2&A=3,[]",
                "b=1&a=2&a=3,'[2, 3]'",
                "a=one%20and+two%26%3D,[one and two&=]",
                "%61=x=y,[x=y]",
                "a&a=,'[, ]'",
                "a=100%,[100%]"
            })
    void readsTheValuesOfAParameterOfAQuery(@Nullable String query, String values) {
        assertThat(Handshake.queryValues(query, "a")).hasToString(values);
    }

    @Test
    void gathersTheHeadersOfARequestByLowerCaseName() {
        Handshake handshake = Handshake.of(
                PeerKind.CALLER,
                "/",
                "a=b&token=one%20two&c",
                "192.0.2.1",
                List.of(Map.entry("X-One", "1"), Map.entry("x-two", "2"), Map.entry("X-ONE", "3")),
                false);

        assertThat(handshake.headers())
                .containsExactly(Map.entry("x-one", List.of("1", "3")), Map.entry("x-two", List.of("2")));
        assertThat(handshake.header("x-one")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,-,-",
                "'',-,-",
                "a=b,a=b,-",
                "a=b&token=one%20two&c,a=b&c,one two",
                "token=one&token=two,-,one",
                "%74oken=one&a=%74,a=%74,one",
                "token,-,''",
                "tokens=one,tokens=one,-"
            })
    void keepsTheTokenOutOfTheQuery(@Nullable String query, @Nullable String rest, @Nullable String token) {
        Handshake handshake = Handshake.of(PeerKind.CALLER, "/", query, "192.0.2.1", List.of(), true);

        assertThat(handshake.query()).isEqualTo(rest);
        assertThat(handshake.queryToken()).isEqualTo(token);
        assertThat(handshake.toString()).isEqualTo("Handshake[/ from 192.0.2.1]");
    }
}
