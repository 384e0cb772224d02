package io.rtaa.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopsTest {

    private final Vertx vertx = Vertx.vertx();
    private final EventLoops loops = new EventLoops(vertx);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void givesAThreadThatIsNoEventLoopAnotherOneEachTime() {
        int cores = Runtime.getRuntime().availableProcessors();
        Set<Context> given = new HashSet<>();

        await().until(() -> {
            given.add(loops.currentOrNext());
            return given.stream().filter(Context::isEventLoopContext).count() >= cores;
        });
    }

    @Test
    void opensConnectionsOnAllEventLoopsWhereOneThreadAsksForThem() {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            loops.currentOrNext().runOnContext(ignored -> used.add(Thread.currentThread()));
            return used.size() == Runtime.getRuntime().availableProcessors();
        });
    }

    @Test
    void leavesNothingDeployedOnceItIsClosed() {
        await().until(() -> !vertx.deploymentIDs().isEmpty());

        loops.close();

        await().untilAsserted(() -> assertThat(vertx.deploymentIDs()).isEmpty());
    }
}
