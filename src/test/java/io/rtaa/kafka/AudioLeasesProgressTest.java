package io.rtaa.kafka;

import static io.rtaa.kafka.LeaseFixture.PARTITION;
import static io.rtaa.kafka.LeaseFixture.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.bus.Speech;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.CallRelease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How far a partition is read and committed, and what happens to its calls when it goes. */
class AudioLeasesProgressTest {

    private final LeaseFixture fixture = new LeaseFixture();
    private final AudioLeases leases = fixture.leases;
    private final Speech call = fixture.call;

    @Test
    void onlyWhatIsFinalIsCommitted() {
        fixture.takeOver(nothing());
        for (int n = 1; n <= 3; n++) {
            fixture.deliver(n - 1, call.window(n));
        }
        fixture.receipts.get(1).settle();
        fixture.poll();
        assertThat(fixture.committed()).isZero();

        fixture.receipts.get(0).settle();
        fixture.poll();

        assertThat(fixture.committed()).isEqualTo(2);
    }

    @Test
    void theLagIsTheAgeOfTheOldestRecordThatIsNotFinal() {
        fixture.takeOver(nothing());
        assertThat(leases.lagMillis()).isZero();
        fixture.deliver(0, call.window(1));
        fixture.time.pass(Duration.ofSeconds(3));
        fixture.deliver(1, call.window(2));
        fixture.time.pass(Duration.ofSeconds(4));
        assertThat(leases.lagMillis()).isEqualTo(7000);

        fixture.receipts.get(0).settle();
        assertThat(leases.lagMillis()).isEqualTo(4000);
        fixture.receipts.get(1).settle();

        assertThat(leases.lagMillis()).isZero();
    }

    @Test
    void anAcknowledgementThatTheGroupRefusesIsFenced() {
        fixture.takeOver(nothing());
        fixture.deliver(0, call.window(1));
        fixture.receipts.get(0).settle();
        fixture.group.refuses = true;

        leases.onPartitionsRevoked(List.of(PARTITION));

        assertThat(fixture.meters
                        .get("rtaa.bus.fenced")
                        .tag("topic", "audio")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatIsSettledIsCommittedAndTheCallsReleasedWhenThePartitionGoes() {
        fixture.takeOver(nothing());
        fixture.deliver(0, call.window(1));
        fixture.deliver(1, call.window(2));
        fixture.receipts.get(0).settle();

        fixture.group.rebalance(List.of());

        assertThat(fixture.committed()).isEqualTo(1);
        assertThat(fixture.heard).last().isEqualTo(new CallRelease(call.stream()));
        assertThat(leases.partitions()).isEmpty();
        assertThatThrownBy(() -> fixture.deliver(2, call.window(3))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPartitionThatWasLostIsReleasedWithoutACommit() {
        fixture.takeOver(nothing());
        fixture.deliver(0, call.window(1));
        fixture.receipts.get(0).settle();

        leases.onPartitionsLost(List.of(PARTITION));

        assertThat(fixture.committed()).isZero();
        assertThat(fixture.heard).last().isEqualTo(new CallRelease(call.stream()));
    }

    @Test
    void audioThatLayInTheLogForAWhileComesNoFasterThanItIsRecognised() {
        fixture.takeOver(nothing());
        fixture.group.updateEndOffsets(Map.of(PARTITION, 10_000L));
        fixture.group.seek(PARTITION, 0);
        for (int n = 1; n <= 200; n++) {
            fixture.deliver(n - 1, call.window(n));
        }

        leases.beforePoll();
        assertThat(fixture.group.paused()).containsExactly(PARTITION);
        assertThat(fixture.heard).as("a sign of life, as no audio comes").hasSize(201);
        fixture.receipts.subList(0, 110).forEach(AudioReceipt::settle);
        leases.beforePoll();

        assertThat(fixture.group.paused()).isEmpty();
    }

    @Test
    void aCallThatWaitsForARecogniserHoldsUpNoOther() {
        fixture.takeOver(nothing());
        fixture.group.updateEndOffsets(Map.of(PARTITION, 10_000L));
        fixture.group.seek(PARTITION, 0);
        for (int n = 1; n <= 200; n++) {
            fixture.deliver(n - 1, call.window(n));
        }
        leases.beforePoll();

        fixture.time.pass(Duration.ofSeconds(20));
        leases.beforePoll();

        assertThat(fixture.group.paused()).isEmpty();
    }

    @Test
    void aPartitionThatIsReadAsItIsWrittenIsNeverHeld() {
        fixture.takeOver(nothing());
        fixture.group.updateEndOffsets(Map.of(PARTITION, 205L));
        fixture.group.seek(PARTITION, 200);
        for (int n = 1; n <= 200; n++) {
            fixture.deliver(n - 1, call.window(n));
        }

        leases.beforePoll();

        assertThat(fixture.group.paused()).isEmpty();
    }
}
