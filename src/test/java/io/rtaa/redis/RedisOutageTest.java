package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.bus.BusProcess;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallResume;
import io.rtaa.routes.RouteFailures;
import io.rtaa.routes.RouteFile;
import io.rtaa.routes.RouteFileLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis goes away, stands still, refuses; and comes back. */
class RedisOutageTest extends RedisFixture {

    private static final String OWNED = "rtaa.bus.partitions.owned";

    @AfterEach
    void bringRedisBack() {
        if (!redis.isAlive()) {
            redis.start();
        }
    }

    @Test
    void ownersKeepTheirPartitionsThroughAnOutageAndNoCallIsTakenForLost() {
        Speech call = new Speech("t", "patient");
        Worker one = started(worker(), BusProcess::hearsAudio);
        Worker other = started(worker(), BusProcess::hearsAudio);
        await().atMost(PATIENCE).until(() -> bothOwnHalf(one, other));
        one.process.send(call.start());
        one.process.send(call.window(1));
        await().atMost(PATIENCE).until(() -> heard(one, call) + heard(other, call) == 2);
        Worker owner = heard(one, call) == 2 ? one : other;

        redis.kill();
        await().atMost(PATIENCE)
                .until(() ->
                        one.component().fault() != null && other.component().fault() != null);
        assertThat(one.component().fault()).contains("Redis at 127.0.0.1:" + one.wire.port());
        assertThat(one.component().stuck()).isNull();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> one.process.send(call.window(2)));
        // Longer than the leases last.
        await().atMost(PATIENCE).until(() -> isSignOfLife(last(owner, call)));
        redis.start();

        assertThat(sending).succeedsWithin(PATIENCE);
        await().atMost(PATIENCE)
                .until(() -> messages(owner, call).contains(call.start())
                        && messages(owner, call).stream().anyMatch(message -> message.number() == 2));
        await().atMost(PATIENCE)
                .until(() -> one.component().fault() == null
                        && other.component().fault() == null
                        && bothOwnHalf(one, other));
        assertThat(one.process.heard()).noneMatch(piece -> piece.message() instanceof CallRelease);
        assertThat(other.process.heard()).noneMatch(piece -> piece.message() instanceof CallRelease);
    }

    /** By the policy of the shipped routes, which gives up what fails a few times in a row. */
    @Test
    void anOutageThatLastsForMoreTriesThanAFailureIsGrantedLosesNoWord() throws Exception {
        Speech call = new Speech("t", "outlasted");
        Worker worker = worker();
        CamelContext context = worker.process.context();
        new RouteFailures(worker.meters).watch(context);
        context.getPropertiesComponent().addInitialProperty("rtaa.bus.retry-first-ms", "20");
        context.getPropertiesComponent().addInitialProperty("rtaa.bus.retry-most-ms", "100");
        RouteFileLoader loader = new RouteFileLoader(context);
        Path policies = Path.of("src/main/resources/routes/shared/policies.camel.yaml");
        loader.loadPolicies(new RouteFile("policies.camel.yaml", Files.readString(policies)));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:words")
                        .routeId("words")
                        .routeConfigurationId("asr-errors")
                        .to("redis-streams:transcripts");
            }
        });
        started(worker, BusProcess::readsTranscripts);
        ProducerTemplate template = context.createProducerTemplate();
        template.sendBody("direct:words", call.started(1));
        await().atMost(PATIENCE).until(() -> worker.process.seen().size() == 1);

        redis.kill();
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            template.sendBody("direct:words", call.words(2, 1, 1));
            template.sendBody("direct:words", call.words(3, 2, 2));
        });
        await().atMost(PATIENCE).until(() -> worker.count("rtaa.route.failures") > 15);
        redis.start();

        assertThat(publishing).succeedsWithin(PATIENCE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(worker.process.seen())
                        .containsExactly(call.started(1), call.words(2, 1, 1), call.words(3, 2, 2)));
        assertThat(worker.count("rtaa.route.given.up")).isZero();
    }

    @Test
    void aRedisThatStandsStillIsNoticedAndUsedAgain() {
        Speech call = new Speech("t", "still");
        Worker worker = started(worker(), BusProcess::hearsAudio);
        worker.process.send(call.start());
        await().atMost(PATIENCE).until(() -> heard(worker, call) == 1);

        redis.suspend();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> worker.process.send(call.window(1)));
        await().atMost(PATIENCE)
                .until(() -> worker.component().fault() != null
                        && worker.component().fault().contains("did not answer"));
        redis.resume();

        assertThat(sending).succeedsWithin(PATIENCE);
        await().atMost(PATIENCE).until(() -> worker.component().fault() == null);
        await().atMost(PATIENCE).until(() -> messages(worker, call).stream().anyMatch(AudioWindow.class::isInstance));
    }

    @Test
    void aRedisThatTakesNothingMoreIsAFault() {
        Speech call = new Speech("t", "full");
        Worker worker = started(worker(), process -> {});
        worker.process.send(call.start());
        commands.configSet("maxmemory", "1");
        try {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> worker.process.send(call.window(1)));
            await().atMost(PATIENCE).until(() -> worker.component().fault() != null);
            assertThat(worker.component().fault()).contains("refused XADD", "OOM", "maxmemory");
            commands.configSet("maxmemory", "0");
            assertThat(sending).succeedsWithin(PATIENCE);
        } finally {
            commands.configSet("maxmemory", "0");
        }
        assertThat(worker.component().fault()).isNull();
    }

    @Test
    void aProcessStartsWithoutRedisAndUsesItWhenItComes() {
        Speech call = new Speech("t", "early");
        redis.kill();
        Worker worker = started(worker(), process -> process.hearsAudio().readsTranscripts());
        assertThat(worker.component().fault()).contains("is away");
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> worker.process.send(call.start()));
        redis.start();

        assertThat(sending).succeedsWithin(PATIENCE);
        await().atMost(PATIENCE).until(() -> heard(worker, call) == 1);
        worker.process.publish(call.started(1), worker.process.heard().get(0));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(worker.process.seen()).containsExactly(call.started(1)));
    }

    @Test
    void aLiveCallWithNothingInTheLogIsTakenOverSoThatSomebodyEndsIt() {
        Speech call = new Speech("t", "silent");
        Worker first = started(worker(), BusProcess::hearsAudio);
        first.process.send(call.start());
        await().atMost(PATIENCE).until(() -> heard(first, call) == 1);
        first.process.publish(call.started(1), first.process.heard().get(0));
        first.process.close();

        Worker second = started(worker(), BusProcess::hearsAudio);

        await().atMost(PATIENCE).until(() -> heard(second, call) == 1);
        assertThat(messages(second, call).get(0))
                .isInstanceOfSatisfying(
                        CallResume.class,
                        resume ->
                                assertThat(resume.info()).isEqualTo(call.start().info()));
    }

    @Test
    void aReaderWhoseRouteHangsGetsNowhereAndItsProcessIsNoLongerLive() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        Worker worker = worker();
        worker.process.readsTranscripts(event -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        worker.process.start();
        RedisStreamsConsumer reader = (RedisStreamsConsumer)
                worker.process.context().getRoute("transcripts").getConsumer();

        worker.process.publish(new Speech("t", "hanging").started(1));

        await().atMost(PATIENCE).until(() -> reader.stuck(Duration.ofSeconds(2)) != null);
        assertThat(reader.stuck(Duration.ofSeconds(2))).contains("whoever reads transcripts");
        hanging.countDown();
        await().atMost(PATIENCE).until(() -> reader.stuck(Duration.ofSeconds(2)) == null);
    }

    private static boolean bothOwnHalf(Worker one, Worker other) {
        return one.gauge(OWNED, "audio") == PARTITIONS / 2.0 && other.gauge(OWNED, "audio") == PARTITIONS / 2.0;
    }

    private static int heard(Worker worker, Speech call) {
        return worker.process.heard(call.stream()).size();
    }

    private static List<AudioMessage> messages(Worker worker, Speech call) {
        return worker.process.heard(call.stream()).stream()
                .map(BusProcess.Heard::message)
                .toList();
    }

    private static AudioMessage last(Worker worker, Speech call) {
        List<AudioMessage> messages = messages(worker, call);
        return messages.get(messages.size() - 1);
    }

    private static boolean isSignOfLife(AudioMessage message) {
        return message instanceof AudioWindow window && window.samples() == 0;
    }
}
