package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.rtaa.bus.BusProcess;
import io.rtaa.bus.BusProcess.Heard;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.CallIsLiveException;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallErased;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** What Redis has of a call that is erased: nothing that was said, and no telephone number. */
class RedisErasureTest extends RedisFixture {

    private static CallErased erasure(Speech call, long seq) {
        return new CallErased(
                call.stream(), seq, 1_763_900_000_000L, call.started(1).timestampMillis());
    }

    /** Everything in Redis that belongs to the partition of a call, as text. */
    private String everything(Speech call) {
        StringBuilder all = new StringBuilder();
        for (String key : commands.keys(prefix + ":{" + keys.partitionOf(call.stream()) + "}:*")) {
            all.append(key).append(' ');
            all.append(
                    switch (commands.type(key)) {
                        case "stream" -> commands.xrange(key, Range.unbounded());
                        case "hash" -> commands.hgetall(key);
                        case "list" -> commands.lrange(key, 0, -1);
                        case "set" -> commands.smembers(key);
                        case "string" -> commands.get(key);
                        default -> throw new AssertionError("a key of another type: " + key);
                    });
            all.append('\n');
        }
        return all.toString();
    }

    /** A call of this partition that is live, so that audio of the one before it stays in the log. */
    private Speech neighbourOf(Speech call) {
        for (int i = 0; ; i++) {
            Speech other = new Speech("t", "neighbour-" + i);
            if (keys.partitionOf(other.stream()) == keys.partitionOf(call.stream())) {
                return other;
            }
        }
    }

    private static Exchange publish(Worker process, Object body) {
        return process.process
                .context()
                .createFluentProducerTemplate()
                .to("redis-streams:transcripts")
                .withBody(body)
                .send();
    }

    @Test
    void nothingThatWasSaidIsLeftAndNoAudioAndNoNumber() {
        Speech call = new Speech("t", "erased");
        Speech neighbour = neighbourOf(call);
        Worker worker = started(worker(), BusProcess::hearsAudio);
        worker.process.send(neighbour.start());
        worker.process.send(neighbour.window(1));
        call.whole(3).forEach(worker.process::send);
        await().atMost(PATIENCE).until(() -> worker.process.heard(call.stream()).size() == 5);
        worker.process.publish(
                neighbour.started(1), worker.process.heard(neighbour.stream()).get(0));
        worker.process.publish(
                call.started(1), worker.process.heard(call.stream()).get(0));
        worker.process.publish(call.partial(2, 1));
        worker.process.publish(
                call.words(3, 1, 3),
                worker.process.heard(call.stream()).subList(1, 4).toArray(new Heard[0]));
        worker.process.publish(
                call.ended(4, 3), worker.process.heard(call.stream()).get(4));
        // The neighbour's audio is not final: what is behind it in the log is kept.
        assertThat(everything(call)).contains("w1 w2 w3", "CA-erased", "\"from\":\"100\"");
        String audio = keys.log("audio", keys.partitionOf(call.stream()));
        assertThat(commands.xlen(audio)).isEqualTo(6);

        assertThat(publish(worker, erasure(call, 5)).getException()).isNull();

        assertThat(everything(call).lines().filter(line -> line.contains("erased") && !line.contains("neighbour")))
                .allSatisfy(line -> assertThat(line).doesNotContain("w1", "w2", "w3", "\"from\""));
        assertThat(everything(call)).doesNotContain("w1 w2 w3", "\"text\"");
        assertThat(commands.xlen(audio)).as("the neighbour's").isEqualTo(1);
        assertThat(commands.hgetall(keys.call(call.stream())).get("started")).doesNotContain("\"from\"");
        assertThat(commands.pttl(keys.call(call.stream()))).isPositive();
        assertThat(commands.exists(keys.recent(call.stream()))).isZero();
    }

    @Test
    void allOfALogIsLookedThrough() {
        Speech call = new Speech("t", "long");
        Speech neighbour = neighbourOf(call);
        Worker worker = started(worker(), process -> {});
        worker.process.publish(neighbour.started(1));
        worker.process.publish(call.started(1));
        String log = keys.log("transcripts", keys.partitionOf(call.stream()));
        String entry = commands.xrange(log, Range.unbounded()).get(1).getBody().get("e");
        for (int i = 0; i < 2500; i++) {
            commands.xadd(log, "e", entry);
        }
        worker.process.publish(call.ended(4, 3));

        assertThat(publish(worker, erasure(call, 5)).getException()).isNull();

        assertThat(commands.xrange(log, Range.unbounded()))
                .extracting(message -> message.getBody().get("e").replaceAll("\"interaction.*", ""))
                .containsExactly("{\"type\":\"call_started\",", "{\"type\":\"call_erased\",");
    }

    @Test
    void aReaderThatStartsLaterGetsTheErasureAlone() {
        Speech call = new Speech("t", "early");
        Worker worker = started(worker(), process -> {});
        List<TranscriptEvent> events = List.of(call.started(1), call.words(2, 1, 3), call.ended(3, 3));
        events.forEach(worker.process::publish);
        publish(worker, erasure(call, 4));

        Worker late = started(worker(), BusProcess::readsTranscripts);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(late.process.seen(call.stream())).containsExactly(erasure(call, 4)));
    }

    @Test
    void whatStillComesOfAnErasedCallIsNotKept() {
        Speech call = new Speech("t", "late");
        Worker worker = started(worker(), process -> {});
        worker.process.publish(call.started(1));
        worker.process.publish(call.ended(3, 3));
        publish(worker, erasure(call, 4));

        worker.process.publish(call.words(9, 1, 3));
        worker.process.publish(call.partial(10, 4));

        assertThat(everything(call)).doesNotContain("w1 w2 w3", "w4");
    }

    @Test
    void audioOfAnErasedCallIsNotRecognisedAgainByItsNextOwner() {
        Speech call = new Speech("t", "leftover");
        Worker first = started(worker(), process -> {});
        first.process.publish(call.started(1));
        first.process.publish(call.ended(3, 3));
        publish(first, erasure(call, 4));
        first.process.send(call.window(3));
        first.process.send(call.end(3));

        Worker next = started(worker(), BusProcess::hearsAudio);
        Speech marker = neighbourOf(call);
        first.process.send(marker.start());

        await().atMost(PATIENCE)
                .until(() -> !next.process.heard(marker.stream()).isEmpty());
        assertThat(messages(next.process, call)).isEmpty();
    }

    @Test
    void aCallThatIsLiveIsRefusedAndKept() {
        Speech call = new Speech("t", "live");
        Worker worker = started(worker(), BusProcess::readsTranscripts);
        worker.process.publish(call.started(1));
        worker.process.publish(call.words(2, 1, 3));

        assertThat(publish(worker, erasure(call, 3)).getException()).isInstanceOf(CallIsLiveException.class);

        assertThat(everything(call)).contains("w1 w2 w3");
        worker.process.publish(call.words(3, 4, 5));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(worker.process.seen(call.stream()))
                        .containsExactly(call.started(1), call.words(2, 1, 3), call.words(3, 4, 5)));
    }

    @Test
    void aCallThatStartsAgainUnderTheIdIsHeardAndKept() {
        Speech call = new Speech("t", "again");
        Speech again = call.again(Duration.ofMinutes(1));
        Worker worker = started(worker(), BusProcess::hearsAudio);
        worker.process.publish(call.started(1));
        worker.process.publish(call.words(2, 1, 3));
        worker.process.publish(call.ended(3, 3));
        publish(worker, erasure(call, 4));

        worker.process.send(again.start());
        worker.process.send(again.window(1));
        // Before the call ends: audio of a call that has ended is not delivered.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages(worker.process, call))
                        .filteredOn(message -> message.number() == 1)
                        .extracting(AudioMessage::stream)
                        .containsExactly(call.stream()));
        worker.process.publish(again.started(1));
        worker.process.publish(again.words(2, 7, 8));
        worker.process.publish(again.ended(3, 8));

        assertThat(everything(call)).contains("w7 w8").doesNotContain("w1 w2 w3");
    }
}
