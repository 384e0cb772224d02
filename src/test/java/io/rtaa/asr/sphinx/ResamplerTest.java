package io.rtaa.asr.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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

class ResamplerTest {

    @ParameterizedTest
    @CsvSource({"8000, 300", "8000, 1000", "8000, 3000", "24000, 300", "24000, 1000", "24000, 6000"})
    void keepsATone(int rate, int hertz) {
        float[] output = new Resampler(rate).resample(tone(rate, hertz, rate));

        assertThat(amplitudeAt(hertz, output)).isCloseTo(10_000, within(100.0));
    }

    @ParameterizedTest
    @CsvSource({"8000, 1000, 7000", "8000, 3000, 5000", "24000, 10000, 6000", "24000, 9000, 7000"})
    void doesNotMakeAToneOfWhatTheOtherRateCannotHold(int rate, int hertz, int image) {
        float[] output = new Resampler(rate).resample(tone(rate, hertz, rate));

        assertThat(amplitudeAt(image, output)).as("50 dB below the tone").isLessThan(30);
    }

    @ParameterizedTest
    @CsvSource({"8000", "16000", "24000"})
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
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 700) Integer> cuts) {
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
        return Arbitraries.of(8000, 16_000, 24_000);
    }

    @Test
    void refusesARateThatNoCallHas() {
        assertThatThrownBy(() -> new Resampler(44_100)).hasMessageContaining("44100");
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
