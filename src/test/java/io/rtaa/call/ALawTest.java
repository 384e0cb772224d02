package io.rtaa.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ALawTest {

    @ParameterizedTest
    @CsvSource({"0x55,-8", "0xD5,8", "0x54,-24", "0x45,-264", "0x2A,-32256", "0xAA,32256", "0x00,-5504", "0x80,5504"})
    void decodesAsG711Does(String code, short linear) {
        assertThat(ALaw.toSample(Integer.decode(code).byteValue())).isEqualTo(linear);
    }

    @Test
    void everyCodeIsDecodedAsTheJdkDecodesIt() throws IOException {
        byte[] codes = new byte[256];
        for (int code = 0; code < codes.length; code++) {
            codes[code] = (byte) code;
        }
        assertThat(ALaw.toPcm(codes)).isEqualTo(jdk(AudioFormat.Encoding.ALAW, codes));
        assertThat(MuLaw.toPcm(codes)).isEqualTo(jdk(AudioFormat.Encoding.ULAW, codes));
    }

    private static byte[] jdk(AudioFormat.Encoding encoding, byte[] codes) throws IOException {
        AudioFormat from = new AudioFormat(encoding, 8000, 8, 1, 1, 8000, false);
        AudioFormat to = new AudioFormat(AudioFormat.Encoding.PCM_SIGNED, 8000, 16, 1, 2, 8000, false);
        try (AudioInputStream pcm = AudioSystem.getAudioInputStream(
                to, new AudioInputStream(new ByteArrayInputStream(codes), from, codes.length))) {
            return pcm.readAllBytes();
        }
    }
}
