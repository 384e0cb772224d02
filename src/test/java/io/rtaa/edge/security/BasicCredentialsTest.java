package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BasicCredentialsTest {

    @Test
    void pairsAreSeparatedByCommasOrLines() {
        BasicCredentials pairs = BasicCredentials.parse(" a:1\r\nb:2 ,\n c:3\n");

        assertThat(pairs).hasToString("BasicCredentials[3]");
        for (String pair : List.of("a:1", "b:2", "c:3")) {
            assertThat(pairs.check(HandshakeRoutes.basic(pair).substring(6))).isEqualTo(pair.substring(0, 1));
        }
        assertThat(pairs.check(HandshakeRoutes.basic("a:2").substring(6))).isNull();
        assertThatThrownBy(() -> BasicCredentials.parse("a:1\n\nb")).hasMessageContaining("pair 2");
    }

    @Test
    void showsNothingOfItsPairs() {
        assertThat(HandshakeRoutes.BASIC).hasToString("BasicCredentials[2]");
        assertThatThrownBy(() -> BasicCredentials.parse("a:b,secret"))
                .hasMessageContaining("pair 2")
                .hasMessageNotContaining("secret");
    }
}
