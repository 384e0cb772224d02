package io.rtaa.asr.deepgram;

import static io.rtaa.asr.deepgram.DeepgramProviderFixture.AUDIO;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.LONG;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.SHORT;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.await;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.results;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.testsupport.deepgram.Fault;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a connection reports when Deepgram closes it, when it breaks, and after its end or its abort. */
class DeepgramProviderCloseTest {

    private final DeepgramProviderFixture deepgram = new DeepgramProviderFixture();
    private final RecordingListener heard = deepgram.heard;

    @AfterEach
    void close() {
        deepgram.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1008, DATA-0000, STREAM_REFUSED",
        "1008, '', STREAM_REFUSED",
        "1003, unsupported, STREAM_REFUSED",
        "1007, bad payload, STREAM_REFUSED",
        "1002, see https://dpgr.am/data0000, STREAM_REFUSED",
        "1002, protocol error, RETRYABLE",
        "1011, see https://dpgr.am/net0000, RETRYABLE",
        "1011, see https://dpgr.am/net0001, RETRYABLE",
        "1012, restart, RETRYABLE",
        "1000, bye, RETRYABLE",
        "4321, whatever, RETRYABLE"
    })
    void saysWhatACloseMeans(int code, String payload, Kind kind) {
        deepgram.standIn().nextConnections(new Fault.Close(Duration.ofMillis(100), code, payload, true));
        RecogniserConnection connection = deepgram.open("key");

        connection.send(AUDIO.slice(0, 100));

        await().until(heard::isClosed);
        assertThat(heard.names()).endsWith("alive", "closed");
        assertThat(heard.failure().kind()).isEqualTo(kind);
        assertThat(heard.failure().reason()).contains("close " + code).contains(payload);
    }

    /** Left out quietly, it would take the words of a final with it. */
    @Test
    void losesTheConnectionByAMessageThatIsTooBig() {
        deepgram.open("key");

        deepgram.says(results(0, 1, "x".repeat(DeepgramProvider.MAX_MESSAGE_BYTES), true, false));

        await().until(heard::isClosed);
        assertThat(heard.finals()).isEmpty();
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
        assertThat(heard.failure().reason()).contains("more than 1048576 bytes");
    }

    @Test
    void takesABrokenConnectionForLost() {
        deepgram.standIn().nextConnections(Fault.drop(Duration.ofMillis(300)));
        DeepgramProvider provider = deepgram.provider("key");
        RecogniserConnection connection = deepgram.openOn(provider);

        connection.send(AUDIO.slice(0, 300));

        await().until(heard::isClosed);
        assertThat(heard.failure())
                .isEqualTo(new RecogniserFailure(Kind.RETRYABLE, "broke_off", "the connection to Deepgram broke off"));
    }

    @Test
    void takesABreakAfterTheEndForLostToo() {
        deepgram.standIn().nextConnections(new Fault.IgnoreCloseStream());
        RecogniserConnection connection = deepgram.open("key");
        connection.send(AUDIO.slice(0, 100));

        connection.end();
        await().until(() -> deepgram.connection(0).controlMessages().contains("{\"type\":\"CloseStream\"}"));
        deepgram.standIn().hitLive(Fault.drop(Duration.ZERO));

        await().until(heard::isClosed);
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
    }

    @Test
    void givesUpWhenTheEndIsNotAnswered() {
        deepgram.standIn().nextConnections(new Fault.IgnoreCloseStream());
        RecogniserConnection connection = deepgram.open("key", deepgram.transport(LONG, LONG, LONG, SHORT));
        connection.send(AUDIO.slice(0, 100));

        connection.end();

        await().until(heard::isClosed);
        assertThat(heard.failure())
                .isEqualTo(new RecogniserFailure(
                        Kind.RETRYABLE, "not_finished", "Deepgram did not finish within 80 ms of the end"));
        await().until(() -> deepgram.connection(0).isClosed());
    }

    @Test
    void hearsNothingOfAFrozenPeerAndLeavesItWhenToldTo() {
        deepgram.standIn().nextConnections(Fault.freeze(Duration.ofMillis(100)));
        DeepgramProvider provider = deepgram.provider("key");
        RecogniserConnection connection = deepgram.openOn(provider);
        deepgram.say(connection, AUDIO);
        await().until(() -> deepgram.connection(0).audioMillis() == AUDIO.millis());

        connection.abort();

        await().until(() -> deepgram.connection(0).isClosed());
        assertThat(heard.names()).containsExactly("opened");
    }

    @Test
    void saysNothingAfterAnAbortAndTakesNothing() {
        RecogniserConnection connection = deepgram.open("key");
        connection.send(AUDIO.slice(0, 100));
        await().until(() -> deepgram.connection(0).audioMillis() == 100);

        connection.abort();
        connection.send(AUDIO.slice(100, 200));
        connection.flush();
        connection.end();
        connection.abort();

        await().until(() -> deepgram.connection(0).isClosed());
        assertThat(deepgram.connection(0).audioMillis()).isEqualTo(100);
        assertThat(deepgram.connection(0).controlMessages()).isEmpty();
        assertThat(heard.names()).containsExactly("opened");
    }

    @Test
    void saysNothingMoreOnceItIsClosed() {
        deepgram.standIn().nextConnections(Fault.drop(Duration.ofMillis(100)));
        RecogniserConnection connection = deepgram.open("key");
        connection.send(AUDIO.slice(0, 100));
        await().until(heard::isClosed);
        int before = heard.all.size();

        connection.send(AUDIO.slice(100, 200));
        connection.end();
        connection.abort();
        deepgram.openAnother(deepgram.provider("key"));

        assertThat(heard.all).hasSize(before);
    }
}
