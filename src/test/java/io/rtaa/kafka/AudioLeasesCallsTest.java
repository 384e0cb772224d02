package io.rtaa.kafka;

import static io.rtaa.kafka.LeaseFixture.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.bus.Speech;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a worker hears of a call after it took its partition over: the resumption, the audio, nothing after the end. */
class AudioLeasesCallsTest {

    private final LeaseFixture fixture = new LeaseFixture();
    private final AudioLeases leases = fixture.leases;
    private final Speech call = fixture.call;

    @Test
    void aCallThatWasCutOffGoesOnOverTheNextSocket() {
        Speech next = call.again(Duration.ofMinutes(1));
        fixture.takeOver(nothing());
        fixture.deliver(0, call.start());
        fixture.deliver(1, call.window(1));
        fixture.deliver(2, next.start());
        // The end of the first is published while the next is read already.
        ((PartitionLease) fixture.receipts.get(0).origin()).over(call.ended(2, 1, EndReason.DISCONNECTED));
        fixture.deliver(3, call.end(1, EndReason.DISCONNECTED));
        fixture.deliver(4, next.window(1));
        ((PartitionLease) fixture.receipts.get(0).origin()).over(next.ended(9, 1, EndReason.IDLE));
        fixture.deliver(5, call.again(Duration.ofMinutes(2)).start());

        assertThat(fixture.heard).extracting(AudioMessage::number).containsExactly(0L, 1L, 0L, 1L, 0L);
        assertThat(fixture.heard.get(4))
                .isInstanceOfSatisfying(
                        CallStart.class,
                        start -> assertThat(start.info().before())
                                .isEqualTo(new CallInfo.Before(Speech.WINDOW_MILLIS, 9)));
    }

    @Test
    void aKnownCallIsResumedBeforeItsFirstMessage() {
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.words(2, 1, 5));
        fixture.takeOver(fixture.pastOf(past));

        fixture.deliver(0, call.window(4));
        fixture.deliver(1, call.window(5));

        assertThat(fixture.heard).hasSize(3).element(0).isInstanceOfSatisfying(CallResume.class, resume -> {
            assertThat(resume.lastSeq()).isEqualTo(2);
            assertThat(resume.published()).isEqualTo(call.words(2, 1, 5).words());
        });
        assertThat(fixture.heard.subList(1, 3)).extracting(AudioMessage::number).containsExactly(4L, 5L);
        assertThat(fixture.receipts)
                .extracting(AudioReceipt::origin)
                .containsOnly(fixture.receipts.get(0).origin());
    }

    @Test
    void aCallWhoseStartIsTooLongAgoIsResumedAllTheSame() {
        StreamPast past = new StreamPast();
        past.add(call.words(700, 1, 5));
        fixture.takeOver(fixture.pastOf(past));

        fixture.deliver(0, call.window(6));

        assertThat(fixture.heard).element(0).isInstanceOfSatisfying(CallResume.class, resume -> {
            assertThat(resume.lastSeq()).isEqualTo(700);
            assertThat(resume.info().sampleRate()).isEqualTo(call.window(6).sampleRate());
        });
    }

    @Test
    void aCallThatIsOverIsSettledUnheard() {
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.ended(2, 3));
        fixture.takeOver(fixture.pastOf(past));

        fixture.deliver(0, call.window(1));
        fixture.deliver(1, call.end(1));

        assertThat(fixture.heard).isEmpty();
        assertThat(leases.unsettled()).isZero();
    }

    @Test
    void anIdThatIsUsedAgainIsHeardAgain() {
        Speech later = call.again(Duration.ofMinutes(15));
        fixture.takeOver(nothing());
        fixture.deliver(0, call.start());
        ((PartitionLease) fixture.receipts.get(0).origin()).over(call.ended(2, 0));
        fixture.deliver(1, call.start());
        assertThat(fixture.heard).as("read once more").hasSize(1);

        fixture.deliver(2, later.start());
        fixture.deliver(3, later.window(1));

        assertThat(fixture.heard).hasSize(3).element(1).isEqualTo(later.start());
    }

    @Test
    void anIdThatIsUsedAgainAfterATakeOverIsHeardAgain() {
        Speech later = call.again(Duration.ofMinutes(15));
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.ended(2, 3));
        fixture.takeOver(fixture.pastOf(past));

        fixture.deliver(0, call.window(3));
        fixture.deliver(1, later.start());
        fixture.deliver(2, later.window(1));

        assertThat(fixture.heard).hasSize(3).element(1).isEqualTo(later.start());
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
        fixture.takeOver(fixture.pastOf(past));

        fixture.deliver(0, later.window(2));

        assertThat(fixture.heard).hasSize(2).element(0).isInstanceOfSatisfying(CallResume.class, resume -> {
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
        fixture.takeOver(fixture.pastOf(past));

        fixture.deliver(0, call.window(3));
        assertThat(output).as("was heard before the end").doesNotContain("audio lost");
        fixture.deliver(1, call.window(4));
        fixture.deliver(2, call.window(5));

        assertThat(output).containsOnlyOnce("audio lost: the call goes on after its end (callended, after 300 ms");
        assertThat(leases.unsettled()).isZero();
    }
}
