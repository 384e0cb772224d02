package io.rtaa.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Kafka's own stand-in for its client, a log in hand, and a clock in hand. */
class AudioLeasesTest {

    private static final String TOPIC = "audio";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    private final Speech call = new Speech("t", "call");
    private final Group group = new Group();
    private final Log log = new Log();
    private final Time time = new Time();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AudioLeases leases = new AudioLeases("workers", log, bus(), time);
    private final List<AudioMessage> heard = new ArrayList<>();
    private final List<@Nullable AudioReceipt> receipts = new ArrayList<>();

    @BeforeEach
    void assign() {
        group.updateBeginningOffsets(Map.of(PARTITION, 0L));
        leases.deliverTo((message, receipt) -> {
            heard.add(message);
            receipts.add(receipt);
        });
        leases.readBy(group);
        group.subscribe(List.of(TOPIC), leases);
        group.rebalance(List.of(PARTITION));
    }

    @Test
    void nothingIsReadBeforeTheTakeOverIsDone() {
        assertThat(group.paused()).containsExactly(PARTITION);
        log.claims.get(0).complete(40L);
        leases.beforePoll();
        assertThat(group.paused()).containsExactly(PARTITION);
        assertThat(log.takeOvers).containsExactly(40L);

        log.pasts.get(0).complete(nothing());
        leases.beforePoll();

        assertThat(group.paused()).isEmpty();
        assertThat(leases.partitions()).hasSize(1);
    }

    @Test
    void whoIsFoundToBeNoMemberAfterItsClaimTakesNothingOver() {
        group.refuses = true;
        log.claims.get(0).complete(40L);

        leases.beforePoll();
        leases.beforePoll();

        assertThat(log.takeOvers).isEmpty();
        assertThat(group.paused()).containsExactly(PARTITION);
    }

    @Test
    void whoFindsAHigherEpochInTheLogClaimsOnceMore() {
        log.claims.get(0).complete(40L);
        leases.beforePoll();
        TranscriptLog.Past later = nothing();
        later.fence().take(60, new RecordHeaders().add(BusHeaders.TAKE_OVER, BusHeaders.bytes(50)), new byte[0]);
        log.pasts.get(0).complete(later);

        leases.beforePoll();

        assertThat(leases.partitions()).isEmpty();
        assertThat(log.claims).hasSize(2);
    }

    /** The owner before went on with its epoch after the topic was made anew. */
    @Test
    void anEpochOfAFormerTopicIsOutbidOnce() {
        log.claims.get(0).complete(40L);
        leases.beforePoll();
        TranscriptLog.Past former = nothing();
        former.fence().take(39, new RecordHeaders().add(BusHeaders.TAKE_OVER, BusHeaders.bytes(5000)), new byte[0]);
        log.pasts.get(0).complete(former);
        leases.beforePoll();

        log.claims.get(1).complete(43L);
        leases.beforePoll();
        log.pasts.get(1).complete(former);
        leases.beforePoll();

        assertThat(log.takeOvers).containsExactly(40L, 5043L);
        assertThat(leases.partitions()).hasSize(1);
    }

    @Test
    void aCallThatWasCutOffGoesOnOverTheNextSocket() {
        Speech next = call.again(Duration.ofMinutes(1));
        takeOver(nothing());
        deliver(0, call.start());
        deliver(1, call.window(1));
        deliver(2, next.start());
        // The end of the first is published while the next is read already.
        ((PartitionLease) receipts.get(0).origin()).over(call.ended(2, 1, EndReason.DISCONNECTED));
        deliver(3, call.end(1, EndReason.DISCONNECTED));
        deliver(4, next.window(1));
        ((PartitionLease) receipts.get(0).origin()).over(next.ended(9, 1, EndReason.IDLE));
        deliver(5, call.again(Duration.ofMinutes(2)).start());

        assertThat(heard).extracting(AudioMessage::number).containsExactly(0L, 1L, 0L, 1L, 0L);
        assertThat(heard.get(4))
                .isInstanceOfSatisfying(
                        CallStart.class,
                        start -> assertThat(start.info().before())
                                .isEqualTo(new CallInfo.Before(Speech.WINDOW_MILLIS, 9)));
    }

    @Test
    void aLogThatDoesNotAnswerIsAskedAgainAfterAWhile() {
        log.claims.get(0).completeExceptionally(new KafkaException("away"));
        leases.beforePoll();
        assertThat(log.claims).hasSize(1);

        time.pass(Duration.ofSeconds(1));
        leases.beforePoll();

        assertThat(log.claims).hasSize(2);
    }

    @Test
    void aPastThatCannotBeReadIsTriedAgainAfterAWhile() {
        log.claims.get(0).complete(40L);
        leases.beforePoll();
        log.pasts.get(0).completeExceptionally(new KafkaException("no right to read"));
        leases.beforePoll();
        leases.beforePoll();
        assertThat(log.claims).hasSize(1);

        time.pass(Duration.ofMillis(500));
        leases.beforePoll();

        assertThat(log.claims).hasSize(2);
        assertThat(leases.partitions()).isEmpty();
    }

    @Test
    void aTakeOverThatKeepsFailingIsAFaultUntilItIsDone() {
        log.claims.get(0).complete(40L);
        leases.beforePoll();
        log.pasts.get(0).completeExceptionally(new KafkaException("no right to read"));
        leases.beforePoll();
        time.pass(Duration.ofSeconds(14));
        leases.beforePoll();
        assertThat(leases.fault()).isNull();

        time.pass(Duration.ofSeconds(11));
        assertThat(leases.fault()).isEqualTo("partitions [0] of audio are not taken over for 25 s: no right to read");
        log.claims.get(1).complete(50L);
        leases.beforePoll();
        log.pasts.get(1).complete(nothing());
        leases.beforePoll();

        assertThat(leases.fault()).isNull();
    }

    @Test
    void aGroupThatDoesNotConfirmATakeOverIsAFault() {
        group.refuses = true;
        log.claims.get(0).complete(40L);
        leases.beforePoll();

        time.pass(Duration.ofSeconds(20));

        assertThat(leases.fault()).startsWith("partitions [0] of audio are not taken over for 20 s: ");
    }

    @Test
    void aKnownCallIsResumedBeforeItsFirstMessage() {
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.words(2, 1, 5));
        takeOver(pastOf(past));

        deliver(0, call.window(4));
        deliver(1, call.window(5));

        assertThat(heard).hasSize(3).element(0).isInstanceOfSatisfying(CallResume.class, resume -> {
            assertThat(resume.lastSeq()).isEqualTo(2);
            assertThat(resume.published()).isEqualTo(call.words(2, 1, 5).words());
        });
        assertThat(heard.subList(1, 3)).extracting(AudioMessage::number).containsExactly(4L, 5L);
        assertThat(receipts)
                .extracting(AudioReceipt::origin)
                .containsOnly(receipts.get(0).origin());
    }

    @Test
    void aCallWhoseStartIsTooLongAgoIsResumedAllTheSame() {
        StreamPast past = new StreamPast();
        past.add(call.words(700, 1, 5));
        takeOver(pastOf(past));

        deliver(0, call.window(6));

        assertThat(heard).element(0).isInstanceOfSatisfying(CallResume.class, resume -> {
            assertThat(resume.lastSeq()).isEqualTo(700);
            assertThat(resume.info().sampleRate()).isEqualTo(call.window(6).sampleRate());
        });
    }

    @Test
    void aCallThatIsOverIsSettledUnheard() {
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.ended(2, 3));
        takeOver(pastOf(past));

        deliver(0, call.window(1));
        deliver(1, call.end(1));

        assertThat(heard).isEmpty();
        assertThat(leases.unsettled()).isZero();
    }

    @Test
    void anIdThatIsUsedAgainIsHeardAgain() {
        Speech later = call.again(Duration.ofMinutes(15));
        takeOver(nothing());
        deliver(0, call.start());
        ((PartitionLease) receipts.get(0).origin()).over(call.ended(2, 0));
        deliver(1, call.start());
        assertThat(heard).as("read once more").hasSize(1);

        deliver(2, later.start());
        deliver(3, later.window(1));

        assertThat(heard).hasSize(3).element(1).isEqualTo(later.start());
    }

    @Test
    void anIdThatIsUsedAgainAfterATakeOverIsHeardAgain() {
        Speech later = call.again(Duration.ofMinutes(15));
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.ended(2, 3));
        takeOver(pastOf(past));

        deliver(0, call.window(3));
        deliver(1, later.start());
        deliver(2, later.window(1));

        assertThat(heard).hasSize(3).element(1).isEqualTo(later.start());
    }

    @Test
    void aCallOfAnIdThatWasUsedBeforeIsResumedAsItself() {
        Speech later = call.again(Duration.ofMinutes(15));
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.words(500, 1, 5));
        past.add(call.ended(501, 5));
        past.add(later.started(1));
        past.add(later.words(2, 1, 1));
        takeOver(pastOf(past));

        deliver(0, later.window(2));

        assertThat(heard).hasSize(2).element(0).isInstanceOfSatisfying(CallResume.class, resume -> {
            assertThat(resume.info()).isEqualTo(later.start().info());
            assertThat(resume.lastSeq()).isEqualTo(2);
            assertThat(resume.published()).isEqualTo(later.words(2, 1, 1).words());
        });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void audioAfterTheEndOfItsCallIsToldOnce(CapturedOutput output) {
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.ended(2, 3));
        takeOver(pastOf(past));

        deliver(0, call.window(3));
        assertThat(output).as("was heard before the end").doesNotContain("audio lost");
        deliver(1, call.window(4));
        deliver(2, call.window(5));

        assertThat(output).containsOnlyOnce("audio lost: the call goes on after its end (callended, after 300 ms");
        assertThat(leases.unsettled()).isZero();
    }

    @Test
    void aCallThatIsLiveAndSilentIsTakenOverTooOnceItShouldHaveSpoken() {
        takeOver(pastOf(silent()));
        time.pass(Duration.ofSeconds(11));
        leases.beforePoll();
        assertThat(heard).isEmpty();

        time.pass(Duration.ofSeconds(1));
        leases.beforePoll();
        leases.beforePoll();

        assertThat(heard).singleElement().isInstanceOfSatisfying(CallResume.class, resume -> {
            assertThat(resume.info()).isEqualTo(call.start().info());
            assertThat(resume.lastSeq()).isEqualTo(2);
        });
        assertThat(receipts.get(0).origin()).isInstanceOf(PartitionLease.class);
        assertThat(meters.get("rtaa.bus.calls.reclaimed").counter().count()).isEqualTo(1);
        deliver(0, call.window(6));
        assertThat(heard).as("not resumed once more").hasSize(2);
    }

    @Test
    void aSilentCallThatWasTakenOverGetsSignsOfLifeAsOthersDo() {
        takeOver(pastOf(silent()));
        time.pass(Duration.ofSeconds(12));
        leases.beforePoll();
        CallResume resume = (CallResume) heard.get(0);

        leases.afterPoll(0, 0);

        assertThat(leases.isDeaf()).isTrue();
        assertThat(heard).hasSize(2).last().isInstanceOfSatisfying(AudioWindow.class, sign -> {
            assertThat(sign.samples()).isZero();
            assertThat(sign.firstSample()).isEqualTo(resume.acknowledgedSamples());
            assertThat(sign.sampleRate()).isEqualTo(resume.info().sampleRate());
        });
    }

    @Test
    void aSilentCallWhoseStartIsTooLongAgoIsTakenOverAllTheSame() {
        StreamPast past = new StreamPast();
        past.add(call.words(700, 1, 5));
        takeOver(pastOf(past));

        time.pass(Duration.ofSeconds(12));
        leases.beforePoll();

        assertThat(heard)
                .singleElement()
                .isInstanceOfSatisfying(
                        CallResume.class, resume -> assertThat(resume.lastSeq()).isEqualTo(700));
    }

    @Test
    void aCallThatIsOverIsNotTakenOverForItsSilence() {
        StreamPast past = silent();
        past.add(call.ended(3, 5));
        takeOver(pastOf(past));

        time.pass(Duration.ofSeconds(12));
        leases.beforePoll();
        deliver(0, call.window(5));

        assertThat(heard).isEmpty();
        assertThat(leases.unsettled()).isZero();
    }

    @Test
    void nobodyIsSilentWhileThePartitionIsBehind() {
        group.updateEndOffsets(Map.of(PARTITION, 10_000L));
        group.seek(PARTITION, 0);
        takeOver(pastOf(silent()));
        time.pass(Duration.ofSeconds(20));
        leases.beforePoll();

        group.seek(PARTITION, 10_000);
        leases.beforePoll();
        time.pass(Duration.ofSeconds(11));
        leases.beforePoll();
        assertThat(heard).isEmpty();
        time.pass(Duration.ofSeconds(1));
        leases.beforePoll();

        assertThat(heard).hasSize(1);
    }

    @Test
    void nobodyIsSilentWhileTheBrokerIsAway() {
        takeOver(pastOf(silent()));
        leases.afterPoll(0, 1);
        time.pass(Duration.ofSeconds(5));
        leases.afterPoll(0, 1);
        time.pass(Duration.ofSeconds(10));

        leases.beforePoll();

        assertThat(leases.isDeaf()).isTrue();
        assertThat(heard).isEmpty();
    }

    @Test
    void onlyWhatIsFinalIsCommitted() {
        takeOver(nothing());
        for (int n = 1; n <= 3; n++) {
            deliver(n - 1, call.window(n));
        }
        receipts.get(1).settle();
        poll();
        assertThat(committed()).isZero();

        receipts.get(0).settle();
        poll();

        assertThat(committed()).isEqualTo(2);
    }

    @Test
    void theLagIsTheAgeOfTheOldestRecordThatIsNotFinal() {
        takeOver(nothing());
        assertThat(leases.lagMillis()).isZero();
        deliver(0, call.window(1));
        time.pass(Duration.ofSeconds(3));
        deliver(1, call.window(2));
        time.pass(Duration.ofSeconds(4));
        assertThat(leases.lagMillis()).isEqualTo(7000);

        receipts.get(0).settle();
        assertThat(leases.lagMillis()).isEqualTo(4000);
        receipts.get(1).settle();

        assertThat(leases.lagMillis()).isZero();
    }

    @Test
    void anAcknowledgementThatTheGroupRefusesIsFenced() {
        takeOver(nothing());
        deliver(0, call.window(1));
        receipts.get(0).settle();
        group.refuses = true;

        leases.onPartitionsRevoked(List.of(PARTITION));

        assertThat(meters.get("rtaa.bus.fenced").tag("topic", "audio").counter().count())
                .isEqualTo(1);
    }

    @Test
    void aTakeOverThatFailsAgainAndAgainIsCounted() {
        for (int claim = 0; claim < 3; claim++) {
            log.claims.get(claim).completeExceptionally(new TopicAuthorizationException("transcripts"));
            leases.beforePoll();
            time.pass(Duration.ofSeconds(1));
            leases.beforePoll();
        }

        // The first one of a client that is new fails as a rule.
        assertThat(meters.get("rtaa.bus.errors")
                        .tags("topic", "audio", "doing", "lease", "cause", "refused")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void whatIsSettledIsCommittedAndTheCallsReleasedWhenThePartitionGoes() {
        takeOver(nothing());
        deliver(0, call.window(1));
        deliver(1, call.window(2));
        receipts.get(0).settle();

        group.rebalance(List.of());

        assertThat(committed()).isEqualTo(1);
        assertThat(heard).last().isEqualTo(new CallRelease(call.stream()));
        assertThat(leases.partitions()).isEmpty();
        assertThatThrownBy(() -> deliver(2, call.window(3))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPartitionThatWasLostIsReleasedWithoutACommit() {
        takeOver(nothing());
        deliver(0, call.window(1));
        receipts.get(0).settle();

        leases.onPartitionsLost(List.of(PARTITION));

        assertThat(committed()).isZero();
        assertThat(heard).last().isEqualTo(new CallRelease(call.stream()));
    }

    @Test
    void liveCallsGetSignsOfLifeWhileTheBrokerIsAwayAndOnceItIsBack() {
        takeOver(nothing());
        leases.afterPoll(0, 1);
        deliver(0, call.window(1));
        leases.afterPoll(1, 2);

        time.pass(Duration.ofSeconds(2));
        leases.afterPoll(0, 2);
        assertThat(heard).as("not away for long enough").hasSize(1);
        time.pass(Duration.ofSeconds(2));
        leases.afterPoll(0, 2);
        leases.afterPoll(0, 2);
        assertThat(heard).hasSize(2);
        time.pass(Duration.ofSeconds(2));
        leases.afterPoll(0, 2);
        assertThat(heard).hasSize(3);
        assertThat(leases.isDeaf()).isTrue();
        leases.afterPoll(0, 3);

        assertThat(leases.isDeaf()).isFalse();
        assertThat(heard).hasSize(4).last().isInstanceOfSatisfying(AudioWindow.class, sign -> {
            assertThat(sign.samples()).isZero();
            assertThat(sign.firstSample()).isEqualTo(call.window(1).endSample());
        });
    }

    @Test
    void audioThatLayInTheLogForAWhileComesNoFasterThanItIsRecognised() {
        takeOver(nothing());
        group.updateEndOffsets(Map.of(PARTITION, 10_000L));
        group.seek(PARTITION, 0);
        for (int n = 1; n <= 200; n++) {
            deliver(n - 1, call.window(n));
        }

        leases.beforePoll();
        assertThat(group.paused()).containsExactly(PARTITION);
        assertThat(heard).as("a sign of life, as no audio comes").hasSize(201);
        receipts.subList(0, 110).forEach(AudioReceipt::settle);
        leases.beforePoll();

        assertThat(group.paused()).isEmpty();
    }

    @Test
    void aCallThatWaitsForARecogniserHoldsUpNoOther() {
        takeOver(nothing());
        group.updateEndOffsets(Map.of(PARTITION, 10_000L));
        group.seek(PARTITION, 0);
        for (int n = 1; n <= 200; n++) {
            deliver(n - 1, call.window(n));
        }
        leases.beforePoll();

        time.pass(Duration.ofSeconds(20));
        leases.beforePoll();

        assertThat(group.paused()).isEmpty();
    }

    @Test
    void aPartitionThatIsReadAsItIsWrittenIsNeverHeld() {
        takeOver(nothing());
        group.updateEndOffsets(Map.of(PARTITION, 205L));
        group.seek(PARTITION, 200);
        for (int n = 1; n <= 200; n++) {
            deliver(n - 1, call.window(n));
        }

        leases.beforePoll();

        assertThat(group.paused()).isEmpty();
    }

    private KafkaBus bus() {
        return new KafkaBus(
                new KafkaBusOptions(
                        TOPIC,
                        "transcripts",
                        "partials",
                        1,
                        0,
                        true,
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Duration.ZERO),
                meters,
                time);
    }

    private void deliver(long offset, AudioMessage message) {
        leases.deliver(0, offset, time.epochMillis(), message);
    }

    private void takeOver(TranscriptLog.Past past) {
        log.claims.get(0).complete(40L);
        leases.beforePoll();
        log.pasts.get(0).complete(past);
        leases.beforePoll();
    }

    private void poll() {
        time.pass(Duration.ofSeconds(1));
        leases.beforePoll();
    }

    private long committed() {
        return group.committed;
    }

    /** Of a call that is live and has said nothing lately. */
    private StreamPast silent() {
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.words(2, 1, 5));
        return past;
    }

    private TranscriptLog.Past pastOf(StreamPast past) {
        return new TranscriptLog.Past(new TranscriptFence(), new HashMap<>(Map.of(call.stream(), past)));
    }

    private static TranscriptLog.Past nothing() {
        return new TranscriptLog.Past(new TranscriptFence(), new HashMap<>());
    }

    /** A client whose group may have forgotten it. */
    private static final class Group extends MockConsumer<byte[], byte[]> {

        private boolean refuses;
        private long committed;

        Group() {
            super(OffsetResetStrategy.EARLIEST);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            if (refuses) {
                throw new CommitFailedException();
            }
            note(offsets);
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            note(offsets);
        }

        private void note(Map<TopicPartition, OffsetAndMetadata> offsets) {
            committed = offsets.get(PARTITION).offset();
        }
    }

    /** A log that answers when it is told to. */
    private static final class Log implements TranscriptLog {

        private final List<CompletableFuture<Long>> claims = new ArrayList<>();
        private final List<Long> takeOvers = new ArrayList<>();
        private final List<CompletableFuture<Past>> pasts = new ArrayList<>();

        @Override
        public CompletableFuture<Long> claim(int partition) {
            claims.add(new CompletableFuture<>());
            return claims.get(claims.size() - 1);
        }

        @Override
        public CompletableFuture<Long> takeOver(int partition, long epoch) {
            takeOvers.add(epoch);
            return CompletableFuture.completedFuture(epoch + 1);
        }

        @Override
        public CompletableFuture<Past> past(int partition, long lastOffset) {
            pasts.add(new CompletableFuture<>());
            return pasts.get(pasts.size() - 1);
        }
    }

    private static final class Time implements BusTime {

        private long nanos = Duration.ofHours(1).toNanos();

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long epochMillis() {
            return nanos / 1_000_000;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    }
}
