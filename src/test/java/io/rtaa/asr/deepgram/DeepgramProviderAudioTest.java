package io.rtaa.asr.deepgram;

import static io.rtaa.asr.deepgram.DeepgramProviderFixture.AUDIO;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.LONG;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.SHORT;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.await;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.config;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.Quirks;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a connection sends audio, flushes, keeps itself alive and gives up a peer that reads nothing. */
class DeepgramProviderAudioTest {

    private final DeepgramProviderFixture deepgram = new DeepgramProviderFixture();
    private final RecordingListener heard = deepgram.heard;

    @AfterEach
    void close() {
        deepgram.close();
    }

    @Test
    void neverSendsAnEmptyFrame() {
        RecogniserConnection connection = deepgram.open("key");

        connection.send(new byte[0]);
        connection.send(AUDIO.slice(0, 100));
        connection.end();

        await().until(heard::isClosed);
        assertThat(heard.failure()).isNull();
        assertThat(deepgram.connection(0).audioMillis()).isEqualTo(100);
        deepgram.standIn().assertNoBreach();
    }

    @Test
    void refusesAudioThatCutsASample() {
        RecogniserConnection connection = deepgram.open("key");

        connection.send(new byte[3]);

        await().until(heard::isClosed);
        assertThat(heard.failure())
                .isEqualTo(new RecogniserFailure(
                        Kind.STREAM_REFUSED, "audio_refused", "audio of 3 bytes; allowed: whole samples of 2 bytes"));
        deepgram.standIn().assertNoBreach();
    }

    @Test
    void leavesTheCallersAudioAsItWas() {
        RecogniserConnection connection = deepgram.open("key");
        byte[] pcm = AUDIO.slice(0, 1000);

        connection.send(pcm);
        connection.end();

        await().until(heard::isClosed);
        assertThat(pcm).isEqualTo(AUDIO.slice(0, 1000));
    }

    @Test
    void getsAFinalOfEverythingSentWhenItFlushes() {
        RecogniserConnection connection = deepgram.open("key");
        connection.send(AUDIO.slice(0, AUDIO.words().get(1).endMillis()));

        connection.flush();

        await().until(() -> !heard.finals().isEmpty());
        assertThat(heard.finalWords()).isEqualTo(texts(AUDIO).subList(0, 2));
        assertThat(heard.finals().get(0).utteranceEnd()).isTrue();
        assertThat(deepgram.connection(0).controlMessages()).containsExactly("{\"type\":\"Finalize\"}");
        assertThat(heard.isClosed()).isFalse();
    }

    @Test
    void keepsAnIdleConnectionAliveWithText() {
        deepgram.replaceStandIn(
                config(Quirks.NONE).withNanoTime(System::nanoTime).withIdleTimeout(Duration.ofMillis(500)));
        RecogniserConnection connection = deepgram.open("key", deepgram.transport(LONG, SHORT, LONG, LONG));
        connection.send(AUDIO.slice(0, 100));

        await().until(() -> deepgram.connection(0).controlMessages().size() >= 10);

        assertThat(deepgram.connection(0).controlMessages()).containsOnly("{\"type\":\"KeepAlive\"}");
        assertThat(heard.isClosed()).isFalse();
        deepgram.standIn().assertNoBreach();
    }

    @Test
    void givesUpWhenThePeerReadsNothingAnyMore() {
        deepgram.standIn().nextConnections(Fault.stopReading(Duration.ZERO));
        RecogniserConnection connection = deepgram.open("key", deepgram.transport(LONG, LONG, SHORT, LONG));

        // More than both kernels take, but less than the provider lets wait.
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            connection.send(new byte[9600]);
            return heard.isClosed();
        });

        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
        assertThat(heard.failure().reason()).startsWith("Deepgram does not take the audio: ");
    }

    @Test
    void cutsTheTcpConnectionOfAPeerThatReadsNothingAnyMore() {
        deepgram.standIn().nextConnections(Fault.stopReading(Duration.ZERO));
        RecogniserConnection connection =
                deepgram.open("key", deepgram.transport(Duration.ofSeconds(1), SHORT, SHORT, SHORT));

        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            connection.send(new byte[9600]);
            return heard.isClosed();
        });

        // What reads nothing does not see the end either, but what it writes is refused.
        await().until(() -> {
            deepgram.says("{}");
            return deepgram.connection(0).isClosed();
        });
    }

    @Test
    void letsNoMoreAudioWaitThanItsLimit() {
        deepgram.standIn().nextConnections(Fault.stopReading(Duration.ZERO));
        RecogniserConnection connection = deepgram.open("key");

        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            connection.send(new byte[DeepgramConnection.MAX_UNWRITTEN_BYTES / 4]);
            return heard.isClosed();
        });

        assertThat(heard.failure())
                .isEqualTo(new RecogniserFailure(
                        Kind.RETRYABLE,
                        "stalled",
                        "Deepgram does not take the audio: more than 524288 bytes wait to be sent"));
    }
}
