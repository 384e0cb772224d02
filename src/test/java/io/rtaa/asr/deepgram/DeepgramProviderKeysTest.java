package io.rtaa.asr.deepgram;

import static io.rtaa.asr.deepgram.DeepgramProviderFixture.LONG;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.RATE;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.SHORT;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.await;
import static io.rtaa.asr.deepgram.DeepgramProviderFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Fault;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which API key the provider connects with when keys are refused or rotated, and that it shows no key. */
class DeepgramProviderKeysTest {

    @TempDir
    Path directory;

    private final DeepgramProviderFixture deepgram = new DeepgramProviderFixture();
    private final RecordingListener heard = deepgram.heard;

    @AfterEach
    void close() {
        deepgram.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403})
    void triesTheNextKeyAndLeavesTheRefusedOneAlone(int status) {
        DeepgramProvider provider = deepgram.provider("bad,good");
        deepgram.standIn().nextConnections(Fault.refuse(status));

        deepgram.openOn(provider);
        deepgram.openAnother(provider);

        assertThat(deepgram.standIn().attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("bad", "good", "good");
    }

    @Test
    void givesUpAfterOneAttemptWithEachKeyAndLeavesThemAloneForAWhile() {
        deepgram.standIn().acceptOnly("another");
        DeepgramProvider provider = deepgram.provider("one,two");

        provider.open(request(RATE), heard);
        await().until(heard::isClosed);
        RecordingListener later = new RecordingListener();
        provider.open(request(RATE), later);
        await().until(later::isClosed);

        assertThat(deepgram.standIn().attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("one", "two");
        for (RecordingListener listener : List.of(heard, later)) {
            assertThat(listener.failure().kind()).isEqualTo(Kind.PROVIDER_REFUSES);
            assertThat(listener.failure().reason())
                    .contains("the API key is not valid (401) “Invalid credentials.”, request ");
        }
        assertThat(provider.refusal()).isNotNull();
        assertThat(deepgram.refusedKeys()).isEqualTo(2);
    }

    @Test
    void whatManyConnectionsMeetIsOneLineAndTheirOpeningAndLossAreNone() {
        List<RecordingListener> listeners = new ArrayList<>();
        try (LogCapture log = LogCapture.open()) {
            deepgram.standIn().acceptOnly("good");
            DeepgramProvider provider = deepgram.provider("bad,good");
            for (int call = 0; call < 20; call++) {
                RecordingListener listener = new RecordingListener();
                listeners.add(listener);
                provider.open(request(RATE), listener);
            }
            await().until(() -> listeners.stream().allMatch(RecordingListener::isOpen));
            // The client may know of a connection before the stand-in does.
            await().until(() -> deepgram.standIn().connections().size() == 20);
            deepgram.says("{\"type\":\"Warning\",\"message\":\"old model\"}");
            await().until(() -> listeners.stream().allMatch(listener -> listener.count("alive") == 1));
            deepgram.standIn().hitLive(Fault.drop(Duration.ZERO));
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
        DeepgramProvider provider = deepgram.provider(
                "key",
                new DeepgramTransport(deepgram.standIn().url(), LONG, LONG, LONG, LONG, Duration.ofMillis(1), SHORT));
        deepgram.standIn().nextConnections(Fault.refuse(status));
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
        assertThat(deepgram.refusedKeys()).isZero();
    }

    @Test
    void aForbiddenModelOfOneRouteLeavesTheKeyToAllOthers() {
        deepgram.standIn().forbidModels("nova-2-medical");
        DeepgramProvider provider = deepgram.provider("key");
        DeepgramProvider medical = provider.withParameters(Map.of("model", "nova-2-medical"));

        medical.open(request(RATE), heard);
        await().until(heard::isClosed);
        deepgram.openAnother(provider);

        assertThat(heard.failure().kind()).isEqualTo(Kind.PROVIDER_REFUSES);
        assertThat(medical.refusal()).isNotNull();
        assertThat(provider.refusal()).isNull();
    }

    @Test
    void aRefusedKeyIsKnownToAllThatShareIt() {
        DeepgramProvider provider = deepgram.provider("key");
        deepgram.standIn().nextConnections(Fault.refuse(401));

        provider.open(request(RATE), heard);
        await().until(heard::isClosed);

        assertThat(provider.withParameters(Map.of("language", "hi")).refusal()).isNotNull();
    }

    @Test
    void takesTheNewKeyOfAFileThatChangedBeforeItGivesUp() throws IOException {
        deepgram.standIn().acceptOnly("fresh");
        Path file = Files.writeString(directory.resolve("keys"), "old");
        // The clock of the keys stands still: what makes the file be read is the refusal.
        DeepgramProvider provider = deepgram.provider(DeepgramKeys.ofFile(file, () -> 0));
        Files.writeString(file, "fresh");

        deepgram.openOn(provider);

        assertThat(deepgram.standIn().attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("old", "fresh");
    }

    @Test
    void takesAKeyThatWasRotatedBetweenCallsWithoutTryingTheOldOne() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "old");
        long[] nanos = {0};
        DeepgramProvider provider = deepgram.provider(DeepgramKeys.ofFile(file, () -> nanos[0]));
        Files.writeString(file, "fresh");
        nanos[0] += DeepgramKeys.FILE_CHECK_INTERVAL.toNanos();

        deepgram.openOn(provider);

        assertThat(deepgram.standIn().attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("fresh");
    }

    @Test
    void readsItsKeyFileWhileOthersHaveAllOfVertxWorkers() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "old");
        long[] nanos = {0};
        DeepgramProvider provider = deepgram.provider(DeepgramKeys.ofFile(file, () -> nanos[0]));
        Files.writeString(file, "fresh");
        nanos[0] += DeepgramKeys.FILE_CHECK_INTERVAL.toNanos();
        CountDownLatch goOn = new CountDownLatch(1);
        try {
            for (int i = 0; i < VertxOptions.DEFAULT_WORKER_POOL_SIZE; i++) {
                deepgram.vertx.executeBlocking(
                        () -> {
                            goOn.await();
                            return null;
                        },
                        false);
            }

            deepgram.openOn(provider);
        } finally {
            goOn.countDown();
        }

        assertThat(deepgram.standIn().attempts().stream().map(DeepgramStandIn.Attempt::key))
                .containsExactly("fresh");
    }

    @Test
    void neverShowsAKeyHoweverThingsFail() {
        String secret = "s3cret-k3y-0123456789";
        List<String> reasons = new ArrayList<>();
        try (LogCapture log = LogCapture.open()) {
            for (int status : new int[] {400, 401, 402, 403, 404, 429, 503}) {
                // A peer that gives the key back, at a place where shortening would cut through it.
                deepgram.standIn()
                        .nextConnections(
                                new Fault.Refuse(status, "X", "no ".repeat(62) + secret + " is not " + secret));
                reasons.add(lost(deepgram.provider(secret), new byte[0]));
            }
            deepgram.standIn().nextConnections(new Fault.Close(Duration.ZERO, 1008, "bad " + secret, false));
            reasons.add(lost(deepgram.provider(secret), new byte[2]));
            DeepgramProvider provider = deepgram.provider(secret);
            RecordingListener another = deepgram.openAnother(provider);
            // The client may know of a connection before the stand-in does.
            await().until(() -> deepgram.standIn().connections().size() == 2);
            deepgram.says("{\"type\":\"Error\",\"message\":\"" + secret + "\"}");
            deepgram.standIn().hitLive(Fault.drop(Duration.ZERO));
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
}
