package io.rtaa.asr.deepgram;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.asr.RecogniserRequest;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which thread a connection uses, and that nothing is overtaken where several do. */
class DeepgramEventLoopTest {

    private static final int RATE = 8000;
    private static final SpokenAudio AUDIO = SpokenAudio.speak(RATE, 1, 20, 7);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final DeepgramStandIn standIn = DeepgramStandIn.start(
            vertx,
            DeepgramStandIn.Config.standard()
                    .withNanoTime(() -> System.nanoTime() * 100_000)
                    .withIdleTimeout(Duration.ofDays(100)));
    private final DeepgramProvider provider = new DeepgramProvider(
            vertx,
            new SimpleMeterRegistry(),
            DeepgramTransport.to(standIn.url()),
            DeepgramOptions.DEFAULTS,
            DeepgramKeys.of("key"));
    private final RecordingListener heard = new RecordingListener();
    private final Context loop = vertx.getOrCreateContext();

    @AfterEach
    void closeAll() {
        provider.close();
        standIn.close();
        vertx.close();
    }

    @Test
    void staysOnTheEventLoopItWasOpenedOn() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        RecogniserListener noting = notingThreads(threads);

        Thread opener = onLoop(() -> {
            provider.open(request(), noting);
            return Thread.currentThread();
        });

        await().atMost(PATIENCE).until(heard::isOpen);
        assertThat(threads).containsExactly(opener);
    }

    @Test
    void whatAnotherThreadSentBeforeIsNotOvertakenOnTheLoop() throws Exception {
        RecogniserConnection connection = onLoop(() -> provider.open(request(), heard));
        await().atMost(PATIENCE).until(heard::isOpen);
        List<byte[]> frames = AUDIO.frames(100);
        List<byte[]> firstHalf = frames.subList(0, frames.size() / 2);
        List<byte[]> secondHalf = frames.subList(frames.size() / 2, frames.size());

        onLoop(() -> {
            // The loop is held up here, so all of it still waits for the loop when the loop itself goes on.
            CompletableFuture.runAsync(() -> firstHalf.forEach(connection::send))
                    .get(PATIENCE.toSeconds(), SECONDS);
            secondHalf.forEach(connection::send);
            connection.end();
            return null;
        });

        await().atMost(PATIENCE).until(heard::isClosed);
        assertThat(heard.finalWords())
                .isEqualTo(AUDIO.words().stream().map(SpokenAudio.Spoken::text).toList());
        standIn.assertNoBreach();
    }

    private RecogniserListener notingThreads(Set<Thread> threads) {
        return (RecogniserListener) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RecogniserListener.class}, (proxy, method, arguments) -> {
                    threads.add(Thread.currentThread());
                    return method.invoke(heard, arguments);
                });
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.runOnContext(ignored -> {
            try {
                done.complete(task.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(PATIENCE.toSeconds(), SECONDS);
    }

    private static RecogniserRequest request() {
        return new RecogniserRequest(new CallInfo(new StreamId("acme", "call-1"), null, null, null, null, RATE, 0));
    }
}
