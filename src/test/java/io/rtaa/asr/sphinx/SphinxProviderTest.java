package io.rtaa.asr.sphinx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.asr.RecogniserRequest;
import io.rtaa.testsupport.CapturedLog;
import io.rtaa.testsupport.WordErrorRate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider with its real model. Two calls at a time, sent in windows of 100 ms as fast as possible: the first turns
 * of the demo call, and a person reading that nothing was tuned on. Decoding takes a core several times as long as
 * speaking, so it is done once, for all tests, and of no more audio than a rate of word errors needs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SphinxProviderTest {

    private static final Logger LOG = LoggerFactory.getLogger(SphinxProviderTest.class);

    /** The turns of the demo call that are decoded: each speaker once. */
    private static final int DEMO_TURNS = 2;

    /** Where those turns end, in the pause before the next one. */
    private static final int DEMO_MILLIS = 10_700;

    private static final int READINGS = 1;

    private final SphinxProvider provider = new SphinxProvider(new SphinxOptions(1, 2, Duration.ofMinutes(2)));
    private final RecordingListener demo = new RecordingListener();
    private final RecordingListener reading = new RecordingListener();
    private final RecordingListener refused = new RecordingListener();
    private List<String> libraryLines = List.of("nothing was recognised yet");
    private byte[] demoAudio = {};
    private byte[] readingAudio = {};

    @BeforeAll
    void recogniseTwoCallsAndRefuseAThird() {
        LibraryRecords records = new LibraryRecords();
        demoAudio = Arrays.copyOf(Audio.wav("/demo/conversation.wav"), 32 * DEMO_MILLIS);
        readingAudio = reading();
        RecogniserConnection demoCall = open("demo", 16_000, demo);
        RecogniserConnection readingCall = open("reading", 16_000, reading);
        RecogniserConnection third = open("third", 16_000, refused);
        third.send(Audio.silence(1));
        third.end();
        refused.awaitClosed();

        sendInWindows(demoCall, demoAudio, 16_000);
        sendInWindows(readingCall, readingAudio, 16_000);
        demoCall.end();
        readingCall.end();
        reading.awaitClosed();
        demo.awaitClosed();
        libraryLines = records.lines();
        records.close();
    }

    @Test
    void theLibraryLogsNothingThatIsNoErrorFromTheFirstCallOn() {
        assertThat(libraryLines).isEmpty();
    }

    @AfterAll
    void close() {
        provider.close();
    }

    @Test
    void understandsTheDemoCallWell() {
        WordErrorRate rate = WordErrorRate.of(demoTranscript(), String.join(" ", demo.texts()));

        LOG.info("demo call: {}", rate);
        assertThat(rate.rate()).isLessThan(0.25);
    }

    @Test
    void understandsAReaderItWasNotTunedOn() {
        String transcript = readings().stream().map(Reading::text).collect(Collectors.joining(" "));
        WordErrorRate rate = WordErrorRate.of(transcript, String.join(" ", reading.texts()));

        LOG.info("reading: {}", rate);
        assertThat(rate.rate()).as("better than nothing heard at all").isLessThan(0.5);
    }

    @Test
    void givesFinalsThatCoverAllAudioInOrderAndHoldTheirWords() {
        demo.requireFinalsToCover(DEMO_MILLIS);
        reading.requireFinalsToCover(readingAudio.length / 32);
    }

    @Test
    void saysWhereTheSpeakerPaused() {
        assertThat(demo.finals())
                .filteredOn(span -> !span.text().isEmpty())
                .hasSizeGreaterThanOrEqualTo(DEMO_TURNS)
                .allMatch(RecognisedSpan::utteranceEnd);
    }

    @Test
    void keepsNoSilenceWaitingForLong() {
        assertThat(demo.finals())
                .filteredOn(span -> span.text().isEmpty())
                .allMatch(span -> span.endMillis() - span.startMillis() <= 2100);
    }

    @Test
    void showsPartialsBeforeTheirFinal() {
        assertThat(demo.said().get(0)).isEqualTo("opened");
        int first = demo.said().indexOf("final " + demo.texts().get(0));
        assertThat(demo.said().subList(0, first))
                .filteredOn(said -> said.startsWith("partial "))
                .hasSizeGreaterThan(5);
        assertThat(demo.partials())
                .allSatisfy(partial -> assertThat(demo.finals())
                        .anyMatch(span -> span.startMillis() == partial.startMillis()
                                && span.endMillis() >= partial.endMillis()));
    }

    @Test
    void refusesTheCallTooManyAndDisturbsNoOther() {
        assertThat(refused.said()).containsExactly("closed");
        assertThat(refused.failure())
                .isEqualTo(new RecogniserFailure(
                        Kind.STREAM_REFUSED,
                        "no_room",
                        "embedded recogniser is full: 2 of 2 calls; set DEEPGRAM_API_KEY to have calls recognised by"
                                + " Deepgram"));
        assertThat(demo.failure()).isNull();
        assertThat(reading.failure()).isNull();
    }

    @Test
    void hearsTelephoneAudioAtItsOwnTimes() {
        RecordingListener listener = new RecordingListener();
        byte[] greeting = Audio.at8kHz(Arrays.copyOf(demoAudio, 32 * 2700));

        RecogniserConnection call = open("telephone", 8000, listener);
        sendInWindows(call, greeting, 8000);
        call.end();
        listener.awaitClosed();

        listener.requireFinalsToCover(2700);
        assertThat(String.join(" ", listener.texts())).startsWith("good morning thank you for calling");
        assertThat(listener.finals().stream().flatMap(span -> span.words().stream()))
                .filteredOn(word -> "calling".equals(word.word()))
                .singleElement()
                .satisfies(word -> assertThat(word.startMillis()).isBetween(1950L, 2200L));
    }

    @Test
    void finalisesOnAFlushWhatWasSentSoFar() {
        RecordingListener listener = new RecordingListener();
        RecogniserConnection call = open("flushed", 16_000, listener);

        sendInWindows(call, Arrays.copyOf(demoAudio, 32 * 1500), 16_000);
        call.flush();
        await().atMost(Duration.ofSeconds(30)).until(() -> !listener.texts().isEmpty());

        listener.requireFinalsToCover(1500);
        assertThat(listener.texts()).containsExactly("good morning");
        call.abort();
    }

    @Test
    void livesThroughAudioThatIsNotSpeech() {
        RecordingListener listener = new RecordingListener();
        try (CapturedLog failures = CapturedLog.of(UtteranceFailures.class)) {
            RecogniserConnection call = open("rubbish", 16_000, listener);

            sendInWindows(call, Audio.joined(Audio.silence(0.5), Audio.noise(2, 30_000, 1), Audio.silence(1)), 16_000);
            sendInWindows(call, Audio.joined(Audio.square(1.5), Audio.silence(1)), 16_000);
            call.send(new byte[2]);
            call.end();
            listener.awaitClosed();

            assertThat(listener.failure()).isNull();
            listener.requireFinalsToCover(6000);
            assertThat(failures.events()).isEmpty();
        }
    }

    @Test
    void closesAtOnceWhereNothingWasSent() {
        RecordingListener listener = new RecordingListener();

        open("empty", 16_000, listener).end();
        listener.awaitClosed();

        assertThat(listener.said()).containsExactly("opened", "closed");
        assertThat(listener.failure()).isNull();
    }

    private RecogniserConnection open(String id, int sampleRate, RecordingListener listener) {
        return provider.open(new RecogniserRequest(Audio.call(id, sampleRate)), listener);
    }

    private static void sendInWindows(RecogniserConnection connection, byte[] audio, int sampleRate) {
        int window = sampleRate / 10 * 2;
        for (int from = 0; from < audio.length; from += window) {
            connection.send(Arrays.copyOfRange(audio, from, Math.min(audio.length, from + window)));
        }
    }

    private static String demoTranscript() {
        return new String(Audio.bytes("/demo/conversation.txt"), UTF_8)
                .lines()
                .limit(DEMO_TURNS)
                .map(line -> line.substring(line.indexOf(':') + 1))
                .collect(Collectors.joining(" "));
    }

    private record Reading(String file, String text) {}

    private static List<Reading> readings() {
        return new String(Audio.bytes("/audio/librivox/transcript.tsv"), UTF_8)
                .lines()
                .limit(READINGS)
                .map(line -> line.split("\t", 2))
                .map(parts -> new Reading(parts[0], parts[1]))
                .toList();
    }

    private static byte[] reading() {
        return Audio.joined(readings().stream()
                .flatMap(part -> List.of(Audio.wav("/audio/librivox/" + part.file()), Audio.silence(0.6)).stream())
                .toArray(byte[][]::new));
    }
}
