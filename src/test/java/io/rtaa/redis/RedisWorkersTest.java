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
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
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
