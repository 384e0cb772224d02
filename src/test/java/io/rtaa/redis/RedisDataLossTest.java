package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.bus.BusProcess;
import io.rtaa.bus.BusProcess.Heard;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.KeepAlive;
import org.junit.jupiter.api.Test;

/** Redis loses its data or comes back with older data, and workers keep their leases and their calls. */
class RedisDataLossTest extends RedisFixture {

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
}
