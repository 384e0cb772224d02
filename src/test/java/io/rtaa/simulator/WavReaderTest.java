package io.rtaa.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
    void decodesALawAndPcmOfEightBits() throws Exception {
        byte[] codes = {(byte) 0xd5, 0x55, (byte) 0xaa, 0x2a};
        assertThat(samples(riff(50, format(6, 1, 8000, 8), chunk("data", 4, codes))))
                .containsExactly((short) 8, (short) -8, (short) 32256, (short) -32256);
        byte[] unsigned = {0, 127, (byte) 128, (byte) 255};
        assertThat(samples(riff(50, format(1, 1, 8000, 8), chunk("data", 4, unsigned))))
                .containsExactly((short) -32768, (short) -256, (short) 0, (short) 32512);
    }

    @Test
    void readsAnExtensibleFormatByItsNumberAndNoOther() throws Exception {
        byte[] rest = HexFormat.of().parseHex("000000001000800000aa00389b71");
        byte[] data = chunk("data", 2, new byte[] {(byte) 0xd5, (byte) 0xd5});
        assertThat(samples(riff(80, extensible(6, 8, rest), data))).containsExactly((short) 8, (short) 8);
        assertThat(samples(riff(80, extensible(1, 16, rest), data))).containsExactly((short) 0xd5d5);
        rest[13] = 0;
        assertThatThrownBy(() -> WavReader.parse(riff(80, extensible(1, 16, rest), data)))
                .isInstanceOf(WavException.class)
                .hasMessageContaining("a kind of its own; allowed: PCM, A-law, mu-law");
    }

    private static byte[] extensible(int number, int bits, byte[] rest) {
        byte[] plain = format(0xFFFE, 1, 8000, bits);
        return chunk(
                "fmt ",
                40,
                buffer(40)
                        .put(plain, 8, 16)
                        .putShort((short) 22)
                        .putShort((short) bits)
                        .putInt(4)
                        .putShort((short) number)
                        .put(rest)
                        .array());
    }

    private static short[] samples(byte[] wav) throws WavException {
        ByteBuffer pcm = ByteBuffer.wrap(WavReader.parse(wav).pcm()).order(ByteOrder.LITTLE_ENDIAN);
        short[] samples = new short[pcm.capacity() / 2];
        pcm.asShortBuffer().get(samples);
        return samples;
    }

    @Test
    void readsOddChunksWithoutTheByteThatFillsThemUp() throws Exception {
        byte[] pcm = {1, 2, 3, 4};
        for (String id : new String[] {"LIST", "own "}) {
            byte[] odd = java.util.Arrays.copyOf(chunk(id, 5, new byte[] {'a', 'b', 'c', 'd', 'e'}), 13);
            assertThat(WavReader.parse(riff(100, format(1, 1, 8000, 16), odd, chunk("data", 4, pcm)))
                            .pcm())
                    .isEqualTo(pcm);
            byte[] second = java.util.Arrays.copyOf(chunk("more", 3, new byte[3]), 11);
            assertThat(WavReader.parse(riff(100, odd, second, format(1, 1, 8000, 16), chunk("data", 4, pcm)))
                            .pcm())
                    .isEqualTo(pcm);
        }
    }

    @Test
    void readsAudioWhoseSizeIsWrongToTheEndOfTheFile() throws Exception {
        byte[] pcm = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        for (int riffSize : new int[] {0, -1, 46, 36}) {
            for (int size : new int[] {0, -1, 11, Integer.MAX_VALUE}) {
                byte[] wav = riff(riffSize, format(1, 1, 8000, 16), chunk("data", size, pcm));
                assertThat(WavReader.parse(wav).pcm())
                        .as("%d, %d", riffSize, size)
                        .isEqualTo(pcm);
            }
        }
        byte[] wav = riff(100, format(1, 1, 8000, 16), chunk("data", 0, new byte[0]), chunk("data", 10, pcm));
        assertThat(WavReader.parse(wav).pcm())
                .as("an empty chunk before the full one")
                .isEqualTo(pcm);
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
