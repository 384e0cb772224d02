package io.rtaa.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ByteBufferBackingArray") // Every buffer here is allocated whole.
class WavReaderTest {
    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] chunk(String id, int size, byte[] content) {
        ByteBuffer chunk = buffer(8 + content.length + content.length % 2);
        return chunk.put(id.getBytes(StandardCharsets.US_ASCII))
                .putInt(size)
                .put(content)
                .array();
    }

    static byte[] format(int encoding, int channels, int rate, int bits) {
        ByteBuffer format =
                buffer(16).putShort((short) encoding).putShort((short) channels).putInt(rate);
        format.putInt(rate * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits);
        return chunk("fmt ", 16, format.array());
    }

    static byte[] riff(int size, byte[]... chunks) {
        ByteBuffer wav = buffer(
                12 + java.util.Arrays.stream(chunks).mapToInt(c -> c.length).sum());
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(size)
                .put("WAVE".getBytes(StandardCharsets.US_ASCII));
        for (byte[] chunk : chunks) {
            wav.put(chunk);
        }
        return wav.array();
    }

    static byte[] wav(int rate, byte[] pcm) {
        byte[] data = chunk("data", pcm.length, pcm);
        return riff(28 + data.length, format(1, 1, rate, 16), data);
    }

    @Test
    void readsChunksInAnyOrderWithOddOnesBetween() throws Exception {
        byte[] pcm = {1, 2, 3, 4};
        byte[] wav = riff(100, chunk("LIST", 3, new byte[3]), chunk("data", 4, pcm), format(1, 1, 16000, 16));
        assertThat(WavReader.parse(wav).pcm()).isEqualTo(pcm);
        assertThat(WavReader.parse(wav).sampleRate()).isEqualTo(16000);
    }

    @Test
    void readsStreamedFilesToTheirEnd() throws Exception {
        byte[] pcm = {1, 2, 3, 4};
        for (int size : new int[] {0, -1, 0x7ffff000}) {
            byte[] wav = riff(size == 0 ? 36 : -1, format(1, 1, 8000, 16), chunk("data", size, pcm));
            assertThat(WavReader.parse(wav).pcm()).isEqualTo(pcm);
        }
    }

    @Test
    void mixesTwoChannelsToOne() throws Exception {
        byte[] stereo = buffer(8)
                .putShort((short) 100)
                .putShort((short) 300)
                .putShort((short) -32768)
                .putShort((short) -32768)
                .array();
        byte[] wav = riff(50, format(1, 2, 8000, 16), chunk("data", 8, stereo));
        ByteBuffer mono = ByteBuffer.wrap(WavReader.parse(wav).pcm()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(mono.getShort(0)).isEqualTo((short) 200);
        assertThat(mono.getShort(2)).isEqualTo((short) -32768);
    }

    @Test
    void decodesMuLaw() throws Exception {
        byte[] wav = riff(50, format(7, 1, 8000, 8), chunk("data", 4, new byte[] {(byte) 0xff, 0, (byte) 0x80, 0x7f}));
        ByteBuffer pcm = ByteBuffer.wrap(WavReader.parse(wav).pcm()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new short[] {pcm.getShort(0), pcm.getShort(2), pcm.getShort(4), pcm.getShort(6)})
                .containsExactly((short) 0, (short) -32124, (short) 32124, (short) 0);
    }

    @Test
    void saysWhatIsWrongAndWhatIsAllowed() {
        byte[] data = chunk("data", 2, new byte[2]);
        assertThatThrownBy(() -> WavReader.parse(new byte[0])).hasMessageContaining("not a WAV");
        assertThatThrownBy(() -> WavReader.parse(wav(44100, new byte[2])))
                .hasMessageContaining("44100")
                .hasMessageContaining("[8000, 16000, 24000]");
        assertThatThrownBy(() -> WavReader.parse(riff(50, format(3, 1, 8000, 32), data)))
                .hasMessageContaining("allowed");
        assertThatThrownBy(() -> WavReader.parse(riff(50, format(1, 6, 8000, 16), data)))
                .hasMessageContaining("6 channels");
        assertThatThrownBy(() -> WavReader.parse(riff(50, data))).hasMessageContaining("\"fmt \"");
        assertThatThrownBy(() -> WavReader.parse(wav(8000, new byte[0]))).hasMessageContaining("one sample or more");
    }

    @Property
    void neverFailsWithoutSayingWhy(
            @ForAll @IntRange(min = 0, max = 63) int at, @ForAll byte value, @ForAll @IntRange(max = 64) int cut) {
        byte[] wav = java.util.Arrays.copyOf(wav(8000, new byte[20]), cut);
        if (at < wav.length) {
            wav[at] = value;
        }
        try {
            assertThat(WavReader.parse(wav).pcm()).isNotEmpty();
        } catch (WavException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
