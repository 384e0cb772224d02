package io.rtaa.testsupport.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stand-in against a bare websocket client, as whoever trusts it has to know that it catches what it should. */
class DeepgramStandInTest {

    private static final String GOOD_QUERY = "encoding=linear16&sample_rate=8000&channels=1&model=nova-3"
            + "&interim_results=true&utterance_end_ms=1000&endpointing=300";

    private final AtomicLong nanos = new AtomicLong();
    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient client = vertx.createWebSocketClient();
    private final DeepgramStandIn standIn =
            DeepgramStandIn.start(vertx, DeepgramStandIn.Config.standard().withNanoTime(nanos::get));
    private final List<JsonObject> said = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        vertx.close();
    }

    @Test
    void saysNothingBeforeAudioAndNotesNothingAgainstAGoodClient() throws Exception {
        WebSocket socket = connect(GOOD_QUERY);
        socket.writeTextMessage("{\"type\":\"KeepAlive\"}");
        await().until(() -> standIn.connections().get(0).controlMessages().size() == 1);
        assertThat(said).isEmpty();

        SpokenAudio audio = SpokenAudio.speak(8000, 0, 10, 3);
        for (byte[] frame : audio.frames(100)) {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            socket.writeBinaryMessage(Buffer.buffer(frame));
        }
        socket.writeTextMessage("{\"type\":\"CloseStream\"}");

        await().until(() -> !said.isEmpty() && socket.isClosed());
        assertThat(said.get(said.size() - 1).getString("type")).isEqualTo("Metadata");
        assertThat(socket.closeStatusCode()).isEqualTo((short) 1000);
        standIn.assertNoBreach();
    }

    @Test
    void catchesAnEmptyBinaryFrame() throws Exception {
        connect(GOOD_QUERY).writeBinaryMessage(Buffer.buffer());

        assertBreach("an empty binary frame");
    }

    @Test
    void catchesAControlMessageSentAsBinary() throws Exception {
        connect(GOOD_QUERY).writeBinaryMessage(Buffer.buffer("{\"type\":\"KeepAlive\"}"));

        assertBreach("a control message sent as binary");
    }

    @Test
    void catchesAFrameThatCutsASample() throws Exception {
        connect(GOOD_QUERY).writeBinaryMessage(Buffer.buffer(new byte[321]));

        assertBreach("a frame of 321 bytes cuts a sample");
    }

    @Test
    void catchesAudioThatComesTooFast() throws Exception {
        WebSocket socket = connect(GOOD_QUERY);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        // 1.25 times a second, and 500 ms.
        socket.writeBinaryMessage(Buffer.buffer(new byte[1750 * 16]));
        await().until(() -> standIn.connections().get(0).audioMillis() == 1750);
        standIn.assertNoBreach();

        socket.writeBinaryMessage(Buffer.buffer(new byte[16]));

        assertBreach("audio too fast: 1751 ms within 1000 ms");
    }

    @Test
    void catchesTextThatIsNoControlMessageAndAudioAfterTheEnd() throws Exception {
        standIn.nextConnections(new Fault.IgnoreCloseStream());
        WebSocket socket = connect(GOOD_QUERY);
        socket.writeTextMessage("{\"type\":\"Hello\"}");
        socket.writeTextMessage("{\"type\":\"CloseStream\"}");
        socket.writeBinaryMessage(Buffer.buffer(new byte[160]));

        await().until(() -> standIn.breaches().size() == 2);
        assertThat(standIn.breaches())
                .containsExactly("no control message: {\"type\":\"Hello\"}", "audio after CloseStream");
    }

    @ParameterizedTest
    @CsvSource({
        "encoding=linear16, encoding=mulaw, 'encoding is mulaw, not linear16'",
        "channels=1&, '', 'channels is null, not 1'",
        "sample_rate=8000, sample_rate=fast, sample_rate is 'fast'",
        "&model=nova-3, '', model is missing",
        "interim_results=true, interim_results=false, utterance_end_ms is 1000 with interim_results=false",
        "utterance_end_ms=1000, utterance_end_ms=500, utterance_end_ms is 500",
        "endpointing=300, endpointing=300&endpointing=400, endpointing is given 2 times",
        "model=nova-3, model=nova-2&keyterm=x, keyterm with model nova-2",
        "model=nova-3, model=nova-3&keywords=x, keywords with model nova-3",
        "channels=1, channels=1&chanels=1, unknown query parameter chanels"
    })
    void refusesAWrongQueryAndNotesIt(String right, String wrong, String breach) {
        String query = GOOD_QUERY.replace(right, wrong);

        assertThatThrownBy(() -> connect(query)).hasMessageContaining("400");
        assertThat(standIn.breaches()).anyMatch(text -> text.contains(breach));
    }

    @Test
    void refusesAMissingKeyAndAWrongPath() {
        assertThatThrownBy(() -> connect(new WebSocketConnectOptions().setURI("/v1/listen?" + GOOD_QUERY)))
                .hasMessageContaining("401");
        assertThatThrownBy(() -> connect(new WebSocketConnectOptions().setURI("/v2/listen?" + GOOD_QUERY)))
                .hasMessageContaining("404");
        assertThat(standIn.breaches()).hasSize(2);
    }

    @Test
    void closesAConnectionThatSendsNothingAndTakesNoKeepAliveForAudio() throws Exception {
        WebSocket socket = connect(GOOD_QUERY);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        socket.writeTextMessage("{\"type\":\"KeepAlive\"}");
        await().until(() -> standIn.connections().get(0).controlMessages().size() == 1);

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));

        await().until(socket::isClosed);
        assertThat(socket.closeStatusCode()).isEqualTo((short) 1011);
        assertThat(socket.closeReason()).contains("net0001");
        assertThat(said).extracting(message -> message.getString("type")).containsExactly("Metadata");
    }

    @Test
    void refusesEveryHandshakeWhileAFaultGoesOn() throws Exception {
        try (DeepgramStandIn.Ongoing busy = standIn.during(Fault.refuse(429))) {
            assertThat(busy).isNotNull();
            assertThatThrownBy(() -> connect(GOOD_QUERY)).hasMessageContaining("429");
            assertThatThrownBy(() -> connect(GOOD_QUERY)).hasMessageContaining("429");
        }

        assertThat(connect(GOOD_QUERY).isClosed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void tellsEachWordOnceNearItsPlaceAndDifferentlyOnEachConnection(long seed) {
        SpokenAudio audio = SpokenAudio.speak(8000, 100, 80, seed);

        List<JsonObject> one = transcribe(audio, seed);
        List<JsonObject> other = transcribe(audio, seed + 1);

        assertThat(windows(one)).isNotEqualTo(windows(other));
        for (List<JsonObject> finals : List.of(one, other)) {
            List<JsonObject> words = finals.stream()
                    .flatMap(message -> message.getJsonObject("channel").getJsonArray("alternatives").stream())
                    .flatMap(alternative -> ((JsonObject) alternative).getJsonArray("words").stream())
                    .map(JsonObject.class::cast)
                    .toList();
            assertThat(words.stream().map(word -> word.getString("word")))
                    .containsExactlyElementsOf(
                            audio.words().stream().map(SpokenAudio.Spoken::text).toList());
            double lastEnd = 0;
            for (int i = 0; i < words.size(); i++) {
                assertThat(words.get(i).getDouble("start") * 1000
                                - audio.words().get(i).startMillis())
                        .isBetween(-81.0, 81.0);
                assertThat(words.get(i).getDouble("start")).isGreaterThanOrEqualTo(lastEnd);
                lastEnd = words.get(i).getDouble("end");
            }
        }
    }

    @Test
    void tellsAWordOfWhichHalfIsThere() {
        SpokenAudio audio = SpokenAudio.of(8000, List.of(new SpokenAudio.Spoken(5, 100, 500)), 2000);
        Ear most = new Ear.Marked(8000);
        most.hear(audio.slice(280, 2000));
        Ear little = new Ear.Marked(8000);
        little.hear(audio.slice(320, 2000));

        assertThat(most.words()).hasSize(1).allMatch(Ear.Heard::isRecognisable);
        assertThat(little.words()).hasSize(1).noneMatch(Ear.Heard::isRecognisable);
    }

    @Test
    void hearsBurstsOfAnySoundAsWords() {
        Ear ear = new Ear.Loudness(8000);
        ear.hear(SpokenAudio.of(
                        8000, List.of(new SpokenAudio.Spoken(1, 200, 500), new SpokenAudio.Spoken(2, 700, 1000)), 1500)
                .pcm());

        assertThat(ear.words()).extracting(word -> word.text).containsExactly("word1", "word2");
    }

    private static List<JsonObject> transcribe(SpokenAudio audio, long seed) {
        MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
        for (String pair : GOOD_QUERY.split("&", -1)) {
            parameters.add(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        Transcriber transcriber = new WordTranscriber(
                ListenQuery.read(parameters), new Ear.Marked(8000), new Random(seed), Quirks.SOME, "request");
        List<JsonObject> messages = new ArrayList<>(transcriber.hear(audio.pcm()));
        messages.addAll(transcriber.flush(false));
        return messages.stream()
                .filter(message -> message.getBoolean("is_final", false))
                .toList();
    }

    private static List<Object> windows(List<JsonObject> finals) {
        return finals.stream().map(message -> message.getValue("start")).toList();
    }

    private void assertBreach(String text) {
        await().until(() -> !standIn.breaches().isEmpty());
        assertThatThrownBy(standIn::assertNoBreach)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(text);
    }

    private WebSocket connect(String query) throws Exception {
        return connect(
                new WebSocketConnectOptions().setURI("/v1/listen?" + query).addHeader("Authorization", "Token key"));
    }

    private WebSocket connect(WebSocketConnectOptions options) throws Exception {
        WebSocket socket = client.connect(
                        options.setHost("127.0.0.1").setPort(standIn.url().getPort()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        socket.textMessageHandler(text -> said.add(new JsonObject(text)));
        await().until(() -> !standIn.connections().isEmpty());
        return socket;
    }
}
