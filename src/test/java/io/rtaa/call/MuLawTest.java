package io.rtaa.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MuLawTest {

    private static short decode(int code) {
        return ByteBuffer.wrap(MuLaw.toPcm(new byte[] {(byte) code}))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getShort();
    }

    @ParameterizedTest
    @CsvSource({
        "0x00,-32124",
        "0x80,32124",
        "0x0F,-16764",
        "0x8F,16764",
        "0x10,-15996",
        "0x70,-120",
        "0x7E,-8",
        "0x7F,0",
        "0xFE,8",
        "0xFF,0",
        "0xF0,120",
        "0xEF,132"
    })
    void decodesAsG711Does(String code, short linear) {
        assertThat(decode(Integer.decode(code))).isEqualTo(linear);
    }

    @Test
    void isSymmetricAndMonotonous() {
        for (int code = 0x80; code < 0xFF; code++) {
            assertThat(decode(code)).isGreaterThan(decode(code + 1));
            assertThat(decode(code)).isEqualTo((short) -decode(code - 0x80));
        }
    }

    @Test
    void makesOneSampleOfEachByte() {
        assertThat(MuLaw.toPcm(new byte[160])).hasSize(320);
    }
}
