package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.bus.BusProcess;
import io.rtaa.bus.BusProcess.Heard;
import io.rtaa.bus.Speech;
import io.rtaa.call.CallRelease;
import io.rtaa.testsupport.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How long Redis keeps the audio of a call, and what of it the worker that takes a partition over hears. */
class RedisAudioTest extends RedisFixture {

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

    @Test
    void entriesThatCannotBeReadAreCountedAndLoggedOnceAMinute() {
        try (CapturedLog log = CapturedLog.of(RedisBus.class)) {
            Speech call = new Speech("t", "rubbish");
            Worker worker = started(worker(), BusProcess::hearsAudio);
            String entries = keys.log("audio", keys.partitionOf(call.stream()));
            for (int i = 0; i < 50; i++) {
                commands.xadd(entries, Map.of("a", "rubbish"));
            }

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(worker.count("rtaa.bus.unreadable", "audio"))
                            .isEqualTo(50));
            assertThat(log.events())
                    .filteredOn(line -> line.getFormattedMessage().contains("cannot be read"))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.getKeyValuePairs().toString()).contains("times=\"1\"", "topic=\"audio\""));
        }
    }
}
