package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XAddArgs;
import io.rtaa.bus.BusProcess;
import io.rtaa.bus.Speech;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.routes.RouteFailures;
import io.rtaa.wire.TranscriptJson;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.ResolveEndpointFailedException;
import org.junit.jupiter.api.Test;

/** Who reads transcripts: dashboards that get everything, and groups that share. */
class RedisReadersTest extends RedisFixture {

    private static final String SINK =
            "redis-streams:transcripts?group=crm&leaseTime=1s&block=50ms&retryDelay=10ms" + "&maxRetryDelay=50ms";

    @Test
    void partialsComeToWhoeverIsThereAndAreNotKept() {
        Speech call = new Speech("t", "partials");
        Worker early = started(worker(), BusProcess::readsTranscripts);
        early.process.publish(call.started(1));
        await().atMost(PATIENCE).until(() -> early.process.seen().size() == 1);
        early.process.publish(call.partial(2, 1));
        early.process.publish(call.words(3, 1, 1));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(early.process.seen())
                        .containsExactly(call.started(1), call.partial(2, 1), call.words(3, 1, 1)));

        Worker late = started(worker(), BusProcess::readsTranscripts);
        await().atMost(PATIENCE).until(() -> late.process.seen().contains(call.words(3, 1, 1)));
        assertThat(commands.xlen(keys.log("transcripts", keys.partitionOf(call.stream()))))
                .isEqualTo(2);
    }

    @Test
    void aPartialThatComesAfterItsFinalIsNotPublished() {
        Speech call = new Speech("t", "late-partial");
        Worker worker = started(worker(), BusProcess::readsTranscripts);
        worker.process.publish(call.started(1));
        worker.process.publish(call.words(3, 1, 1));
        worker.process.publish(call.partial(2, 1));
        worker.process.publish(call.words(4, 2, 2));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(worker.process.seen())
                        .containsExactly(call.started(1), call.words(3, 1, 1), call.words(4, 2, 2)));
    }

    /** As Redis on another machine does, whose clock is behind. */
    @Test
    void readersFollowALogThatWasLostAndGoesOnWithLowerIds() {
        Speech call = new Speech("t", "younger");
        String log = keys.log("transcripts", keys.partitionOf(call.stream()));
        Worker dashboard = started(worker(), BusProcess::readsTranscripts);
        Worker sink = started(worker("redis-streams:audio", SINK), BusProcess::readsTranscripts);
        dashboard.process.publish(call.started(1));
        await().atMost(PATIENCE)
                .until(() -> dashboard.process.seen().size() == 1
                        && sink.process.seen().size() == 1);
        // An entry of a later time, which both have read.
        commands.xadd(
                log,
                XAddArgs.Builder.maxlen(1000).id("99999999999999-0"),
                Map.of("e", TranscriptJson.write(call.words(2, 1, 1))));
        await().atMost(PATIENCE)
                .until(() -> dashboard.process.seen().size() == 2
                        && sink.process.seen().size() == 2);
        dashboard.wire.cut();
        sink.wire.cut();
        await().atMost(PATIENCE)
                .until(() -> dashboard.component().fault() != null
                        && sink.component().fault() != null);
        commands.flushall();
        dashboard.wire.mend();
        sink.wire.mend();

        dashboard.process.publish(call.words(3, 2, 2));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(dashboard.process.seen()).contains(call.words(3, 2, 2)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sink.process.seen()).contains(call.words(3, 2, 2)));
    }

    /** What a new dashboard needs to name the call. */
    @Test
    void aCallThatRedisHasLostGetsItsStartAgain() {
        Speech call = new Speech("t", "started-again");
        Worker worker = started(worker(), process -> {});
        worker.process.publish(call.started(1));
        worker.process.publish(call.words(2, 1, 1));
        commands.flushall();

        worker.process.publish(call.words(3, 2, 2));
        worker.process.publish(call.words(4, 3, 3));

        Worker late = started(worker(), BusProcess::readsTranscripts);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(late.process.seen())
                        .containsExactly(call.started(1), call.words(3, 2, 2), call.words(4, 3, 3)));
        assertThat(worker.count("rtaa.bus.calls.restored")).isEqualTo(1);
    }

    @Test
    void aReaderBeginsWhereItIsTold() {
        Speech before = new Speech("t", "before");
        Speech after = new Speech("t", "after");
        Worker publisher = started(worker(), process -> {});
        publisher.process.publish(before.started(1));
        // The next second by Redis's clock: until then, what is new has the same time.
        String written = commands.time().get(0);
        await().atMost(PATIENCE).until(() -> !commands.time().get(0).equals(written));

        Worker all = started(
                worker("redis-streams:audio", "redis-streams:transcripts?since=0"), BusProcess::readsTranscripts);
        Worker fresh = started(
                worker("redis-streams:audio", "redis-streams:transcripts?since=$"), BusProcess::readsTranscripts);
        AtomicInteger words = new AtomicInteger();
        publisher.process.publish(after.started(1));
        // When it has begun is not seen from outside, so something is said until it hears it.
        await().atMost(PATIENCE).until(() -> {
            int n = words.incrementAndGet();
            publisher.process.publish(after.words(n + 1L, n, n));
            return !fresh.process.seen().isEmpty();
        });

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(all.process.seen())
                        .contains(before.started(1), after.started(1), after.words(2, 1, 1)));
        assertThat(fresh.process.seen(before.stream())).isEmpty();
    }

    @Test
    void aGroupSharesTheEventsAndEachIsReadOnce() {
        List<Speech> calls = IntStream.range(0, 40)
                .mapToObj(i -> new Speech("t", "call-" + i))
                .toList();
        Worker one = started(worker("redis-streams:audio", SINK), BusProcess::readsTranscripts);
        Worker other = started(worker("redis-streams:audio", SINK), BusProcess::readsTranscripts);
        await().atMost(PATIENCE)
                .until(() -> one.gauge("rtaa.bus.partitions.owned", "transcripts") == PARTITIONS / 2.0
                        && other.gauge("rtaa.bus.partitions.owned", "transcripts") == PARTITIONS / 2.0);

        calls.forEach(call -> one.process.publish(call.started(1)));

        await().atMost(PATIENCE)
                .until(() -> one.process.seen().size() + other.process.seen().size() == calls.size());
        assertThat(one.process.seen()).isNotEmpty().doesNotContainAnyElementsOf(other.process.seen());
        assertThat(other.process.seen()).isNotEmpty();
    }

    @Test
    void anEventWhoseSinkIsAwayIsOfferedAgainWithoutEndAndHoldsUpNoOtherPartition() {
        Speech bad = new Speech("t", "bad");
        Speech elsewhere = IntStream.range(0, 1000)
                .mapToObj(i -> new Speech("t", "good-" + i))
                .filter(call -> keys.partitionOf(call.stream()) != keys.partitionOf(bad.stream()))
                .findFirst()
                .orElseThrow();
        AtomicBoolean broken = new AtomicBoolean(true);
        Map<TranscriptEvent, Integer> offers = new ConcurrentHashMap<>();
        Worker sink = worker("redis-streams:audio", SINK);
        sink.process.readsTranscripts(event -> {
            offers.merge(event, 1, Integer::sum);
            if (broken.get() && event.equals(bad.words(2, 1, 1))) {
                throw new UncheckedIOException(new ConnectException("the sink is away"));
            }
        });
        sink.process.start();

        sink.process.publish(bad.started(1));
        sink.process.publish(bad.words(2, 1, 1));
        sink.process.publish(bad.words(3, 2, 2));
        sink.process.publish(elsewhere.started(1));
        await().atMost(PATIENCE).until(() -> offers.getOrDefault(bad.words(2, 1, 1), 0) > 20);
        await().atMost(PATIENCE).until(() -> sink.process.seen().contains(elsewhere.started(1)));
        assertThat(sink.process.seen(bad.stream())).containsExactly(bad.started(1));
        // One or two: what came after it may not have been read.
        assertThat(sink.gauge("rtaa.bus.unacknowledged", "transcripts")).isPositive();
        broken.set(false);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sink.process.seen(bad.stream()))
                        .containsExactly(bad.started(1), bad.words(2, 1, 1), bad.words(3, 2, 2)));
        await().atMost(PATIENCE).until(() -> sink.gauge("rtaa.bus.unacknowledged", "transcripts") == 0);
    }

    @Test
    void anEventThatItsSinkNeverTakesIsPassedOverAfterAFewOffers() {
        Speech call = new Speech("t", "poison");
        AtomicInteger unknown = new AtomicInteger();
        AtomicInteger hopeless = new AtomicInteger();
        Worker sink = worker("redis-streams:audio", SINK);
        RouteFailures failures = new RouteFailures(sink.meters);
        failures.watch(sink.process.context());
        sink.process.readsTranscripts(event -> {
            if (event.equals(call.words(2, 1, 1))) {
                unknown.incrementAndGet();
                throw new IllegalStateException("no idea");
            }
            if (event.equals(call.words(3, 2, 2))) {
                hopeless.incrementAndGet();
                throw new IllegalArgumentException("never");
            }
        });
        sink.process.start();

        sink.process.publish(call.started(1));
        sink.process.publish(call.words(2, 1, 1));
        sink.process.publish(call.words(3, 2, 2));
        sink.process.publish(call.words(4, 3, 3));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(sink.process.seen()).containsExactly(call.started(1), call.words(4, 3, 3)));
        assertThat(unknown).hasValue(5);
        assertThat(hopeless).hasValue(1);
        await().atMost(PATIENCE).until(() -> sink.gauge("rtaa.bus.unacknowledged", "transcripts") == 0);
        assertThat(sink.count("rtaa.route.given.up")).isEqualTo(2);
        assertThat(sink.count("rtaa.route.failures")).isEqualTo(6);
    }

    @Test
    void aGroupGoesOnWhereItLeftOff() {
        Speech call = new Speech("t", "sink-restarted");
        Worker first = started(worker("redis-streams:audio", SINK), BusProcess::readsTranscripts);
        first.process.publish(call.started(1));
        first.process.publish(call.words(2, 1, 1));
        await().atMost(PATIENCE).until(() -> first.process.seen().size() == 2);
        first.process.close();

        Worker second = started(worker("redis-streams:audio", SINK), BusProcess::readsTranscripts);
        second.process.publish(call.words(3, 2, 2));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.process.seen()).containsExactly(call.words(3, 2, 2)));
    }

    @Test
    void aProcessWithAnotherNumberOfPartitionsDoesNotStart() {
        started(worker(), process -> {});
        BusProcess other =
                closedAfterwards(new BusProcess("redis-streams:audio", "redis-streams:transcripts", context -> {
                    RedisStreamsComponent component = new RedisStreamsComponent();
                    component.setUrl("redis://127.0.0.1:" + redis.port());
                    component.setKeyPrefix(prefix);
                    component.setPartitions(PARTITIONS + 1);
                    context.addComponent("redis-streams", component);
                }));

        assertThatThrownBy(other::start)
                .rootCause()
                .hasMessageContaining("and " + PARTITIONS + " partitions, this process is set to " + (PARTITIONS + 1));
    }

    @Test
    void whatIsNoTopicOrNoOptionIsRefused() {
        Worker worker = started(worker(), process -> {});

        assertThatThrownBy(() -> worker.process.context().getEndpoint("redis-streams:video"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .hasMessageContaining("allowed: audio, transcripts");
        assertThatThrownBy(() -> worker.process.context().getEndpoint("redis-streams:audio?block=2s"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .rootCause()
                .hasMessageContaining("block is 2000 ms; allowed: from 1 to 1000 ms");
        assertThatThrownBy(() -> worker.process.context().getEndpoint("redis-streams:audio?idle=2s"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .hasMessageContaining("idle");
    }
}
