package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.bus.BusProcess;
import io.rtaa.bus.BusProcess.Heard;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several workers on one bus, as they come, go, die and come back. */
class RedisWorkersTest extends RedisFixture {

    private static final String OWNED = "rtaa.bus.partitions.owned";

    @Test
    void partitionsEvenOutAsWorkersComeAndGo() {
        Worker first = started(worker(), BusProcess::hearsAudio);
        await().atMost(PATIENCE).until(() -> first.gauge(OWNED, "audio") == PARTITIONS);

        Worker second = started(worker(), BusProcess::hearsAudio);
        await().atMost(PATIENCE)
                .until(() -> first.gauge(OWNED, "audio") == PARTITIONS / 2.0
                        && second.gauge(OWNED, "audio") == PARTITIONS / 2.0);
        assertThat(first.component().hasCompany()).isTrue();

        first.process.close();
        await().atMost(PATIENCE).until(() -> second.gauge(OWNED, "audio") == PARTITIONS);
        await().atMost(PATIENCE).until(() -> second.gauge("rtaa.bus.partitions.unowned", "audio") == 0);
        assertThat(second.component().note()).isNull();
    }

    @Test
    void eveningOutLosesNoWindowOfLiveCalls() {
        List<Speech> calls = IntStream.range(0, 20)
                .mapToObj(i -> new Speech("t", "call-" + i))
                .toList();
        Worker ingest = started(worker(), process -> {});
        Worker first = started(worker(), BusProcess::hearsAudio);
        calls.forEach(call -> ingest.process.send(call.start()));
        await().atMost(PATIENCE).until(() -> first.process.heard().size() == calls.size());
        calls.forEach(call -> first.process.publish(
                call.started(1), first.process.heard(call.stream()).get(0)));
        for (int n = 1; n <= 5; n++) {
            for (Speech call : calls) {
                ingest.process.send(call.window(n));
            }
        }

        Worker second = started(worker(), BusProcess::hearsAudio);
        await().atMost(PATIENCE).until(() -> second.gauge(OWNED, "audio") == PARTITIONS / 2.0);
        for (int n = 6; n <= 10; n++) {
            for (Speech call : calls) {
                ingest.process.send(call.window(n));
            }
        }

        for (Speech call : calls) {
            await(call.stream().toString()).atMost(PATIENCE).untilAsserted(() -> {
                boolean moved = !second.process.heard(call.stream()).isEmpty();
                BusProcess owner = moved ? second.process : first.process;
                assertThat(windows(owner, call)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
                List<AudioMessage> before = messages(first.process, call);
                List<AudioMessage> after = messages(second.process, call);
                assertThat(moved).isEqualTo(before.get(before.size() - 1) instanceof CallRelease);
                assertThat(moved).isEqualTo(!after.isEmpty() && after.get(0) instanceof CallResume);
            });
        }
    }

    @Test
    void aRouteThatBlocksKeepsNoLeaseFromBeingRenewedOrGivenBack() {
        Speech call = new Speech("t", "blocked");
        Worker ingest = started(worker(), process -> {});
        CountDownLatch goOn = new CountDownLatch(1);
        Worker first = started(worker(), process -> process.hearsAudio(message -> awaitQuietly(goOn)));
        closedAfterwards(goOn::countDown);
        await().atMost(PATIENCE).until(() -> first.gauge(OWNED, "audio") == PARTITIONS);
        ingest.process.send(call.start());
        await().atMost(PATIENCE).until(() -> first.process.heard().size() == 1);

        Worker second = started(worker(), BusProcess::hearsAudio);

        await().atMost(PATIENCE)
                .until(() -> first.gauge(OWNED, "audio") == PARTITIONS / 2.0
                        && second.gauge(OWNED, "audio") == PARTITIONS / 2.0);
        assertThat(first.process.heard()).hasSize(1);
        goOn.countDown();
        ingest.process.send(call.window(1));
        await().atMost(PATIENCE)
                .until(() -> windows(first.process, call).contains(1L)
                        || windows(second.process, call).contains(1L));
    }

    @Test
    void aLeaseThatGoesWhileItsRouteBlocksIsReleasedBeforeItIsReadAgain() {
        Speech call = new Speech("t", "blocked");
        CountDownLatch goOn = new CountDownLatch(1);
        Worker worker = started(worker(), process -> process.hearsAudio(message -> awaitQuietly(goOn)));
        closedAfterwards(goOn::countDown);
        int partition = keys.partitionOf(call.stream());
        String record = keys.record("audio", partition, "asr");
        await().atMost(PATIENCE).until(() -> worker.gauge(OWNED, "audio") == PARTITIONS);
        worker.process.send(call.start());
        await().atMost(PATIENCE).until(() -> worker.process.heard().size() == 1);
        String fence = commands.hget(record, "fence");

        // As if another worker had taken the partition and died.
        String another = laterThan(fence);
        commands.hset(record, "fence", another);
        commands.del(keys.lease("audio", partition, "asr"));
        await().atMost(PATIENCE).until(() -> !List.of(fence, another).contains(commands.hget(record, "fence")));
        assertThat(worker.process.heard()).hasSize(1);
        goOn.countDown();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages(worker.process, call))
                        .containsExactly(call.start(), new CallRelease(call.stream()), call.start()));
    }

    @Test
    void aWorkerThatStopsReleasesItsCalls() {
        Speech call = new Speech("t", "stopping");
        Worker worker = started(worker(), BusProcess::hearsAudio);
        worker.process.send(call.start());
        await().atMost(PATIENCE).until(() -> worker.process.heard().size() == 1);

        worker.process.close();

        assertThat(messages(worker.process, call)).containsExactly(call.start(), new CallRelease(call.stream()));
    }

    @Test
    void aWorkerThatLostItsLeaseKeepsNoCallAlive() {
        Speech call = new Speech("t", "lost");
        Worker worker = started(worker(), BusProcess::hearsAudio);
        worker.process.send(call.start());
        await().atMost(PATIENCE).until(() -> worker.process.heard().size() == 1);
        KeepAlive alive = new KeepAlive(
                call.stream(), 1, worker.process.heard().get(0).receipt().origin());
        int partition = keys.partitionOf(call.stream());
        worker.process.publish(alive);
        assertThat(commands.xlen(keys.keepAlives(partition))).isEqualTo(1);
        assertThat(commands.pttl(keys.keepAlives(partition))).isPositive();

        String record = keys.record("audio", partition, "asr");
        commands.hset(record, "fence", laterThan(commands.hget(record, "fence")));
        worker.process.publish(alive);

        assertThat(commands.xlen(keys.keepAlives(partition))).isEqualTo(1);
    }

    /** A token that another worker was given later. */
    private static String laterThan(String token) {
        return Long.parseLong(token.substring(0, token.indexOf('.'))) + 1 + ".0:another";
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aWorkerThatLostItsLeaseAndComesBackIsNotHeard() {
        Speech call = new Speech("t", "zombie");
        Worker dashboard = started(worker(), BusProcess::readsTranscripts);
        Worker zombie = started(worker(), BusProcess::hearsAudio);
        List<AudioMessage> whole = call.whole(10);
        whole.subList(0, 11).forEach(dashboard.process::send);
        await().atMost(PATIENCE).until(() -> zombie.process.heard(call.stream()).size() == 11);
        List<Heard> heard = zombie.process.heard(call.stream());
        zombie.process.publish(call.started(1), heard.get(0));
        zombie.process.publish(call.words(2, 1, 4), heard.subList(1, 5).toArray(new Heard[0]));

        zombie.wire.cut();
        CompletableFuture<Void> late = CompletableFuture.runAsync(() -> zombie.process.publish(
                call.words(3, 5, 10), heard.subList(5, 11).toArray(new Heard[0])));
        Worker heir = started(worker(), BusProcess::hearsAudio);
        await().atMost(PATIENCE)
                .until(() -> !windows(heir.process, call).isEmpty()
                        && windows(heir.process, call).contains(10L));
        zombie.wire.mend();
        assertThat(late).succeedsWithin(PATIENCE);

        assertThat(zombie.count("rtaa.bus.fenced")).isPositive();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(messages(zombie.process, call)).last().isInstanceOf(CallRelease.class));
        assertThat(messages(heir.process, call).get(0)).isInstanceOfSatisfying(CallResume.class, resume -> {
            assertThat(resume.lastSeq()).isEqualTo(2);
            assertThat(resume.published()).hasSize(4);
        });
        assertThat(windows(heir.process, call)).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);

        // The heir says it in its own words, and only those are read.
        heir.process.publish(call.words(1003, 5, 10), lastOf(heir.process, call, 6));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(dashboard.process.seen(call.stream()))
                        .extracting(TranscriptEvent::seq)
                        .containsExactly(1L, 2L, 1003L));
    }

    @Test
    void aWorkerKeepsTheLeasesThatRedisForgets() {
        Speech call = new Speech("t", "forgotten");
        int partition = keys.partitionOf(call.stream());
        Worker worker = started(worker(), BusProcess::hearsAudio);
        worker.process.send(call.start());
        await().atMost(PATIENCE).until(() -> worker.process.heard(call.stream()).size() == 1);
        String record = keys.record("audio", partition, "asr");
        String before = commands.hget(record, "fence");

        commands.flushall();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(commands.hget(record, "fence")).isEqualTo(before));
        await().atMost(PATIENCE).until(() -> commands.exists(keys.lease("audio", partition, "asr")) == 1);
        assertThat(commands.smembers(keys.groups("audio", partition))).containsExactly("asr");
        await().atMost(PATIENCE).until(() -> commands.exists(keys.partitionCount()) == 1);
        assertThat(messages(worker.process, call)).containsExactly(call.start());
        assertThat(worker.count("rtaa.bus.fenced")).isZero();
    }

    @Test
    void aKeepAliveAfterRedisHasLostEverythingLosesNoLease() {
        Speech call = new Speech("t", "quiet");
        Worker worker = started(worker(), BusProcess::hearsAudio);
        worker.process.send(call.start());
        await().atMost(PATIENCE).until(() -> worker.process.heard().size() == 1);
        Heard heard = worker.process.heard().get(0);
        String record = keys.record("audio", keys.partitionOf(call.stream()), "asr");
        String token = commands.hget(record, "fence");

        // Also between the loss and the next renewal of the lease, which would make the record again.
        for (int i = 0; i < 20; i++) {
            commands.del(record);
            worker.process.publish(
                    new KeepAlive(call.stream(), i, heard.receipt().origin()));
        }

        assertThat(commands.hget(record, "fence")).isEqualTo(token);
        worker.process.send(call.window(1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages(worker.process, call))
                        .extracting(Object::getClass)
                        .containsExactly(CallStart.class, AudioWindow.class));
    }

    @Test
    void aCallThatRedisHasLostIsTakenOverAsAnyOther() {
        Speech call = new Speech("t", "lost-and-orphaned");
        Worker first = started(worker(), BusProcess::hearsAudio);
        first.process.send(call.start());
        first.process.send(call.window(1));
        await().atMost(PATIENCE).until(() -> first.process.heard(call.stream()).size() == 2);
        first.process.publish(call.started(1), first.process.heard().get(0));
        commands.flushall();
        // A partial is the first that Redis hears of it again.
        first.process.publish(call.partial(2, 1), first.process.heard().get(0));
        first.process.close();

        Worker second = started(worker(), BusProcess::hearsAudio);
        second.process.send(call.window(2));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(messages(second.process, call)).last().isInstanceOf(AudioWindow.class));
        assertThat(messages(second.process, call).get(0))
                .isInstanceOfSatisfying(
                        CallResume.class,
                        resume ->
                                assertThat(resume.info()).isEqualTo(call.start().info()));
    }

    /** As a restore from a copy, or a fail-over to a replica that is behind, brings it about. */
    @Test
    void aWorkerKeepsTheLeasesOfARedisThatCameBackWithOlderData() {
        Speech call = new Speech("t", "older");
        Worker worker = started(worker(), BusProcess::hearsAudio);
        worker.process.send(call.start());
        await().atMost(PATIENCE).until(() -> worker.process.heard(call.stream()).size() == 1);
        String record = keys.record("audio", keys.partitionOf(call.stream()), "asr");

        commands.hset(record, "fence", "1.5:an-owner-of-before");
        worker.process.publish(call.started(1), worker.process.heard().get(0));

        assertThat(worker.count("rtaa.bus.fenced")).isZero();
        assertThat(commands.hget(record, "fence")).doesNotContain("an-owner-of-before");
    }

    /** Else two workers that had a lease before and after would both be let write. */
    @Test
    void anotherWorkersTokenIsLaterWhateverTheClockOfRedisSays() {
        Worker first = started(worker(), BusProcess::hearsAudio);
        String record = keys.record("audio", 0, "asr");
        await().atMost(PATIENCE).until(() -> commands.hexists(record, "fence"));
        first.process.close();
        commands.hset(record, "fence", "9999999999.1:a-worker-of-a-faster-clock");

        started(worker(), BusProcess::hearsAudio);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(commands.hget(record, "fence")).startsWith("10000000000.0:"));
    }

    @Test
    void audioIsLetGoOfOnceItsWordsArePublished() {
        Speech call = new Speech("t", "final");
        Worker worker = started(worker(), BusProcess::hearsAudio);
        call.whole(10).forEach(worker.process::send);
        await().atMost(PATIENCE).until(() -> worker.process.heard(call.stream()).size() == 12);
        List<Heard> heard = worker.process.heard(call.stream());
        String log = keys.log("audio", keys.partitionOf(call.stream()));
        assertThat(commands.xlen(log)).isEqualTo(12);

        worker.process.publish(call.started(1), heard.get(0));
        // The oldest is still wanted: nothing behind it is let go of.
        worker.process.publish(call.words(2, 2, 10), heard.subList(2, 11).toArray(new Heard[0]));
        assertThat(commands.xlen(log)).isEqualTo(11);
        worker.process.publish(call.words(3, 1, 1), heard.get(1));
        assertThat(commands.xlen(log)).isEqualTo(1);
        // Settled without an event, as silence is.
        heard.get(11).receipt().settle();
        await().atMost(PATIENCE).until(() -> commands.xlen(log) == 0);
        await().atMost(PATIENCE).until(() -> worker.gauge("rtaa.bus.unacknowledged", "audio") == 0);
    }

    @Test
    void theAudioOfALongOutageWaitsInTheLogWhileItsRecogniserCatchesUp() {
        Speech call = new Speech("t", "behind");
        Worker ingest = started(worker(), process -> {});
        call.whole(400).forEach(ingest.process::send);
        Worker worker = started(
                worker("redis-streams:audio?batch=10&block=50ms", "redis-streams:transcripts"), BusProcess::hearsAudio);

        int[] settled = {0};
        int[] mostUnsettled = {0};
        await().atMost(PATIENCE).until(() -> {
            List<Heard> heard = worker.process.heard(call.stream());
            mostUnsettled[0] = Math.max(mostUnsettled[0], heard.size() - settled[0]);
            for (int i = 0; i < 5 && settled[0] < heard.size(); i++) {
                heard.get(settled[0]++).receipt().settle();
            }
            return heard.size() == 402;
        });

        // 30 s of audio, and the batch that brought it there.
        assertThat(mostUnsettled[0]).isBetween(300, 312);
    }

    @Test
    void whatIsOverIsNotRecognisedAgain() {
        Speech over = new Speech("t", "over");
        Speech blocking = samePartition(over);
        Worker ingest = started(worker(), process -> {});
        Worker first = started(worker(), BusProcess::hearsAudio);
        ingest.process.send(blocking.start());
        over.whole(3).forEach(ingest.process::send);
        await().atMost(PATIENCE).until(() -> first.process.heard(over.stream()).size() == 5);
        List<Heard> heard = first.process.heard(over.stream());
        first.process.publish(over.started(1), heard.get(0));
        first.process.publish(over.ended(2, 3), heard.subList(1, 5).toArray(new Heard[0]));
        // A publisher that got no answer sends the end once more.
        ingest.process.send(over.end(3));
        first.process.close();

        Worker second = started(worker(), BusProcess::hearsAudio);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(messages(second.process, blocking)).containsExactly(blocking.start()));
        ingest.process.send(blocking.window(1));
        await().atMost(PATIENCE).until(() -> messages(second.process, blocking).size() == 2);

        assertThat(messages(second.process, over)).isEmpty();
    }

    @Test
    void anIdThatStartsAgainAfterItsEndIsAnotherCall() {
        Speech call = new Speech("t", "desk-7");
        Speech again = call.again(Duration.ofMinutes(15));
        Worker ingest = started(worker(), BusProcess::readsTranscripts);
        Worker first = started(worker(), BusProcess::hearsAudio);
        call.whole(3).forEach(ingest.process::send);
        await().atMost(PATIENCE).until(() -> first.process.heard(call.stream()).size() == 5);
        first.process.publish(call.started(1), lastOf(first.process, call, 5)[0]);
        first.process.publish(call.ended(2, 3), lastOf(first.process, call, 4));
        again.whole(3).subList(0, 3).forEach(ingest.process::send);
        await().atMost(PATIENCE).until(() -> first.process.heard(call.stream()).size() == 8);

        // Who takes over later knows of the first call what Redis remembers.
        first.process.close();
        Worker second = started(worker(), BusProcess::hearsAudio);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages(second.process, again))
                        .hasSize(4)
                        .startsWith(new CallRelease(again.stream()), again.start()));
        second.process.publish(again.started(1), lastOf(second.process, again, 3)[0]);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ingest.process.seen(call.stream()))
                        .containsExactly(call.started(1), call.ended(2, 3), again.started(1)));
    }

    @Test
    void scriptsThatRedisForgotAreSentAgain() {
        Speech call = new Speech("t", "flushed");
        Worker worker = started(worker(), BusProcess::readsTranscripts);
        worker.process.publish(call.started(1));
        commands.scriptFlush();
        worker.process.publish(call.words(2, 1, 1));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(worker.process.seen(call.stream()))
                        .containsExactly(call.started(1), call.words(2, 1, 1)));
    }

    @Test
    void audioThatNobodyReadsStaysWithinItsLimit() {
        Speech call = new Speech("t", "unread");
        Worker ingest = started(worker("redis-streams:audio?maxLength=50", "redis-streams:transcripts"), process -> {});

        call.whole(400).forEach(ingest.process::send);

        // Redis trims whole nodes of its own, which hold up to a hundred entries.
        assertThat(commands.xlen(keys.log("audio", keys.partitionOf(call.stream()))))
                .isBetween(50L, 150L);
    }

    /** Another call of the same partition. */
    private Speech samePartition(Speech other) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> new Speech("t", "beside-" + i))
                .filter(call -> keys.partitionOf(call.stream()) == keys.partitionOf(other.stream()))
                .findFirst()
                .orElseThrow();
    }

    private static Heard[] lastOf(BusProcess process, Speech call, int count) {
        List<Heard> heard = process.heard(call.stream());
        return heard.subList(heard.size() - count, heard.size()).toArray(new Heard[0]);
    }

    private static List<AudioMessage> messages(BusProcess process, Speech call) {
        return process.heard(call.stream()).stream().map(Heard::message).toList();
    }

    /** The numbers of the windows a process got, without repeats. */
    private static List<Long> windows(BusProcess process, Speech call) {
        Set<Long> numbers = new HashSet<>();
        List<Long> inOrder = new ArrayList<>();
        for (AudioMessage message : messages(process, call)) {
            if (message instanceof AudioWindow && numbers.add(message.number())) {
                inOrder.add(message.number());
            }
        }
        return inOrder;
    }
}
