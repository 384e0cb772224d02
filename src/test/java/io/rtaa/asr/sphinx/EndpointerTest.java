package io.rtaa.asr.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointerTest {

    private final Pieces pieces = new Pieces();
    private final Endpointer endpointer = new Endpointer(pieces);
    private final Random random = new Random(7);

    @Test
    void findsASoundBetweenSilences() {
        accept(noise(1.0, 20), speech(1.5, 6000), noise(1.0, 20));
        endpointer.end();

        Piece utterance = onlyUtterance();
        assertThat(utterance.from / 16_000.0).as("with its pre-roll").isBetween(0.7, 0.8);
        assertThat(utterance.to / 16_000.0).as("with its hang-over").isBetween(2.85, 3.1);
        assertThat(utterance.atPause).isTrue();
    }

    @Test
    void bridgesAShortPause() {
        accept(noise(1.0, 20), speech(0.5, 6000), noise(0.3, 20), speech(0.5, 6000), noise(1.0, 20));
        endpointer.end();

        assertThat(pieces.utterances()).hasSize(1);
    }

    @Test
    void partsWhatALongPauseParts() {
        accept(noise(1.0, 20), speech(0.5, 6000), noise(0.8, 20), speech(0.5, 6000), noise(1.0, 20));
        endpointer.end();

        assertThat(pieces.utterances()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {-20_000, -3000, 3000, 20_000})
    void isNotDisturbedByAConstantOffset(int offset) {
        accept(shifted(offset, noise(1.0, 20)), shifted(offset, speech(1.0, 6000)), shifted(offset, noise(1.0, 20)));
        endpointer.end();

        assertThat(onlyUtterance().from / 16_000.0).isBetween(0.7, 0.8);
    }

    @Test
    void hearsQuietSpeechOverQuietNoiseAndLoudSpeechOverLoudNoise() {
        accept(noise(2.0, 5), speech(1.0, 300), noise(5.0, 5));
        assertThat(pieces.utterances()).hasSize(1);

        accept(noise(6.0, 500));
        pieces.clear();
        accept(speech(1.0, 12_000), noise(1.0, 500));
        assertThat(pieces.utterances()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 30, 100})
    void tellsOfSilenceEveryTwoSeconds(double level) {
        accept(noise(20.0, level));
        endpointer.end();

        assertThat(pieces.utterances()).isEmpty();
        assertThat(pieces.all)
                .hasSizeBetween(9, 11)
                .allSatisfy(piece -> assertThat(piece.to - piece.from)
                        .isLessThanOrEqualTo(Endpointer.SILENCE_SAMPLES + Endpointer.FRAME));
    }

    @Test
    void stopsTakingASteadySoundForSpeech() {
        accept(noise(2.0, 20), tone(20.0, 8000));
        pieces.clear();
        accept(tone(10.0, 8000));

        assertThat(pieces.utterances()).isEmpty();
    }

    @Test
    void cutsEndlessSpeechWhereItIsQuietest() {
        // A dip of 100 ms each second is no pause, but a better place to cut than any other.
        List<float[]> audio = new ArrayList<>();
        for (int second = 0; second < 40; second++) {
            audio.add(speech(0.9, 8000));
            audio.add(noise(0.1, 20));
        }
        accept(audio.toArray(float[][]::new));
        endpointer.end();

        List<Piece> utterances = pieces.utterances();
        assertThat(utterances).hasSizeGreaterThanOrEqualTo(5);
        for (Piece utterance : utterances.subList(0, utterances.size() - 1)) {
            assertThat(utterance.to - utterance.from).isLessThanOrEqualTo(Endpointer.MAX_UTTERANCE_SAMPLES);
            assertThat(utterance.atPause).isFalse();
            assertThat(utterance.to % 16_000 / 16_000.0).as("in the dip").isBetween(0.9, 1.0);
        }
    }

    @Test
    void cutsWhatGoesOnWhenAsked() {
        accept(noise(1.0, 20), speech(1.0, 6000));
        accept(new float[77]);
        endpointer.cut();

        assertThat(onlyUtterance().to).isEqualTo(2 * 16_000 + 77);
        assertThat(onlyUtterance().atPause).isFalse();
        pieces.requireWhole(2 * 16_000 + 77);
    }

    @Test
    void givesEverySampleToExactlyOnePieceHoweverTheAudioIsCut() {
        List<float[]> audio = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < 2000; i++) {
            float[] chunk = noise(random.nextInt(400) / 16_000.0, i % 300 < 150 ? 20 : 9000);
            total += chunk.length;
            audio.add(chunk);
        }
        Pieces whole = new Pieces();
        Endpointer atOnce = new Endpointer(whole);

        accept(audio.toArray(float[][]::new));
        endpointer.end();
        atOnce.accept(concatenated(audio));
        atOnce.end();

        pieces.requireWhole(total);
        assertThat(pieces.all).usingRecursiveFieldByFieldElementComparator().isEqualTo(whole.all);
    }

    private Piece onlyUtterance() {
        assertThat(pieces.utterances()).hasSize(1);
        return pieces.utterances().get(0);
    }

    private void accept(float[]... audio) {
        for (float[] part : audio) {
            endpointer.accept(part);
        }
    }

    private float[] noise(double seconds, double level) {
        float[] noise = new float[(int) (seconds * 16_000)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (level * random.nextGaussian());
        }
        return noise;
    }

    /** A buzz that swells and fades four times a second, as syllables do. */
    private float[] speech(double seconds, double level) {
        float[] speech = noise(seconds, level);
        for (int i = 0; i < speech.length; i++) {
            speech[i] *= (float) (0.55 + 0.45 * Math.cos(2 * Math.PI * 4 * i / 16_000));
        }
        return speech;
    }

    private static float[] tone(double seconds, double level) {
        float[] tone = new float[(int) (seconds * 16_000)];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (level * Math.sin(2 * Math.PI * 425 * i / 16_000));
        }
        return tone;
    }

    private static float[] shifted(float offset, float[] audio) {
        for (int i = 0; i < audio.length; i++) {
            audio[i] += offset;
        }
        return audio;
    }

    private static float[] concatenated(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static final class Piece {
        final long from;
        final boolean utterance;
        long to;
        long audio;
        boolean atPause;

        Piece(long from, boolean utterance) {
            this.from = from;
            this.utterance = utterance;
        }
    }

    private static final class Pieces implements Endpointer.Sink {
        final List<Piece> all = new ArrayList<>();

        void clear() {
            all.clear();
        }

        List<Piece> utterances() {
            return all.stream().filter(piece -> piece.utterance).toList();
        }

        void requireWhole(long total) {
            long at = 0;
            for (Piece piece : all) {
                assertThat(piece.from).isEqualTo(at);
                assertThat(piece.to).isGreaterThan(piece.from);
                assertThat(piece.audio).isEqualTo(piece.utterance ? piece.to - piece.from : 0);
                at = piece.to;
            }
            assertThat(at).isEqualTo(total);
        }

        @Override
        public void silence(long fromSample, long toSample) {
            Piece piece = new Piece(fromSample, false);
            piece.to = toSample;
            all.add(piece);
        }

        @Override
        public void utteranceBegins(long sample) {
            all.add(new Piece(sample, true));
        }

        @Override
        public void audio(float[] samples) {
            last().audio += samples.length;
        }

        @Override
        public void utteranceEnds(long sample, boolean atPause) {
            last().to = sample;
            last().atPause = atPause;
        }

        private Piece last() {
            return all.get(all.size() - 1);
        }
    }
}
