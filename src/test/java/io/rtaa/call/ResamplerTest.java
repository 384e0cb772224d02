package io.rtaa.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResamplerTest {

    @ParameterizedTest
    @CsvSource({
        "8000, 300",
        "8000, 1000",
        "8000, 3000",
        "24000, 300",
        "24000, 1000",
        "24000, 6000",
        "11025, 4400",
        "12000, 1000",
        "22050, 6000",
        "32000, 440",
        "44100, 440",
        "44100, 6000",
        "48000, 440",
        "48000, 6000",
        "9601, 3000",
        "47999, 3000"
    })
    void keepsATone(int rate, int hertz) {
        float[] output = new Resampler(rate).resample(tone(rate, hertz, rate));

        assertThat(amplitudeAt(hertz, output)).isCloseTo(10_000, within(100.0));
    }

    @ParameterizedTest
    @CsvSource({
        "8000, 1000, 7000",
        "8000, 3000, 5000",
        "24000, 10000, 6000",
        "24000, 9000, 7000",
        "11025, 4000, 7025",
        "44100, 10000, 6000",
        "48000, 9000, 7000",
        "48000, 20000, 4000",
        "9601, 3000, 6601",
        "47999, 10000, 6000"
    })
    void doesNotMakeAToneOfWhatTheOtherRateCannotHold(int rate, int hertz, int image) {
        float[] output = new Resampler(rate).resample(tone(rate, hertz, rate));

        assertThat(amplitudeAt(image, output)).as("50 dB below the tone").isLessThan(30);
    }

    @ParameterizedTest
    @CsvSource({"8000", "11025", "16000", "24000", "44100", "48000", "8001"})
    void passesAConstantUnchanged(int rate) {
        float[] constant = new float[rate];
        Arrays.fill(constant, 5000);

        float[] output = new Resampler(rate).resample(constant);

        assertThat(output).hasSize(16_000);
        assertThat(output[8000]).isCloseTo(5000f, within(0.1f));
        assertThat(output[8001]).isCloseTo(5000f, within(0.1f));
    }

    @Property(tries = 200)
    void givesTheSameHoweverTheAudioIsCut(
            @ForAll("rates") int rate,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 2_000) Integer> cuts) {
        int length = cuts.stream().mapToInt(Integer::intValue).sum();
        float[] audio = tone(rate, 440, length);
        float[] whole = new Resampler(rate).resample(audio);

        Resampler resampler = new Resampler(rate);
        float[] pieces = new float[0];
        int from = 0;
        for (int cut : cuts) {
            float[] piece = resampler.resample(Arrays.copyOfRange(audio, from, from + cut));
            pieces = Arrays.copyOf(pieces, pieces.length + piece.length);
            System.arraycopy(piece, 0, pieces, pieces.length - piece.length, piece.length);
            from += cut;
        }

        assertThat(pieces).hasSize((int) ((long) length * 16_000 / rate)).isEqualTo(whole);
    }

    @Provide
    Arbitrary<Integer> rates() {
        return Arbitraries.oneOf(
                Arbitraries.of(8000, 11_025, 16_000, 24_000, 44_100, 48_000),
                Arbitraries.integers().between(8000, 48_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {11_025, 44_100, 48_000})
    void givesPcmTheSameWay(int rate) {
        float[] audio = tone(rate, 440, rate);
        byte[] pcm = new byte[2 * audio.length];
        for (int i = 0; i < audio.length; i++) {
            audio[i] = Math.round(audio[i]);
            pcm[2 * i] = (byte) (int) audio[i];
            pcm[2 * i + 1] = (byte) ((int) audio[i] >> 8);
        }

        float[] expected = new Resampler(rate).resample(audio);
        ShortBuffer output = ByteBuffer.wrap(new Resampler(rate).resample(pcm))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();

        assertThat(output.remaining()).isEqualTo(16_000).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((float) output.get(i)).isCloseTo(expected[i], within(0.51f));
        }
    }

    @Test
    void cutsOffWhatSwingsOverTheEdge() {
        byte[] loud = new byte[2 * 4800];
        for (int i = 0; i < 4800; i++) {
            short sample = i / 60 % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE;
            loud[2 * i] = (byte) sample;
            loud[2 * i + 1] = (byte) (sample >> 8);
        }
        ShortBuffer output = ByteBuffer.wrap(new Resampler(48_000).resample(loud))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();

        // In the middle of each half wave of 20 samples, 16 samples late.
        for (int middle = 100 + 26; middle < 1600; middle += 20) {
            boolean high = (middle - 16) / 20 % 2 == 0;
            assertThat((int) output.get(middle)).isBetween(high ? 25_000 : -32_768, high ? 32_767 : -25_000);
        }
    }

    @Test
    void callsOfOneRateShareItsFilterHoweverManyOddRatesCameBefore() {
        for (int odd = 8_001; odd < 8_041; odd++) {
            assertThat(new Resampler(odd).resample(new float[16])).hasSizeGreaterThan(0);
        }

        assertThat(new Resampler(37_800).sharesFilterWith(new Resampler(37_800)))
                .isTrue();
    }

    @Test
    void aFrameTakesNoMemoryButItsResult() {
        Resampler resampler = new Resampler(48_000);
        byte[] frame = new byte[1920];
        int frames = 1000;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        resampler.resample(frame);

        long before = threads.getCurrentThreadAllocatedBytes();
        long results = 0;
        for (int i = 0; i < frames; i++) {
            results += resampler.resample(frame).length;
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 * results);
    }

    @ParameterizedTest
    @ValueSource(ints = {7_999, 48_001, 0, -1})
    void refusesARateThatNoCallerHas(int rate) {
        assertThatThrownBy(() -> new Resampler(rate)).hasMessage("sample rate " + rate + "; allowed: 8000 to 48000");
    }

    private static float[] tone(int rate, double hertz, int samples) {
        float[] tone = new float[samples];
        for (int i = 0; i < samples; i++) {
            tone[i] = (float) (10_000 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return tone;
    }

    /** The amplitude of one frequency in the middle half second, where the filter has settled. */
    private static double amplitudeAt(int hertz, float[] audio) {
        double re = 0;
        double im = 0;
        int from = 4000;
        int length = 8000;
        for (int i = from; i < from + length; i++) {
            re += audio[i] * Math.cos(2 * Math.PI * hertz * i / 16_000);
            im += audio[i] * Math.sin(2 * Math.PI * hertz * i / 16_000);
        }
        return 2 * Math.hypot(re, im) / length;
    }
}
