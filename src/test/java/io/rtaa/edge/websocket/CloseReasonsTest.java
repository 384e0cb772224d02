package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CloseReasonsTest {

    @Test
    void cutsBetweenCharactersWhatDoesNotFitIntoACloseFrame() {
        assertThat(CloseReasons.fit(null)).isNull();
        assertThat(CloseReasons.fit("done")).isEqualTo("done");
        assertThat(CloseReasons.fit("x".repeat(1_000_000))).isEqualTo("x".repeat(123));
        assertThat(CloseReasons.fit("é".repeat(100))).isEqualTo("é".repeat(61));
        assertThat(CloseReasons.fit("🙂".repeat(40))).isEqualTo("🙂".repeat(30));
        assertThat(CloseReasons.fit("half \ud83d of a pair")).isEqualTo("half \ud83d of a pair");
    }
}
