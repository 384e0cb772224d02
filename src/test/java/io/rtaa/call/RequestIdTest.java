package io.rtaa.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3f1c9a52-5b0e-4b8a-9e60-1f4a7a2b9c11",
                "0af7651916cd43dd8448eb211c80319c",
                "a",
                "lb-1:80/7+x=@_."
            })
    void takesWhatProxiesMake(String brought) {
        assertThat(RequestId.takenOrMade(brought)).isEqualTo(brought);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "a\"b", "a\nb", "é", "<script>", "a;b", "a,b"})
    void makesOneInPlaceOfWhatCouldForgeALogLineOrAHeader(String brought) {
        assertThat(RequestId.takenOrMade(brought)).isNotEqualTo(brought).hasSize(36);
    }

    @Test
    void makesAnotherEachTimeWhereNoneOrATooLongOneIsBrought() {
        assertThat(RequestId.takenOrMade(null)).hasSize(36).isNotEqualTo(RequestId.takenOrMade(null));
        assertThat(RequestId.takenOrMade("a".repeat(128))).hasSize(128);
        assertThat(RequestId.takenOrMade("a".repeat(129))).hasSize(36);
    }
}
