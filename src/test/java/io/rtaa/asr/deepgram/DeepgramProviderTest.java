package io.rtaa.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Awaitility.setDefaultPollInterval;
import static org.awaitility.Awaitility.setDefaultTimeout;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.asr.RecogniserRequest;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.Quirks;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.rtaa.testsupport.deepgram.StandInConnection;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider over real sockets. The stand-in's clock runs so fast that audio may be sent at once. */
class DeepgramProviderTest {

    private static final int RATE = 8000;
    private static final int FRAME_MILLIS = 100;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(80);
    private static final SpokenAudio AUDIO = SpokenAudio.speak(RATE, 1, 20, 7);

    private static Vertx vertx;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final RecordingListener heard = new RecordingListener();
    private DeepgramStandIn standIn = standIn(Quirks.NONE);

    @BeforeAll
    static void startVertx() {
        setDefaultTimeout(Duration.ofSeconds(10));
        setDefaultPollInterval(Duration.ofMillis(10));
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        Awaitility.reset();
        vertx.close();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    // ---------------------------------------------------------------- the plain way

    @Test
    void hearsEveryWordOnceWithItsTimesAndEndsWell() {
        RecogniserConnection connection = openOn(provider("key"));

        say(connection, AUDIO);
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
        standIn.assertNoBreach();
    }

    @ParameterizedTest
    @CsvSource({"hi, hi", "multi,"})
    void saysTheLanguageThatWasAskedForWhereTheServiceTellsNone(String asked, String told) {
        RecogniserConnection connection = openOn(provider("key").withParameters(Map.of("language", asked)));

        say(connection, AUDIO);
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
        standIn = standIn(Quirks.SOME, seed);
        SpokenAudio audio = SpokenAudio.speak(16_000, 500, 60, seed);
        RecogniserConnection connection = openOn(provider("key"), 16_000);

        say(connection, audio);
        connection.end();

        await().until(heard::isClosed);
        assertThat(heard.failure()).isNull();
        assertThat(heard.finalWords()).isEqualTo(texts(audio));
        for (int i = 1; i < heard.finals().size(); i++) {
            assertThat(heard.finals().get(i).startMillis())
                    .isEqualTo(heard.finals().get(i - 1).endMillis());
        }
        assertUtterancesEndAfterWordsOnly();
        standIn.assertNoBreach();
    }

    @Test
    void sendsTheCallsRateItsOptionsAndTheKeyInTheHeader() {
        DeepgramProvider provider = provider("key")
                .withOptions(DeepgramOptions.DEFAULTS.with(Map.of("keyterm", "pin code,UPI", "tag", "a&b")));

        openOn(provider, 24_000);

        var attempt = standIn.attempts().get(0);
        assertThat(attempt.key()).isEqualTo("key");
        assertThat(attempt.query().get("sample_rate")).isEqualTo("24000");
        assertThat(attempt.query().get("encoding")).isEqualTo("linear16");
        assertThat(attempt.query().getAll("keyterm")).containsExactly("pin code", "UPI");
        assertThat(attempt.query().getAll("tag")).containsExactly("a&b");
        standIn.assertNoBreach();
    }

    @Test
    void opensMoreConnectionsAtOnceThanAPoolWouldHold() {
        DeepgramProvider provider = provider("key");
        List<RecordingListener> listeners = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            RecordingListener listener = new RecordingListener();
            listeners.add(listener);
            provider.open(request(RATE), listener);
        }

        await().until(() -> listeners.stream().allMatch(RecordingListener::isOpen));
        assertThat(handshakes(HandshakeResult.ACCEPTED)).isEqualTo(80);
    }

    @Test
    void neverSendsAnEmptyFrame() {
        RecogniserConnection connection = openOn(provider("key"));

        connection.send(new byte[0]);
        connection.send(AUDIO.slice(0, 100));
        connection.end();

        await().until(heard::isClosed);
        assertThat(heard.failure()).isNull();
        assertThat(connection(0).audioMillis()).isEqualTo(100);
        standIn.assertNoBreach();
    }

    @Test
    void refusesAudioThatCutsASample() {
        RecogniserConnection connection = openOn(provider("key"));

        connection.send(new byte[3]);

        await().until(heard::isClosed);
        assertThat(heard.failure())
                .isEqualTo(new RecogniserFailure(
                        Kind.STREAM_REFUSED, "audio_refused", "audio of 3 bytes; allowed: whole samples of 2 bytes"));
        standIn.assertNoBreach();
    }

    @Test
    void leavesTheCallersAudioAsItWas() {
        RecogniserConnection connection = openOn(provider("key"));
        byte[] pcm = AUDIO.slice(0, 1000);

        connection.send(pcm);
        connection.end();

        await().until(heard::isClosed);
        assertThat(pcm).isEqualTo(AUDIO.slice(0, 1000));
    }

    @Test
    void getsAFinalOfEverythingSentWhenItFlushes() {
        RecogniserConnection connection = openOn(provider("key"));
        connection.send(AUDIO.slice(0, AUDIO.words().get(1).endMillis()));

        connection.flush();

        await().until(() -> !heard.finals().isEmpty());
        assertThat(heard.finalWords()).isEqualTo(texts(AUDIO).subList(0, 2));
        assertThat(heard.finals().get(0).utteranceEnd()).isTrue();
        assertThat(connection(0).controlMessages()).containsExactly("{\"type\":\"Finalize\"}");
        assertThat(heard.isClosed()).isFalse();
    }

    @Test
    void keepsAnIdleConnectionAliveWithText() {
        standIn = start(config(Quirks.NONE).withNanoTime(System::nanoTime).withIdleTimeout(Duration.ofMillis(500)));
        RecogniserConnection connection = openOn(provider("key", transport(LONG, SHORT, LONG, LONG)));
        connection.send(AUDIO.slice(0, 100));

        await().until(() -> connection(0).controlMessages().size() >= 10);

        assertThat(connection(0).controlMessages()).containsOnly("{\"type\":\"KeepAlive\"}");
        assertThat(heard.isClosed()).isFalse();
        standIn.assertNoBreach();
    }

    @Test
    void passesOverWhatItDoesNotKnowAndCountsIt() {
        DeepgramProvider provider = provider("key");
        standIn.nextConnections(new Fault.Say(Duration.ofMillis(100), "{\"type\":\"Weather\",\"start\":\"cloudy\"}"));
        RecogniserConnection connection = openOn(provider);

        connection.send(AUDIO.slice(0, 100));
        await().until(() -> count("messages.unknown") == 1);
        standIn.hitLive(new Fault.Say(Duration.ZERO, "no json"));
        await().until(() -> count("messages.malformed") == 1);
        standIn.hitLive(new Fault.Say(Duration.ZERO, "{\"type\":\"Metadata\",\"mood\":1}"));
        await().until(() -> count("fields.unknown") == 1);

        assertThat(heard.names()).contains("alive").doesNotContain("closed");
    }

    @Test
    void takesEveryMessageForASignOfLife() {
        RecogniserConnection connection = openOn(provider("key"));
        connection.send(AUDIO.slice(0, 100));

        for (String type : List.of("Metadata", "SpeechStarted", "UtteranceEnd", "Warning", "Weather")) {
            standIn.hitLive(new Fault.Say(Duration.ZERO, "{\"type\":\"" + type + "\"}"));
        }

        await().until(() -> heard.count("alive") == 5);
        assertThat(heard.count("utteranceEnd")).isZero();
    }

    @Test
    void logsAWarningOfTheServiceWithTheRequest() {
        try (LogCapture log = LogCapture.open()) {
            openOn(provider("s3cret"));
            standIn.hitLive(
                    new Fault.Say(Duration.ZERO, "{\"type\":\"Warning\",\"message\":\"key s3cret is \\n old\"}"));

            await().until(() -> heard.count("alive") == 1);

            assertThat(log.lines())
                    .anyMatch(line ->
                            line.contains("deepgram Warning: key [API key] is old") && line.contains("request_id="));
        }
    }

    // ---------------------------------------------------------------- utterances

    @Test
    void endsAnUtteranceOnAnEmptyFinalThatFollowsTheWords() {
        openOn(provider("key"));

        says(results(0, 1, "one", true, false));
        says(results(1, 1, "", true, true));
        says("{\"type\":\"UtteranceEnd\",\"last_word_end\":0.9}");

        await().until(() -> heard.count("alive") == 1);
        assertThat(heard.names()).containsExactly("opened", "final", "final", "utteranceEnd", "alive");
        assertThat(heard.finals()).allMatch(span -> !span.utteranceEnd());
    }

    @Test
    void endsAnUtteranceOnceWhereTheWordsSayItThemselves() {
        openOn(provider("key"));

        says(results(0, 1, "one", true, true));
        says("{\"type\":\"UtteranceEnd\",\"last_word_end\":0.9}");
        says(results(1, 1, "", true, true));

        await().until(() -> heard.count("final") == 2);
        assertThat(heard.names()).containsExactly("opened", "final", "alive", "final");
        assertThat(heard.finals().get(0).utteranceEnd()).isTrue();
        assertThat(heard.finals().get(1).utteranceEnd()).isFalse();
    }

    @Test
    void endsAnUtteranceOnUtteranceEndUnlessItNamesNoWord() {
        openOn(provider("key"));

        says(results(0, 1, "one", true, false));
        says("{\"type\":\"UtteranceEnd\",\"last_word_end\":-1}");
        says("{\"type\":\"UtteranceEnd\",\"last_word_end\":0.9}");
        says("{\"type\":\"UtteranceEnd\",\"last_word_end\":0.9}");

        await().until(() -> heard.count("alive") == 2);
        assertThat(heard.names()).containsExactly("opened", "final", "alive", "utteranceEnd", "alive");
    }

    @Test
    void endsAnUtteranceOnMetadata() {
        openOn(provider("key"));

        says(results(0, 1, "one", true, false));
        says("{\"type\":\"Metadata\"}");

        await().until(() -> heard.count("utteranceEnd") == 1);
        assertThat(heard.names()).containsExactly("opened", "final", "utteranceEnd");
    }

    // ---------------------------------------------------------------- refusals

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
        standIn.nextConnections(Fault.refuse(status));

        provider("key").open(request(RATE), heard);

        await().until(heard::isClosed);
        assertThat(heard.names()).containsExactly("closed");
        assertThat(heard.failure().kind()).isEqualTo(kind);
        assertThat(heard.failure().reason())
                .contains(words)
                .contains(((Fault.Refuse) Fault.refuse(status)).message())
                .containsPattern("request [0-9a-f-]{36}");
        assertThat(standIn.attempts()).hasSize(1);
    }

    @Test
    void countsHandshakesByTheirResult() {
        DeepgramProvider provider = provider("one,two,three,four,five");
        for (int status : new int[] {400, 429, 503}) {
            standIn.nextConnections(Fault.refuse(status));
            RecordingListener listener = new RecordingListener();
            provider.open(request(RATE), listener);
            await().until(listener::isClosed);
        }
        standIn.nextConnections(Fault.refuse(402));
        openOn(provider);

        assertThat(handshakes(HandshakeResult.SETTINGS_REFUSED)).isEqualTo(1);
        assertThat(handshakes(HandshakeResult.TOO_MANY)).isEqualTo(1);
        assertThat(handshakes(HandshakeResult.OUT_OF_ORDER)).isEqualTo(1);
        assertThat(handshakes(HandshakeResult.KEY_REFUSED)).isEqualTo(1);
        assertThat(handshakes(HandshakeResult.ACCEPTED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403})
    void triesTheNextKeyAndLeavesTheRefusedOneAlone(int status) {
        DeepgramProvider provider = provider("bad,good");
        standIn.nextConnections(Fault.refuse(status));

        openOn(provider);
        openAnother(provider);

        assertThat(standIn.attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("bad", "good", "good");
    }

    @Test
    void givesUpAfterOneAttemptWithEachKeyAndLeavesThemAloneForAWhile() {
        standIn.acceptOnly("another");
        DeepgramProvider provider = provider("one,two");

        provider.open(request(RATE), heard);
        await().until(heard::isClosed);
        RecordingListener later = new RecordingListener();
        provider.open(request(RATE), later);
        await().until(later::isClosed);

        assertThat(standIn.attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("one", "two");
        for (RecordingListener listener : List.of(heard, later)) {
            assertThat(listener.failure().kind()).isEqualTo(Kind.PROVIDER_REFUSES);
            assertThat(listener.failure().reason())
                    .contains("the API key is not valid (401) “Invalid credentials.”, request ");
        }
        assertThat(provider.refusal()).isNotNull();
        assertThat(refusedKeys()).isEqualTo(2);
    }

    @Test
    void whatManyConnectionsMeetIsOneLineAndTheirOpeningAndLossAreNone() {
        List<RecordingListener> listeners = new ArrayList<>();
        try (LogCapture log = LogCapture.open()) {
            standIn.acceptOnly("good");
            DeepgramProvider provider = provider("bad,good");
            for (int call = 0; call < 20; call++) {
                RecordingListener listener = new RecordingListener();
                listeners.add(listener);
                provider.open(request(RATE), listener);
            }
            await().until(() -> listeners.stream().allMatch(RecordingListener::isOpen));
            // The client may know of a connection before the stand-in does.
            await().until(() -> standIn.connections().size() == 20);
            says("{\"type\":\"Warning\",\"message\":\"old model\"}");
            await().until(() -> listeners.stream().allMatch(listener -> listener.count("alive") == 1));
            standIn.hitLive(Fault.drop(Duration.ZERO));
            await().until(() -> listeners.stream().allMatch(RecordingListener::isClosed));

            List<String> told = log.lines().stream()
                    .filter(line -> line.contains(DeepgramConnection.class.getSimpleName()))
                    .filter(line -> !line.startsWith("DEBUG") && !line.startsWith("TRACE"))
                    .toList();
            assertThat(told)
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).startsWith("WARN ").contains("API key 1: Deepgram refused"),
                            line -> assertThat(line).startsWith("WARN ").contains("deepgram Warning: old model"));
            assertThat(log.lines())
                    .as("each is there for who looks closer")
                    .filteredOn(line -> line.contains("deepgram connection open"))
                    .hasSize(20);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403})
    void takesARefusedKeyAgainOnceItHasCooledDown(int status) {
        DeepgramProvider provider = provider(
                "key", new DeepgramTransport(standIn.url(), LONG, LONG, LONG, LONG, Duration.ofMillis(1), SHORT));
        standIn.nextConnections(Fault.refuse(status));
        provider.open(request(RATE), heard);
        await().until(heard::isClosed);
        assertThat(provider.refusal()).isNotNull();

        await().untilAsserted(() -> {
            RecordingListener later = new RecordingListener();
            provider.open(request(RATE), later);
            await().until(() -> later.isOpen() || later.isClosed());
            assertThat(later.isOpen()).isTrue();
        });
        assertThat(provider.refusal()).isNull();
        assertThat(refusedKeys()).isZero();
    }

    @Test
    void aForbiddenModelOfOneRouteLeavesTheKeyToAllOthers() {
        standIn.forbidModels("nova-2-medical");
        DeepgramProvider provider = provider("key");
        DeepgramProvider medical = provider.withParameters(Map.of("model", "nova-2-medical"));

        medical.open(request(RATE), heard);
        await().until(heard::isClosed);
        openAnother(provider);

        assertThat(heard.failure().kind()).isEqualTo(Kind.PROVIDER_REFUSES);
        assertThat(medical.refusal()).isNotNull();
        assertThat(provider.refusal()).isNull();
    }

    @Test
    void aRefusedKeyIsKnownToAllThatShareIt() {
        DeepgramProvider provider = provider("key");
        standIn.nextConnections(Fault.refuse(401));

        provider.open(request(RATE), heard);
        await().until(heard::isClosed);

        assertThat(provider.withParameters(Map.of("language", "hi")).refusal()).isNotNull();
    }

    @Test
    void takesTheNewKeyOfAFileThatChangedBeforeItGivesUp() throws IOException {
        standIn.acceptOnly("fresh");
        Path file = Files.writeString(directory.resolve("keys"), "old");
        // The clock of the keys stands still: what makes the file be read is the refusal.
        DeepgramProvider provider = provider(DeepgramKeys.ofFile(file, () -> 0), transport(LONG, LONG, LONG, LONG));
        Files.writeString(file, "fresh");

        openOn(provider);

        assertThat(standIn.attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("old", "fresh");
    }

    @Test
    void takesAKeyThatWasRotatedBetweenCallsWithoutTryingTheOldOne() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "old");
        long[] nanos = {0};
        DeepgramProvider provider =
                provider(DeepgramKeys.ofFile(file, () -> nanos[0]), transport(LONG, LONG, LONG, LONG));
        Files.writeString(file, "fresh");
        nanos[0] += DeepgramKeys.FILE_CHECK_INTERVAL.toNanos();

        openOn(provider);

        assertThat(standIn.attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("fresh");
    }

    @Test
    void readsItsKeyFileWhileOthersHaveAllOfVertxWorkers() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "old");
        long[] nanos = {0};
        DeepgramProvider provider =
                provider(DeepgramKeys.ofFile(file, () -> nanos[0]), transport(LONG, LONG, LONG, LONG));
        Files.writeString(file, "fresh");
        nanos[0] += DeepgramKeys.FILE_CHECK_INTERVAL.toNanos();
        CountDownLatch goOn = new CountDownLatch(1);
        try {
            for (int i = 0; i < VertxOptions.DEFAULT_WORKER_POOL_SIZE; i++) {
                vertx.executeBlocking(
                        () -> {
                            goOn.await();
                            return null;
                        },
                        false);
            }

            openOn(provider);
        } finally {
            goOn.countDown();
        }

        assertThat(standIn.attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("fresh");
    }

    @Test
    void saysThatNobodyIsThere() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        DeepgramProvider provider = closing(new DeepgramProvider(
                vertx,
                meters,
                DeepgramTransport.to(URI.create("ws://127.0.0.1:" + port)),
                DeepgramOptions.DEFAULTS,
                DeepgramKeys.of("key")));

        provider.open(request(RATE), heard);

        await().until(heard::isClosed);
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
        assertThat(heard.failure().reason())
                .startsWith("no connection to Deepgram: ")
                .contains("refused");
        assertThat(handshakes(HandshakeResult.UNREACHABLE)).isEqualTo(1);
    }

    @Test
    void givesUpAHandshakeThatIsNotAnswered() {
        standIn.nextConnections(new Fault.Stall());

        provider("key", transport(SHORT, LONG, LONG, LONG)).open(request(RATE), heard);

        await().until(heard::isClosed);
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
    }

    // ---------------------------------------------------------------- closes

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
        standIn.nextConnections(new Fault.Close(Duration.ofMillis(100), code, payload, true));
        RecogniserConnection connection = openOn(provider("key"));

        connection.send(AUDIO.slice(0, 100));

        await().until(heard::isClosed);
        assertThat(heard.names()).endsWith("alive", "closed");
        assertThat(heard.failure().kind()).isEqualTo(kind);
        assertThat(heard.failure().reason()).contains("close " + code).contains(payload);
    }

    /** Left out quietly, it would take the words of a final with it. */
    @Test
    void losesTheConnectionByAMessageThatIsTooBig() {
        openOn(provider("key"));

        says(results(0, 1, "x".repeat(DeepgramProvider.MAX_MESSAGE_BYTES), true, false));

        await().until(heard::isClosed);
        assertThat(heard.finals()).isEmpty();
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
        assertThat(heard.failure().reason()).contains("more than 1048576 bytes");
    }

    @Test
    void takesABrokenConnectionForLost() {
        standIn.nextConnections(Fault.drop(Duration.ofMillis(300)));
        DeepgramProvider provider = provider("key");
        RecogniserConnection connection = openOn(provider);

        connection.send(AUDIO.slice(0, 300));

        await().until(heard::isClosed);
        assertThat(heard.failure())
                .isEqualTo(new RecogniserFailure(Kind.RETRYABLE, "broke_off", "the connection to Deepgram broke off"));
    }

    @Test
    void takesABreakAfterTheEndForLostToo() {
        standIn.nextConnections(new Fault.IgnoreCloseStream());
        RecogniserConnection connection = openOn(provider("key"));
        connection.send(AUDIO.slice(0, 100));

        connection.end();
        await().until(() -> connection(0).controlMessages().contains("{\"type\":\"CloseStream\"}"));
        standIn.hitLive(Fault.drop(Duration.ZERO));

        await().until(heard::isClosed);
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
    }

    @Test
    void givesUpWhenTheEndIsNotAnswered() {
        standIn.nextConnections(new Fault.IgnoreCloseStream());
        RecogniserConnection connection = openOn(provider("key", transport(LONG, LONG, LONG, SHORT)));
        connection.send(AUDIO.slice(0, 100));

        connection.end();

        await().until(heard::isClosed);
        assertThat(heard.failure())
                .isEqualTo(new RecogniserFailure(
                        Kind.RETRYABLE, "not_finished", "Deepgram did not finish within 80 ms of the end"));
        await().until(() -> connection(0).isClosed());
    }

    @Test
    void givesUpWhenThePeerReadsNothingAnyMore() {
        standIn.nextConnections(Fault.stopReading(Duration.ZERO));
        RecogniserConnection connection = openOn(provider("key", transport(LONG, LONG, SHORT, LONG)));

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
        standIn.nextConnections(Fault.stopReading(Duration.ZERO));
        RecogniserConnection connection =
                openOn(provider("key", transport(Duration.ofSeconds(1), SHORT, SHORT, SHORT)));

        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            connection.send(new byte[9600]);
            return heard.isClosed();
        });

        // What reads nothing does not see the end either, but what it writes is refused.
        await().until(() -> {
            says("{}");
            return connection(0).isClosed();
        });
    }

    @Test
    void opensConnectionsOnAllEventLoopsWhereOneThreadAsksForThem() {
        EventLoops eventLoops = new EventLoops(vertx);
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        await().until(() -> {
            eventLoops.currentOrNext().runOnContext(ignored -> used.add(Thread.currentThread()));
            return used.size() == Runtime.getRuntime().availableProcessors();
        });
    }

    @Test
    void letsNoMoreAudioWaitThanItsLimit() {
        standIn.nextConnections(Fault.stopReading(Duration.ZERO));
        RecogniserConnection connection = openOn(provider("key"));

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

    @Test
    void hearsNothingOfAFrozenPeerAndLeavesItWhenToldTo() {
        standIn.nextConnections(Fault.freeze(Duration.ofMillis(100)));
        DeepgramProvider provider = provider("key");
        RecogniserConnection connection = openOn(provider);
        say(connection, AUDIO);
        await().until(() -> connection(0).audioMillis() == AUDIO.millis());

        connection.abort();

        await().until(() -> connection(0).isClosed());
        assertThat(heard.names()).containsExactly("opened");
    }

    @Test
    void saysNothingAfterAnAbortAndTakesNothing() {
        RecogniserConnection connection = openOn(provider("key"));
        connection.send(AUDIO.slice(0, 100));
        await().until(() -> connection(0).audioMillis() == 100);

        connection.abort();
        connection.send(AUDIO.slice(100, 200));
        connection.flush();
        connection.end();
        connection.abort();

        await().until(() -> connection(0).isClosed());
        assertThat(connection(0).audioMillis()).isEqualTo(100);
        assertThat(connection(0).controlMessages()).isEmpty();
        assertThat(heard.names()).containsExactly("opened");
    }

    @Test
    void closesASocketThatOpensAfterTheAbort() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "key");
        CompletableFuture<Long> time = new CompletableFuture<>();
        AtomicBoolean waits = new AtomicBoolean();
        // Looking at the key file's clock is the first thing done, so the handshake waits for the abort.
        DeepgramKeys keys = DeepgramKeys.ofFile(file, () -> waits.get() ? time.join() : 0);
        waits.set(true);
        DeepgramProvider provider = provider(keys, transport(LONG, LONG, LONG, LONG));

        provider.open(request(RATE), heard).abort();
        time.complete(0L);

        await().until(() -> handshakes(HandshakeResult.ACCEPTED) == 1
                && !standIn.connections().isEmpty()
                && connection(0).isClosed());
        assertThat(heard.all).isEmpty();
    }

    @Test
    void saysNothingMoreOnceItIsClosed() {
        standIn.nextConnections(Fault.drop(Duration.ofMillis(100)));
        RecogniserConnection connection = openOn(provider("key"));
        connection.send(AUDIO.slice(0, 100));
        await().until(heard::isClosed);
        int before = heard.all.size();

        connection.send(AUDIO.slice(100, 200));
        connection.end();
        connection.abort();
        openAnother(provider("key"));

        assertThat(heard.all).hasSize(before);
    }

    // ---------------------------------------------------------------- secrets

    @Test
    void neverShowsAKeyHoweverThingsFail() {
        String secret = "s3cret-k3y-0123456789";
        List<String> reasons = new ArrayList<>();
        try (LogCapture log = LogCapture.open()) {
            for (int status : new int[] {400, 401, 402, 403, 404, 429, 503}) {
                // A peer that gives the key back, at a place where shortening would cut through it.
                standIn.nextConnections(new Fault.Refuse(status, "X", "no ".repeat(62) + secret + " is not " + secret));
                reasons.add(lost(provider(secret), new byte[0]));
            }
            standIn.nextConnections(new Fault.Close(Duration.ZERO, 1008, "bad " + secret, false));
            reasons.add(lost(provider(secret), new byte[2]));
            DeepgramProvider provider = provider(secret);
            RecordingListener another = openAnother(provider);
            // The client may know of a connection before the stand-in does.
            await().until(() -> standIn.connections().size() == 2);
            standIn.hitLive(new Fault.Say(Duration.ZERO, "{\"type\":\"Error\",\"message\":\"" + secret + "\"}"));
            standIn.hitLive(Fault.drop(Duration.ZERO));
            await().until(another::isClosed);

            assertThat(reasons).hasSize(8).noneMatch(reason -> reason.contains("s3cret"));
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("deepgram connection open"))
                    .noneMatch(line -> line.contains("s3cret") || line.contains("model="));
        }
    }

    private String lost(DeepgramProvider provider, byte[] audio) {
        RecordingListener listener = new RecordingListener();
        RecogniserConnection connection = provider.open(request(RATE), listener);
        await().until(() -> !listener.all.isEmpty());
        connection.send(audio);
        await().until(listener::isClosed);
        return listener.failure().toString();
    }

    // ---------------------------------------------------------------- help

    private void says(String text) {
        standIn.hitLive(new Fault.Say(Duration.ZERO, text));
    }

    private static String results(int start, int duration, String text, boolean isFinal, boolean speechFinal) {
        return "{\"type\":\"Results\",\"start\":" + start + ",\"duration\":" + duration + ",\"is_final\":" + isFinal
                + ",\"speech_final\":" + speechFinal + ",\"channel\":{\"alternatives\":[{\"transcript\":\"" + text
                + "\",\"words\":[]}]}}";
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

    /** Sends all of it, not so fast that too much would wait to be sent. */
    private void say(RecogniserConnection connection, SpokenAudio audio) {
        long sentMillis = 0;
        for (byte[] frame : audio.frames(FRAME_MILLIS)) {
            connection.send(frame);
            sentMillis += FRAME_MILLIS;
            if (sentMillis % 5000 == 0) {
                long soFar = sentMillis;
                await().until(() -> connection(0).audioMillis() >= soFar || heard.isClosed());
            }
        }
    }

    private static List<String> texts(SpokenAudio audio) {
        return audio.words().stream().map(SpokenAudio.Spoken::text).toList();
    }

    private StandInConnection connection(int index) {
        return standIn.connections().get(index);
    }

    private RecogniserConnection openOn(DeepgramProvider provider) {
        return openOn(provider, RATE);
    }

    private RecogniserConnection openOn(DeepgramProvider provider, int sampleRate) {
        RecogniserConnection connection = provider.open(request(sampleRate), heard);
        await().until(heard::isOpen);
        return connection;
    }

    private RecordingListener openAnother(DeepgramProvider provider) {
        RecordingListener listener = new RecordingListener();
        provider.open(request(RATE), listener);
        await().until(listener::isOpen);
        return listener;
    }

    private double handshakes(HandshakeResult result) {
        return meters.get("rtaa.deepgram.handshakes")
                .tag("result", result.name().toLowerCase(Locale.ROOT))
                .counter()
                .count();
    }

    private double count(String what) {
        return meters.get("rtaa.deepgram." + what).counter().count();
    }

    private double refusedKeys() {
        return meters.get("rtaa.deepgram.keys.refused").gauge().value();
    }

    private static RecogniserRequest request(int sampleRate) {
        return new RecogniserRequest(
                new CallInfo(new StreamId("acme", "call-1"), null, null, null, null, sampleRate, 0));
    }

    private DeepgramProvider provider(String keys) {
        return provider(keys, transport(LONG, LONG, LONG, LONG));
    }

    private DeepgramProvider provider(String keys, DeepgramTransport transport) {
        return provider(DeepgramKeys.of(keys), transport);
    }

    private DeepgramProvider provider(DeepgramKeys keys, DeepgramTransport transport) {
        return closing(new DeepgramProvider(vertx, meters, transport, DeepgramOptions.DEFAULTS, keys));
    }

    private DeepgramTransport transport(Duration connect, Duration keepAlive, Duration send, Duration drain) {
        return new DeepgramTransport(standIn.url(), connect, keepAlive, send, drain, LONG, LONG);
    }

    private DeepgramStandIn standIn(Quirks quirks) {
        return start(config(quirks));
    }

    private DeepgramStandIn standIn(Quirks quirks, long seed) {
        return start(config(quirks).withSeed(seed));
    }

    private static DeepgramStandIn.Config config(Quirks quirks) {
        return DeepgramStandIn.Config.standard()
                .withQuirks(quirks)
                .withNanoTime(() -> System.nanoTime() * 100_000)
                .withIdleTimeout(Duration.ofDays(100));
    }

    private DeepgramStandIn start(DeepgramStandIn.Config config) {
        return closing(DeepgramStandIn.start(vertx, config));
    }

    private <T extends AutoCloseable> T closing(T closeable) {
        open.add(closeable);
        return closeable;
    }
}
