package io.rtaa.asr.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.asr.RecogniserRequest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many calls the provider takes, and how it ends; without the model. */
class SphinxProviderLimitsTest {

    private final AtomicInteger loaded = new AtomicInteger();
    private final SphinxProvider provider =
            new SphinxProvider(new SphinxOptions(1, 2, SphinxOptions.DEFAULT_BACKLOG), () -> {
                loaded.incrementAndGet();
                return mock(UtteranceDecoder.class);
            });

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void isCalledSphinxAndTakesAudioAtAnyPace() {
        assertThat(provider.name()).isEqualTo("sphinx");
        assertThat(provider.maxPace()).isInfinite();
    }

    @Test
    void loadsTheModelWhenTheFirstCallComes() {
        assertThat(loaded).hasValue(0);

        open();

        await().until(() -> loaded.get() == 1);
    }

    @Test
    void refusesTheCallTooManyAndTakesTheNextOnceOneIsOver() {
        RecordingListener first = new RecordingListener();
        RecogniserConnection call = provider.open(request(), first);
        RecordingListener second = open();
        RecordingListener third = open();
        third.awaitClosed();

        assertThat(third.said()).containsExactly("closed");
        assertThat(third.failure())
                .isEqualTo(new RecogniserFailure(
                        Kind.STREAM_REFUSED,
                        "no_room",
                        "embedded recogniser is full: 2 of 2 calls; set DEEPGRAM_API_KEY to have calls recognised by"
                                + " Deepgram"));

        call.abort();
        RecordingListener fourth = open();
        await().until(() -> fourth.said().contains("opened"));
        assertThat(second.said()).containsExactly("opened");
    }

    @Test
    void endsItsCallsWhenClosedAndTakesNoMore() {
        RecordingListener running = open();

        provider.close();
        running.awaitClosed();
        RecordingListener late = open();
        late.awaitClosed();

        assertThat(running.failure())
                .isEqualTo(new RecogniserFailure(Kind.RETRYABLE, "embedded recogniser is shut down"));
        assertThat(late.said()).containsExactly("closed");
    }

    private RecordingListener open() {
        RecordingListener listener = new RecordingListener();
        assertThat(provider.open(request(), listener)).isNotNull();
        return listener;
    }

    private static RecogniserRequest request() {
        return new RecogniserRequest(Audio.call("limits", 8000));
    }
}
