package io.rtaa.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.testsupport.ConcurrentTest;
import io.rtaa.testsupport.cluster.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a bus between processes keeps to beyond that: it outlives its readers, and its own restart. Tests share a
 * broker; one that stops it or cuts it off has its own.
 */
public abstract class BrokerBusTest extends BusSinksTest {

    @TempDir
    Path ownDirectory;

    private @Nullable Broker ownBroker;

    /** The broker that tests share, running when a test begins; other tests use it at the same time. */
    protected abstract Broker sharedBroker();

    /** Another broker of the kind, not started. */
    protected abstract Broker newBroker(Path directory);

    /** The broker that this test's processes use. */
    protected final Broker broker() {
        return ownBroker == null ? sharedBroker() : ownBroker;
    }

    /** Starts a broker that only the processes of this test use, which start later. */
    private Broker startOwnBroker() {
        ownBroker = newBroker(ownDirectory);
        ownBroker.start();
        return ownBroker;
    }

    @Override
    @AfterEach
    protected void closeProcesses() {
        super.closeProcesses();
        if (ownBroker != null) {
            ownBroker.close();
        }
    }

    @ConcurrentTest
    void anEventThatIsPublishedTwiceIsReadOnce() {
        Speech call = new Speech("t", "twice");
        BusProcess process = process().readsTranscripts().start();

        process.publish(call.started(1));
        process.publish(call.words(2, 1, 1));
        process.publish(call.words(2, 1, 1));
        process.publish(call.words(3, 2, 2));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(process.seen(call.stream())).last().isEqualTo(call.words(3, 2, 2)));
        assertThat(process.seen(call.stream()))
                .containsExactly(call.started(1), call.words(2, 1, 1), call.words(3, 2, 2));
    }

    @ConcurrentTest
    void aReaderThatStartsLateGetsThePastAndThenThePresent() {
        Speech call = new Speech("t", "past");
        List<TranscriptEvent> events = events(call, 20);
        BusProcess early = process().start();
        events.subList(0, 10).forEach(early::publish);

        BusProcess late = process().readsTranscripts().start();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(late.seen(call.stream())).hasSize(10));
        events.subList(10, events.size()).forEach(early::publish);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(late.seen(call.stream())).containsExactlyElementsOf(events));
    }

    @ConcurrentTest
    void keepAlivesReachTheReaderThatAsksForThemAndNoOther() {
        Speech call = new Speech("t", "on-hold");
        String dashboards = transcripts() + (transcripts().contains("?") ? "&" : "?") + "keepAlives=true";
        BusProcess dashboard =
                process().readsTranscripts(dashboards, event -> {}).start();
        BusProcess other = process().readsTranscripts().start();
        dashboard.publish(call.started(1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(dashboard.seen(call.stream())).hasSize(1));
        // A reader gets only those that are published after it began, so they are published again and again.
        await().atMost(PATIENCE).untilAsserted(() -> {
            dashboard.publish(new KeepAlive(call.stream(), 1, null));
            assertThat(dashboard.alive()).isNotEmpty().containsOnly(call.stream());
        });
        dashboard.publish(call.words(2, 1, 1));

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(dashboard.seen(call.stream())).containsExactly(call.started(1), call.words(2, 1, 1));
            assertThat(other.seen(call.stream())).containsExactly(call.started(1), call.words(2, 1, 1));
        });
        assertThat(other.alive()).isEmpty();
    }

    @ConcurrentTest
    void twoReadersEachGetEverything() {
        Speech call = new Speech("t", "both");
        BusProcess one = process().readsTranscripts().start();
        BusProcess other = process().readsTranscripts().start();

        events(call, 10).forEach(one::publish);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(one.seen(call.stream())).containsExactlyElementsOf(events(call, 10));
            assertThat(other.seen(call.stream())).containsExactlyElementsOf(events(call, 10));
        });
    }

    @ConcurrentTest
    void aWorkerThatStopsHandsItsCallsOver() {
        Speech call = new Speech("t", "handed-over");
        BusProcess ingest = process().start();
        BusProcess first = process().hearsAudio().start();
        call.whole(20).subList(0, 21).forEach(ingest::send);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(first.heard(call.stream())).hasSize(21));
        List<BusProcess.Heard> heard = first.heard(call.stream());
        first.publish(call.started(1), heard.get(0));
        first.publish(call.words(2, 1, 10), heard.subList(1, 11).toArray(new BusProcess.Heard[0]));
        first.close();

        BusProcess second = process().hearsAudio().start();
        ingest.send(call.window(21));
        ingest.send(call.end(21));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(messages(second, call.stream())).last().isEqualTo(call.end(21)));
        List<AudioMessage> after = messages(second, call.stream());
        assertThat(after.get(0)).isInstanceOfSatisfying(CallResume.class, resume -> {
            assertThat(resume.info()).isEqualTo(call.start().info());
            assertThat(resume.lastSeq()).isEqualTo(2);
            assertThat(resume.lastFinalEndMillis()).isEqualTo(10L * Speech.WINDOW_MILLIS);
            assertThat(resume.published()).isEqualTo(call.words(2, 1, 10).words());
        });
        assertThat(windowsFrom(after, 11)).containsExactly(11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L, 21L);
    }

    /** As where the caller's next socket and its audio come to processes that never heard of the call. */
    @ConcurrentTest
    void aCallThatWasCutOffGoesOnInAnotherWorker() {
        Speech call = new Speech("t", "cut-off");
        Speech next = call.again(Duration.ofMinutes(1));
        BusProcess ingest = process().readsTranscripts().start();
        BusProcess first = process().hearsAudio().start();
        ingest.send(call.start());
        ingest.send(call.window(1));
        ingest.send(call.end(1, EndReason.DISCONNECTED));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(first.heard(call.stream())).hasSize(3));
        List<BusProcess.Heard> heard = first.heard(call.stream());
        first.publish(call.started(1), heard.get(0));
        first.publish(
                call.ended(2, 1, EndReason.DISCONNECTED), heard.subList(1, 3).toArray(new BusProcess.Heard[0]));
        first.close();

        BusProcess second = process().hearsAudio().start();
        ingest.send(next.start());
        ingest.send(next.window(1));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(numbers(second, call.stream())).last().isEqualTo(1L));
        List<AudioMessage> after = messages(second, call.stream());
        assertThat(after).hasSize(3);
        assertThat(after.get(0)).isInstanceOf(CallRelease.class);
        assertThat(after.get(1)).isInstanceOfSatisfying(CallStart.class, start -> {
            assertThat(start.info().before()).isEqualTo(new CallInfo.Before(Speech.WINDOW_MILLIS, 2));
            assertThat(start.leg()).isEqualTo(next.start().leg());
        });
        List<BusProcess.Heard> again = second.heard(call.stream());
        CallStarted goesOn = next.after(Speech.WINDOW_MILLIS).started(1000);
        second.publish(goesOn, again.get(1));
        second.publish(next.words(1001, 2, 2), again.get(2));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ingest.seen(call.stream()))
                        .containsExactly(
                                call.started(1),
                                call.ended(2, 1, EndReason.DISCONNECTED),
                                goesOn,
                                next.words(1001, 2, 2)));
    }

    /** The end of the socket before is told by its host, which may have been frozen meanwhile. */
    @ConcurrentTest
    void theSocketThatFollowsIsNotEndedByTheOneBefore() {
        Speech call = new Speech("t", "frozen");
        Speech next = call.again(Duration.ofMinutes(1));
        BusProcess ingest = process().start();
        BusProcess worker = process().hearsAudio().start();
        ingest.send(call.start());
        ingest.send(call.window(1));
        ingest.send(next.start());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(worker.heard(call.stream())).hasSize(3));
        List<BusProcess.Heard> heard = worker.heard(call.stream());
        worker.publish(call.started(1), heard.get(0));
        worker.publish(call.ended(2, 1, EndReason.DISCONNECTED), heard.get(1));

        ingest.send(call.window(2));
        ingest.send(call.end(2, EndReason.DISCONNECTED));
        ingest.send(next.window(1));
        ingest.send(next.end(1));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(messages(worker, call.stream())).last().isEqualTo(next.end(1)));
        assertThat(messages(worker, call.stream()).subList(0, 3))
                .extracting(AudioMessage::leg)
                .containsExactly(
                        call.start().leg(), call.start().leg(), next.start().leg());
        assertThat(messages(worker, call.stream()).subList(3, 5))
                .extracting(AudioMessage::leg)
                .containsOnly(next.start().leg());
        assertThat(messages(worker, call.stream())).hasSize(5);
    }

    @ConcurrentTest
    void aRestartOfTheBrokerLosesNothing() {
        Speech call = new Speech("t", "restarted");
        Broker broker = startOwnBroker();
        BusProcess process = process().hearsAudio().readsTranscripts().start();
        begin(process, call);

        broker.kill();
        CompletableFuture<Void> audio =
                CompletableFuture.runAsync(() -> call.whole(30).subList(1, 32).forEach(process::send));
        CompletableFuture<Void> events =
                CompletableFuture.runAsync(() -> events(call, 30).subList(1, 32).forEach(process::publish));
        broker.start();

        assertThat(audio).succeedsWithin(PATIENCE);
        assertThat(events).succeedsWithin(PATIENCE);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(messages(process, call.stream())).last().isEqualTo(call.end(30));
            assertThat(process.seen(call.stream())).containsExactlyElementsOf(events(call, 30));
        });
        assertThat(numbers(process, call.stream()).stream().distinct())
                .hasSize(32)
                .isSorted();
    }

    @ConcurrentTest
    void connectionsThatAreCutLoseNothing() {
        Speech call = new Speech("t", "cut");
        Broker broker = startOwnBroker();
        BusProcess process = process().hearsAudio().readsTranscripts().start();
        begin(process, call);

        CompletableFuture<Void> audio =
                CompletableFuture.runAsync(() -> call.whole(200).subList(1, 202).forEach(process::send));
        CompletableFuture<Void> events = CompletableFuture.runAsync(
                () -> events(call, 200).subList(1, 202).forEach(process::publish));
        await().atMost(PATIENCE).until(() -> process.heard(call.stream()).size() > 20);
        broker.wire().cut();
        broker.wire().mend();

        assertThat(audio).succeedsWithin(PATIENCE);
        assertThat(events).succeedsWithin(PATIENCE);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(messages(process, call.stream())).last().isEqualTo(call.end(200));
            assertThat(process.seen(call.stream())).containsExactlyElementsOf(events(call, 200));
        });
        assertThat(numbers(process, call.stream()).stream().distinct())
                .hasSize(202)
                .isSorted();
    }

    @ConcurrentTest
    void aRouteThatReadsGetsNothingOfThePastAndAllThatFollowsItsStart() {
        Speech past = new Speech("t", "past");
        Speech call = new Speech("t", "present");
        List<TranscriptEvent> seen = new CopyOnWriteArrayList<>();
        BusProcess early = process().readsTranscripts().start();
        events(past, 10).forEach(early::publish);
        early.publish(call.started(1));
        await().atMost(PATIENCE).until(() -> early.seen().size() == 13);

        BusProcess late = process().reads("reader", TRANSCRIPTS, seen::add).start();
        events(call, 10).stream().skip(1).forEach(late::publish);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(seen)
                        .containsExactlyElementsOf(events(call, 10).subList(1, 12)));
    }

    @ConcurrentTest
    void aNewSinkBeginsWithItsStartAndKeepsThatPosition() {
        Speech past = new Speech("t", "past");
        Speech call = new Speech("t", "present");
        List<TranscriptEvent> seen = new CopyOnWriteArrayList<>();
        BusProcess early = process().readsTranscripts().start();
        events(past, 10).forEach(early::publish);
        await().atMost(PATIENCE).until(() -> early.seen().size() == 12);

        // It ends before anything comes for it, and before it has had a look.
        process().reads("crm", sink("crm"), seen::add).start().close();
        events(call, 10).forEach(early::publish);
        process().reads("crm", sink("crm"), seen::add).start();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(seen).containsExactlyElementsOf(events(call, 10)));
    }

    @ConcurrentTest
    void processesOfOneSinkShareItsEvents() {
        List<Speech> calls = IntStream.range(0, 20)
                .mapToObj(n -> new Speech("t", "shared-" + n))
                .toList();
        List<TranscriptEvent> seen = new CopyOnWriteArrayList<>();
        BusProcess one = process().reads("crm", sink("crm"), seen::add).start();
        BusProcess other = process().reads("crm", sink("crm"), seen::add).start();

        calls.forEach(call -> events(call, 10).forEach(one::publish));

        for (Speech call : calls) {
            await(call.stream().toString())
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(of(seen, call)).containsExactlyElementsOf(events(call, 10)));
        }
        other.close();
        events(new Speech("t", "after"), 3).forEach(one::publish);
        await().atMost(PATIENCE).until(() -> of(seen, new Speech("t", "after")).size() == 5);
        assertThat(seen).doesNotHaveDuplicates();
    }

    @ConcurrentTest
    void aSinkThatIsStoppedWhileEventsComeLosesAndRepeatsNothing() {
        List<Speech> calls = IntStream.range(0, 8)
                .mapToObj(n -> new Speech("t", "restarted-" + n))
                .toList();
        List<TranscriptEvent> seen = new CopyOnWriteArrayList<>();
        BusProcess worker = process().start();
        BusProcess before = process().reads("crm", sink("crm"), seen::add).start();

        CompletableFuture<Void> publishing = CompletableFuture.runAsync(
                () -> inParallel(calls, call -> events(call, 100).forEach(worker::publish)));
        await().atMost(PATIENCE).until(() -> seen.size() > 100);
        before.close();
        process().reads("crm", sink("crm"), seen::add).start();

        assertThat(publishing).succeedsWithin(PATIENCE);
        for (Speech call : calls) {
            await(call.stream().toString())
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(of(seen, call)).containsExactlyElementsOf(events(call, 100)));
        }
    }

    private static List<TranscriptEvent> of(List<TranscriptEvent> events, Speech call) {
        return events.stream()
                .filter(event -> event.stream().equals(call.stream()))
                .toList();
    }

    /** Starts a call, and waits until both its start and what is said of it have come through. */
    private static void begin(BusProcess process, Speech call) {
        process.send(call.start());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(process.heard(call.stream())).hasSize(1));
        process.publish(call.started(1), process.heard(call.stream()).get(0));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(process.seen(call.stream())).hasSize(1));
    }

    /** The numbers of the windows from one on, without repeats. */
    private static List<Long> windowsFrom(List<AudioMessage> messages, long first) {
        return messages.stream()
                .filter(message -> message instanceof AudioWindow && message.number() >= first)
                .map(AudioMessage::number)
                .distinct()
                .toList();
    }
}
