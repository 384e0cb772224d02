package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BasicCredentialsTest {

    @Test
    void showsNothingOfItsPairs() {
        assertThat(HandshakeRoutes.BASIC).hasToString("BasicCredentials[2]");
        assertThatThrownBy(() -> BasicCredentials.parse("a:b,secret"))
                .hasMessageContaining("pair 2")
                .hasMessageNotContaining("secret");
    }
}
