package io.rtaa.asr.deepgram;

import static io.rtaa.asr.deepgram.DeepgramProviderFixture.LONG;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.RATE;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.SHORT;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.await;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.testsupport.deepgram.Fault;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the provider sends to open a connection, and what it makes of a handshake that fails. */
class DeepgramProviderHandshakeTest {

    @TempDir
    Path directory;

    private final DeepgramProviderFixture deepgram = new DeepgramProviderFixture();
    private final RecordingListener heard = deepgram.heard;

    @AfterEach
    void close() {
        deepgram.close();
    }

    @Test
    void sendsTheCallsRateItsOptionsAndTheKeyInTheHeader() {
        DeepgramProvider provider = deepgram.provider("key")
                .withOptions(DeepgramOptions.DEFAULTS.with(Map.of("keyterm", "pin code,UPI", "tag", "a&b")));

        deepgram.openOn(provider, 24_000);

        var attempt = deepgram.standIn().attempts().get(0);
        assertThat(attempt.key()).isEqualTo("key");
        assertThat(attempt.query().get("sample_rate")).isEqualTo("24000");
        assertThat(attempt.query().get("encoding")).isEqualTo("linear16");
        assertThat(attempt.query().getAll("keyterm")).containsExactly("pin code", "UPI");
        assertThat(attempt.query().getAll("tag")).containsExactly("a&b");
        deepgram.standIn().assertNoBreach();
    }

    @Test
    void opensMoreConnectionsAtOnceThanAPoolWouldHold() {
        DeepgramProvider provider = deepgram.provider("key");
        List<RecordingListener> listeners = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            RecordingListener listener = new RecordingListener();
            listeners.add(listener);
            provider.open(request(RATE), listener);
        }

        await().until(() -> listeners.stream().allMatch(RecordingListener::isOpen));
        assertThat(deepgram.handshakes(HandshakeResult.ACCEPTED)).isEqualTo(80);
    }

    @ParameterizedTest
    @CsvSource({
        "400, SETTINGS_REFUSED, it does not take these settings (400)",
        "401, PROVIDER_REFUSES, the API key is not valid (401)",
        "402, PROVIDER_REFUSES, the account has no credit left (402)",
        "403, PROVIDER_REFUSES, the API key has no access to this model or feature (403)",
        "404, SETTINGS_REFUSED, it knows no such address or model (404)",
        "429, RETRYABLE, too many connections at once (429)",
        "500, RETRYABLE, it is out of order (500)",
        "503, RETRYABLE, it is out of order (503)",
        "200, RETRYABLE, 'not a Deepgram answer, the base URL may be wrong (200)'",
        "302, RETRYABLE, 'not a Deepgram answer, the base URL may be wrong (302)'"
    })
    void saysInWordsWhyAHandshakeWasRefusedAndTriesOnce(int status, Kind kind, String words) {
        deepgram.standIn().nextConnections(Fault.refuse(status));

        deepgram.provider("key").open(request(RATE), heard);

        await().until(heard::isClosed);
        assertThat(heard.names()).containsExactly("closed");
        assertThat(heard.failure().kind()).isEqualTo(kind);
        assertThat(heard.failure().reason())
                .contains(words)
                .contains(((Fault.Refuse) Fault.refuse(status)).message())
                .containsPattern("request [0-9a-f-]{36}");
        assertThat(deepgram.standIn().attempts()).hasSize(1);
    }

    /** The client's own redirects would carry the key to whatever address is named: CVE-2026-15075. */
    @Test
    void theKeyGoesToNoAddressThatAnAnswerNames() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer elsewhere = deepgram.vertx
                .createHttpServer()
                .requestHandler(request -> {
                    asked.add(String.valueOf(request.getHeader("Authorization")));
                    request.response().setStatusCode(400).end();
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        HttpServer redirecting = deepgram.vertx
                .createHttpServer()
                .requestHandler(request -> request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "http://127.0.0.1:" + elsewhere.actualPort() + "/v1/listen")
                        .end())
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        DeepgramProvider provider = deepgram.provider(
                DeepgramKeys.of("key"), DeepgramTransport.to(URI.create("ws://127.0.0.1:" + redirecting.actualPort())));

        provider.open(request(RATE), heard);

        await().until(heard::isClosed);
        assertThat(heard.failure().reason()).contains("(302)");
        assertThat(asked).isEmpty();
    }

    @Test
    void countsHandshakesByTheirResult() {
        DeepgramProvider provider = deepgram.provider("one,two,three,four,five");
        for (int status : new int[] {400, 429, 503}) {
            deepgram.standIn().nextConnections(Fault.refuse(status));
            RecordingListener listener = new RecordingListener();
            provider.open(request(RATE), listener);
            await().until(listener::isClosed);
        }
        deepgram.standIn().nextConnections(Fault.refuse(402));
        deepgram.openOn(provider);

        assertThat(deepgram.handshakes(HandshakeResult.SETTINGS_REFUSED)).isEqualTo(1);
        assertThat(deepgram.handshakes(HandshakeResult.TOO_MANY)).isEqualTo(1);
        assertThat(deepgram.handshakes(HandshakeResult.OUT_OF_ORDER)).isEqualTo(1);
        assertThat(deepgram.handshakes(HandshakeResult.KEY_REFUSED)).isEqualTo(1);
        assertThat(deepgram.handshakes(HandshakeResult.ACCEPTED)).isEqualTo(1);
    }

    @Test
    void saysThatNobodyIsThere() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        DeepgramProvider provider =
                deepgram.provider(DeepgramKeys.of("key"), DeepgramTransport.to(URI.create("ws://127.0.0.1:" + port)));

        provider.open(request(RATE), heard);

        await().until(heard::isClosed);
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
        assertThat(heard.failure().reason())
                .startsWith("no connection to Deepgram: ")
                .contains("refused");
        assertThat(deepgram.handshakes(HandshakeResult.UNREACHABLE)).isEqualTo(1);
    }

    @Test
    void givesUpAHandshakeThatIsNotAnswered() {
        deepgram.standIn().nextConnections(new Fault.Stall());

        deepgram.provider("key", deepgram.transport(SHORT, LONG, LONG, LONG)).open(request(RATE), heard);

        await().until(heard::isClosed);
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
    }

    @Test
    void closesASocketThatOpensAfterTheAbort() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "key");
        CompletableFuture<Long> time = new CompletableFuture<>();
        AtomicBoolean waits = new AtomicBoolean();
        // Looking at the key file's clock is the first thing done, so the handshake waits for the abort.
        DeepgramKeys keys = DeepgramKeys.ofFile(file, () -> waits.get() ? time.join() : 0);
        waits.set(true);
        DeepgramProvider provider = deepgram.provider(keys);

        provider.open(request(RATE), heard).abort();
        time.complete(0L);

        await().until(() -> deepgram.handshakes(HandshakeResult.ACCEPTED) == 1
                && !deepgram.standIn().connections().isEmpty()
                && deepgram.connection(0).isClosed());
        assertThat(heard.all).isEmpty();
    }
}
