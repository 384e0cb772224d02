package io.rtaa.asr.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import ch.qos.logback.classic.Level;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.call.Word;
import io.rtaa.testsupport.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a call makes of a decoder that does not do as it should. */
class SphinxConnectionTest {

    private final ExecutorService calls = Executors.newSingleThreadExecutor();
    private final UtteranceFailures failures = new UtteranceFailures();
    private final AtomicInteger places = new AtomicInteger();
    private final RecordingListener listener = new RecordingListener();
    private final UtteranceDecoder decoder = mock(UtteranceDecoder.class);
    private final AtomicInteger loaded = new AtomicInteger();

    private DecoderPool decoders = new DecoderPool(1, () -> {
        loaded.incrementAndGet();
        return decoder;
    });

    @AfterEach
    void stop() {
        decoders.close();
        calls.shutdownNow();
    }

    @Test
    void leavesAnUtteranceEmptyThatTheDecoderFailsOnAndGoesOnWithAFreshDecoder() {
        Word word = new Word("hello", "hello", 2000, 2300, null, null);
        when(decoder.decode(any(), any(), any()))
                .thenThrow(new ArrayIndexOutOfBoundsException("made up"))
                .thenAnswer(call -> drain(call.getArgument(0), List.of(word)));
        SphinxConnection connection = connect(Duration.ofSeconds(60));

        connection.send(buzzBetweenSilences());
        connection.send(buzzBetweenSilences());
        connection.end();
        listener.awaitClosed();

        assertThat(listener.failure()).isNull();
        assertThat(loaded).as("the decoder that threw is not used again").hasValue(2);
        listener.requireFinalsToCover(6000);
        assertThat(listener.texts()).containsExactly("hello");
    }

    @Test
    void aDecoderThatFailsOnEveryUtteranceIsToldOnceWithItsTrace() {
        when(decoder.decode(any(), any(), any())).thenThrow(new ArrayIndexOutOfBoundsException("made up"));
        try (CapturedLog log = CapturedLog.of(UtteranceFailures.class)) {
            SphinxConnection connection = connect(Duration.ofSeconds(60));
            for (int i = 0; i < 5; i++) {
                connection.send(buzzBetweenSilences());
            }
            connection.end();
            listener.awaitClosed();

            verify(decoder, times(5)).decode(any(), any(), any());
            assertThat(log.events())
                    .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.getFormattedMessage()).contains("failed on an utterance");
                        assertThat(event.getThrowableProxy()).isNotNull();
                    });
        }
    }

    @Test
    void keepsWordsWithinTheirUtterance() {
        when(decoder.decode(any(), any(), any()))
                .thenAnswer(call ->
                        drain(call.getArgument(0), List.of(new Word("late", "late", 2990, 99_000, null, null))));
        SphinxConnection connection = connect(Duration.ofSeconds(60));

        connection.send(buzzBetweenSilences());
        connection.end();
        listener.awaitClosed();

        listener.requireFinalsToCover(3000);
        assertThat(listener.texts()).containsExactly("late");
    }

    @Test
    void givesPartialsOnlyAsTheyChangeAndBeforeTheirFinal() {
        Word one = new Word("one", "one", 1000, 1300, null, null);
        doAnswer(call -> {
                    UtteranceDecoder.Progress progress = call.getArgument(2);
                    progress.partial(List.of(), 16_000);
                    progress.partial(List.of(one), 20_000);
                    progress.partial(List.of(one), 24_000);
                    return drain(call.getArgument(0), List.of(one));
                })
                .when(decoder)
                .decode(any(), any(), any());
        SphinxConnection connection = connect(Duration.ofSeconds(60));

        connection.send(buzzBetweenSilences());
        connection.end();
        listener.awaitClosed();

        assertThat(listener.said()).containsSubsequence("opened", "partial one", "final one", "closed");
        assertThat(listener.said()).filteredOn("partial one"::equals).hasSize(1);
    }

    @Test
    void closesACallThatIsTooFarBehindInsteadOfKeepingEverything() {
        when(decoder.decode(any(), any(), any())).thenAnswer(call -> drain(call.getArgument(0), List.of()));
        SphinxConnection connection = connect(Duration.ofSeconds(20));

        connection.send(new byte[2 * 16_000 * 21]);
        listener.awaitClosed();

        assertThat(listener.failure())
                .isEqualTo(new RecogniserFailure(
                        Kind.STREAM_REFUSED, "too_far_behind", "embedded recogniser is 21 s behind; allowed: 20 s"));
        assertThat(places).as("its place is free").hasPositiveValue();
    }

    @Test
    void losesTheConnectionWhereTheModelCannotBeLoaded() {
        decoders = new DecoderPool(1, () -> {
            throw new IllegalStateException("no model on the class path");
        });
        SphinxConnection connection = connect(Duration.ofSeconds(60));

        connection.send(buzzBetweenSilences());
        listener.awaitClosed();

        RecogniserFailure failure = listener.failure();
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(Kind.RETRYABLE);
        assertThat(failure.reason()).contains("no model on the class path");
    }

    @Test
    void endsAnUtteranceWhoseCallSendsNoMore() {
        doAnswer(call -> {
                    UtteranceDecoder.Progress progress = call.getArgument(2);
                    Utterance utterance = call.getArgument(0);
                    utterance.take(Duration.ofSeconds(10), () -> {});
                    progress.starved();
                    return drain(utterance, List.of(new Word("cut", "cut", 1000, 1300, null, null)));
                })
                .when(decoder)
                .decode(any(), any(), any());
        SphinxConnection connection = connect(Duration.ofSeconds(60));

        connection.send(Audio.joined(Audio.noise(1, 20, 1), Audio.buzz(1)));
        await().until(() -> listener.texts().contains("cut"));

        listener.requireFinalsToCover(2000);
        assertThat(listener.said()).as("the speaker did not pause").doesNotContain("utteranceEnd");
    }

    @Test
    void saysNothingAfterAnAbort() {
        when(decoder.decode(any(), any(), any())).thenAnswer(call -> drain(call.getArgument(0), List.of()));
        SphinxConnection connection = connect(Duration.ofSeconds(60));
        await().until(() -> listener.said().contains("opened"));

        connection.abort();
        int said = listener.said().size();
        connection.send(buzzBetweenSilences());
        connection.flush();
        connection.end();

        assertThat(calls.submit(() -> listener.said().size()))
                .succeedsWithin(Duration.ofSeconds(30))
                .isEqualTo(said);
        assertThat(places).hasPositiveValue();
    }

    private SphinxConnection connect(Duration backlog) {
        SphinxConnection connection = new SphinxConnection(
                Audio.call("c", 16_000),
                listener,
                backlog,
                calls,
                decoders,
                failures,
                over -> places.incrementAndGet());
        connection.start();
        return connection;
    }

    private static List<Word> drain(Utterance utterance, List<Word> words) throws InterruptedException {
        float[] samples;
        do {
            samples = utterance.take(Duration.ofSeconds(10), () -> {});
        } while (samples != null);
        return words;
    }

    /** Three seconds. */
    private static byte[] buzzBetweenSilences() {
        return Audio.joined(Audio.noise(1, 20, 1), Audio.buzz(1), Audio.noise(1, 20, 2));
    }
}
