package io.rtaa.asr.deepgram;

import static io.rtaa.asr.deepgram.DeepgramProviderFixture.AUDIO;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.await;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.config;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.results;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.Quirks;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection tells its listener of the words, utterances and other messages that Deepgram sends. */
class DeepgramProviderResultsTest {

    private final DeepgramProviderFixture deepgram = new DeepgramProviderFixture();
    private final RecordingListener heard = deepgram.heard;

    @AfterEach
    void close() {
        deepgram.close();
    }

    @Test
    void hearsEveryWordOnceWithItsTimesAndEndsWell() {
        RecogniserConnection connection = deepgram.open("key");

        deepgram.say(connection, AUDIO);
        connection.end();

        await().until(heard::isClosed);
        assertThat(heard.failure()).isNull();
        assertThat(heard.names()).first().isEqualTo("opened");
        assertThat(heard.finalWords()).isEqualTo(texts(AUDIO));
        assertThat(heard.partials()).isNotEmpty();
        assertThat(heard.finals().get(heard.finals().size() - 1).endMillis()).isEqualTo(AUDIO.millis());
        for (int i = 0; i < AUDIO.words().size(); i++) {
            var word = heard.finals().stream()
                    .flatMap(span -> span.words().stream())
                    .toList()
                    .get(i);
            // A cell of the audio's pattern is less than a millisecond.
            assertThat(word.startMillis() - AUDIO.words().get(i).startMillis()).isBetween(-1L, 1L);
            assertThat(word.endMillis() - AUDIO.words().get(i).endMillis()).isBetween(-1L, 1L);
        }
        deepgram.standIn().assertNoBreach();
    }

    @ParameterizedTest
    @CsvSource({"hi, hi", "multi,"})
    void saysTheLanguageThatWasAskedForWhereTheServiceTellsNone(String asked, String told) {
        RecogniserConnection connection =
                deepgram.openOn(deepgram.provider("key").withParameters(Map.of("language", asked)));

        deepgram.say(connection, AUDIO);
        connection.end();

        await().until(heard::isClosed);
        assertThat(heard.finals())
                .extracting(RecognisedSpan::language)
                .isNotEmpty()
                .containsOnly(told);
        assertThat(heard.partials())
                .extracting(RecognisedSpan::language)
                .isNotEmpty()
                .containsOnly(told);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void hearsEveryWordOnceAndEachUtteranceEndWhateverTheServiceDoesNowAndThen(long seed) {
        deepgram.replaceStandIn(config(Quirks.SOME).withSeed(seed));
        SpokenAudio audio = SpokenAudio.speak(16_000, 500, 60, seed);
        RecogniserConnection connection = deepgram.openOn(deepgram.provider("key"), 16_000);

        deepgram.say(connection, audio);
        connection.end();

        await().until(heard::isClosed);
        assertThat(heard.failure()).isNull();
        assertThat(heard.finalWords()).isEqualTo(texts(audio));
        for (int i = 1; i < heard.finals().size(); i++) {
            assertThat(heard.finals().get(i).startMillis())
                    .isEqualTo(heard.finals().get(i - 1).endMillis());
        }
        assertUtterancesEndAfterWordsOnly();
        deepgram.standIn().assertNoBreach();
    }

    private void assertUtterancesEndAfterWordsOnly() {
        boolean wordsSinceEnd = false;
        for (RecordingListener.Heard event : heard.all) {
            if (event.what().equals("final")) {
                var span = (RecognisedSpan) event.argument();
                assertThat(span.utteranceEnd() && span.text().isEmpty()).isFalse();
                wordsSinceEnd =
                        !span.utteranceEnd() && (wordsSinceEnd || !span.text().isEmpty());
            } else if (event.what().equals("utteranceEnd")) {
                assertThat(wordsSinceEnd).isTrue();
                wordsSinceEnd = false;
            }
        }
        assertThat(wordsSinceEnd).isFalse();
    }

    @Test
    void passesOverWhatItDoesNotKnowAndCountsIt() {
        DeepgramProvider provider = deepgram.provider("key");
        deepgram.standIn()
                .nextConnections(new Fault.Say(Duration.ofMillis(100), "{\"type\":\"Weather\",\"start\":\"cloudy\"}"));
        RecogniserConnection connection = deepgram.openOn(provider);

        connection.send(AUDIO.slice(0, 100));
        await().until(() -> deepgram.count("messages.unknown") == 1);
        deepgram.standIn().hitLive(new Fault.Say(Duration.ZERO, "no json"));
        await().until(() -> deepgram.count("messages.malformed") == 1);
        deepgram.standIn().hitLive(new Fault.Say(Duration.ZERO, "{\"type\":\"Metadata\",\"mood\":1}"));
        await().until(() -> deepgram.count("fields.unknown") == 1);

        assertThat(heard.names()).contains("alive").doesNotContain("closed");
    }

    @Test
    void takesEveryMessageForASignOfLife() {
        RecogniserConnection connection = deepgram.open("key");
        connection.send(AUDIO.slice(0, 100));

        for (String type : List.of("Metadata", "SpeechStarted", "UtteranceEnd", "Warning", "Weather")) {
            deepgram.standIn().hitLive(new Fault.Say(Duration.ZERO, "{\"type\":\"" + type + "\"}"));
        }

        await().until(() -> heard.count("alive") == 5);
        assertThat(heard.count("utteranceEnd")).isZero();
    }

    @Test
    void logsAWarningOfTheServiceWithTheRequest() {
        try (LogCapture log = LogCapture.open()) {
            deepgram.open("s3cret");
            deepgram.standIn()
                    .hitLive(new Fault.Say(
                            Duration.ZERO, "{\"type\":\"Warning\",\"message\":\"key s3cret is \\n old\"}"));

            await().until(() -> heard.count("alive") == 1);

            assertThat(log.lines())
                    .anyMatch(line -> line.contains("deepgram Warning: key [API key] is old")
                            && line.contains("deepgram_request_id="));
        }
    }

    @Test
    void endsAnUtteranceOnAnEmptyFinalThatFollowsTheWords() {
        deepgram.open("key");

        deepgram.says(results(0, 1, "one", true, false));
        deepgram.says(results(1, 1, "", true, true));
        deepgram.says("{\"type\":\"UtteranceEnd\",\"last_word_end\":0.9}");

        await().until(() -> heard.count("alive") == 1);
        assertThat(heard.names()).containsExactly("opened", "final", "final", "utteranceEnd", "alive");
        assertThat(heard.finals()).allMatch(span -> !span.utteranceEnd());
    }

    @Test
    void endsAnUtteranceOnceWhereTheWordsSayItThemselves() {
        deepgram.open("key");

        deepgram.says(results(0, 1, "one", true, true));
        deepgram.says("{\"type\":\"UtteranceEnd\",\"last_word_end\":0.9}");
        deepgram.says(results(1, 1, "", true, true));

        await().until(() -> heard.count("final") == 2);
        assertThat(heard.names()).containsExactly("opened", "final", "alive", "final");
        assertThat(heard.finals().get(0).utteranceEnd()).isTrue();
        assertThat(heard.finals().get(1).utteranceEnd()).isFalse();
    }

    @Test
    void endsAnUtteranceOnUtteranceEndUnlessItNamesNoWord() {
        deepgram.open("key");

        deepgram.says(results(0, 1, "one", true, false));
        deepgram.says("{\"type\":\"UtteranceEnd\",\"last_word_end\":-1}");
        deepgram.says("{\"type\":\"UtteranceEnd\",\"last_word_end\":0.9}");
        deepgram.says("{\"type\":\"UtteranceEnd\",\"last_word_end\":0.9}");

        await().until(() -> heard.count("alive") == 2);
        assertThat(heard.names()).containsExactly("opened", "final", "alive", "utteranceEnd", "alive");
    }

    @Test
    void endsAnUtteranceOnMetadata() {
        deepgram.open("key");

        deepgram.says(results(0, 1, "one", true, false));
        deepgram.says("{\"type\":\"Metadata\"}");

        await().until(() -> heard.count("utteranceEnd") == 1);
        assertThat(heard.names()).containsExactly("opened", "final", "utteranceEnd");
    }
}
