package io.rtaa.kafka;

import static io.rtaa.kafka.LeaseFixture.PARTITION;
import static io.rtaa.kafka.LeaseFixture.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.bus.Speech;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallResume;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A worker takes over calls that are live and silent, and keeps live calls alive while no audio comes. */
class AudioLeasesSilenceTest {

    private final LeaseFixture fixture = new LeaseFixture();
    private final AudioLeases leases = fixture.leases;
    private final Speech call = fixture.call;

    @Test
    void aCallThatIsLiveAndSilentIsTakenOverTooOnceItShouldHaveSpoken() {
        fixture.takeOver(fixture.pastOf(fixture.silent()));
        fixture.time.pass(Duration.ofSeconds(11));
        leases.beforePoll();
        assertThat(fixture.heard).isEmpty();

        fixture.time.pass(Duration.ofSeconds(1));
        leases.beforePoll();
        leases.beforePoll();

        assertThat(fixture.heard).singleElement().isInstanceOfSatisfying(CallResume.class, resume -> {
            assertThat(resume.info()).isEqualTo(call.start().info());
            assertThat(resume.lastSeq()).isEqualTo(2);
        });
        assertThat(fixture.receipts.get(0).origin()).isInstanceOf(PartitionLease.class);
        assertThat(fixture.meters.get("rtaa.bus.calls.reclaimed").counter().count())
                .isEqualTo(1);
        fixture.deliver(0, call.window(6));
        assertThat(fixture.heard).as("not resumed once more").hasSize(2);
    }

    @Test
    void aSilentCallThatWasTakenOverGetsSignsOfLifeAsOthersDo() {
        fixture.takeOver(fixture.pastOf(fixture.silent()));
        fixture.time.pass(Duration.ofSeconds(12));
        leases.beforePoll();
        CallResume resume = (CallResume) fixture.heard.get(0);

        leases.afterPoll(0, 0);

        assertThat(leases.isDeaf()).isTrue();
        assertThat(fixture.heard).hasSize(2).last().isInstanceOfSatisfying(AudioWindow.class, sign -> {
            assertThat(sign.samples()).isZero();
            assertThat(sign.firstSample()).isEqualTo(resume.acknowledgedSamples());
            assertThat(sign.sampleRate()).isEqualTo(resume.info().sampleRate());
        });
    }

    @Test
    void aSilentCallWhoseStartIsTooLongAgoIsTakenOverAllTheSame() {
        StreamPast past = new StreamPast();
        past.add(call.words(700, 1, 5));
        fixture.takeOver(fixture.pastOf(past));

        fixture.time.pass(Duration.ofSeconds(12));
        leases.beforePoll();

        assertThat(fixture.heard)
                .singleElement()
                .isInstanceOfSatisfying(
                        CallResume.class, resume -> assertThat(resume.lastSeq()).isEqualTo(700));
    }

    @Test
    void aCallThatIsOverIsNotTakenOverForItsSilence() {
        StreamPast past = fixture.silent();
        past.add(call.ended(3, 5));
        fixture.takeOver(fixture.pastOf(past));

        fixture.time.pass(Duration.ofSeconds(12));
        leases.beforePoll();
        fixture.deliver(0, call.window(5));

        assertThat(fixture.heard).isEmpty();
        assertThat(leases.unsettled()).isZero();
    }

    @Test
    void nobodyIsSilentWhileThePartitionIsBehind() {
        fixture.group.updateEndOffsets(Map.of(PARTITION, 10_000L));
        fixture.group.seek(PARTITION, 0);
        fixture.takeOver(fixture.pastOf(fixture.silent()));
        fixture.time.pass(Duration.ofSeconds(20));
        leases.beforePoll();

        fixture.group.seek(PARTITION, 10_000);
        leases.beforePoll();
        fixture.time.pass(Duration.ofSeconds(11));
        leases.beforePoll();
        assertThat(fixture.heard).isEmpty();
        fixture.time.pass(Duration.ofSeconds(1));
        leases.beforePoll();

        assertThat(fixture.heard).hasSize(1);
    }

    @Test
    void nobodyIsSilentWhileTheBrokerIsAway() {
        fixture.takeOver(fixture.pastOf(fixture.silent()));
        leases.afterPoll(0, 1);
        fixture.time.pass(Duration.ofSeconds(5));
        leases.afterPoll(0, 1);
        fixture.time.pass(Duration.ofSeconds(10));

        leases.beforePoll();

        assertThat(leases.isDeaf()).isTrue();
        assertThat(fixture.heard).isEmpty();
    }

    @Test
    void liveCallsGetSignsOfLifeWhileTheBrokerIsAwayAndOnceItIsBack() {
        fixture.takeOver(nothing());
        leases.afterPoll(0, 1);
        fixture.deliver(0, call.window(1));
        leases.afterPoll(1, 2);

        fixture.time.pass(Duration.ofSeconds(2));
        leases.afterPoll(0, 2);
        assertThat(fixture.heard).as("not away for long enough").hasSize(1);
        fixture.time.pass(Duration.ofSeconds(2));
        leases.afterPoll(0, 2);
        leases.afterPoll(0, 2);
        assertThat(fixture.heard).hasSize(2);
        fixture.time.pass(Duration.ofSeconds(2));
        leases.afterPoll(0, 2);
        assertThat(fixture.heard).hasSize(3);
        assertThat(leases.isDeaf()).isTrue();
        leases.afterPoll(0, 3);

        assertThat(leases.isDeaf()).isFalse();
        assertThat(fixture.heard).hasSize(4).last().isInstanceOfSatisfying(AudioWindow.class, sign -> {
            assertThat(sign.samples()).isZero();
            assertThat(sign.firstSample()).isEqualTo(call.window(1).endSample());
        });
    }
}
