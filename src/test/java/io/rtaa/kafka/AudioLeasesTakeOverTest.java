package io.rtaa.kafka;

import static io.rtaa.kafka.LeaseFixture.PARTITION;
import static io.rtaa.kafka.LeaseFixture.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** A worker takes a partition over: it claims an epoch, reads what was published, and tries again after a failure. */
class AudioLeasesTakeOverTest {

    private final LeaseFixture fixture = new LeaseFixture();
    private final AudioLeases leases = fixture.leases;

    @Test
    void nothingIsReadBeforeTheTakeOverIsDone() {
        assertThat(fixture.group.paused()).containsExactly(PARTITION);
        fixture.log.claims.get(0).complete(40L);
        leases.beforePoll();
        assertThat(fixture.group.paused()).containsExactly(PARTITION);
        assertThat(fixture.log.takeOvers).containsExactly(40L);

        fixture.log.pasts.get(0).complete(nothing());
        leases.beforePoll();

        assertThat(fixture.group.paused()).isEmpty();
        assertThat(leases.partitions()).hasSize(1);
    }

    @Test
    void whoIsFoundToBeNoMemberAfterItsClaimTakesNothingOver() {
        fixture.group.refuses = true;
        fixture.log.claims.get(0).complete(40L);

        leases.beforePoll();
        leases.beforePoll();

        assertThat(fixture.log.takeOvers).isEmpty();
        assertThat(fixture.group.paused()).containsExactly(PARTITION);
    }

    @Test
    void whoFindsAHigherEpochInTheLogClaimsOnceMore() {
        fixture.log.claims.get(0).complete(40L);
        leases.beforePoll();
        TranscriptLog.Past later = nothing();
        later.fence().take(60, new RecordHeaders().add(BusHeaders.TAKE_OVER, BusHeaders.bytes(50)), new byte[0]);
        fixture.log.pasts.get(0).complete(later);

        leases.beforePoll();

        assertThat(leases.partitions()).isEmpty();
        assertThat(fixture.log.claims).hasSize(2);
    }

    /** The owner before went on with its epoch after the topic was made anew. */
    @Test
    void anEpochOfAFormerTopicIsOutbidOnce() {
        fixture.log.claims.get(0).complete(40L);
        leases.beforePoll();
        TranscriptLog.Past former = nothing();
        former.fence().take(39, new RecordHeaders().add(BusHeaders.TAKE_OVER, BusHeaders.bytes(5000)), new byte[0]);
        fixture.log.pasts.get(0).complete(former);
        leases.beforePoll();

        fixture.log.claims.get(1).complete(43L);
        leases.beforePoll();
        fixture.log.pasts.get(1).complete(former);
        leases.beforePoll();

        assertThat(fixture.log.takeOvers).containsExactly(40L, 5043L);
        assertThat(leases.partitions()).hasSize(1);
    }

    @Test
    void aLogThatDoesNotAnswerIsAskedAgainAfterAWhile() {
        fixture.log.claims.get(0).completeExceptionally(new KafkaException("away"));
        leases.beforePoll();
        assertThat(fixture.log.claims).hasSize(1);

        fixture.time.pass(Duration.ofSeconds(1));
        leases.beforePoll();

        assertThat(fixture.log.claims).hasSize(2);
    }

    @Test
    void aPastThatCannotBeReadIsTriedAgainAfterAWhile() {
        fixture.log.claims.get(0).complete(40L);
        leases.beforePoll();
        fixture.log.pasts.get(0).completeExceptionally(new KafkaException("no right to read"));
        leases.beforePoll();
        leases.beforePoll();
        assertThat(fixture.log.claims).hasSize(1);

        fixture.time.pass(Duration.ofMillis(500));
        leases.beforePoll();

        assertThat(fixture.log.claims).hasSize(2);
        assertThat(leases.partitions()).isEmpty();
    }

    @Test
    void aTakeOverThatKeepsFailingIsAFaultUntilItIsDone() {
        fixture.log.claims.get(0).complete(40L);
        leases.beforePoll();
        fixture.log.pasts.get(0).completeExceptionally(new KafkaException("no right to read"));
        leases.beforePoll();
        fixture.time.pass(Duration.ofSeconds(14));
        leases.beforePoll();
        assertThat(leases.fault()).isNull();

        fixture.time.pass(Duration.ofSeconds(11));
        assertThat(leases.fault()).isEqualTo("partitions [0] of audio are not taken over for 25 s: no right to read");
        fixture.log.claims.get(1).complete(50L);
        leases.beforePoll();
        fixture.log.pasts.get(1).complete(nothing());
        leases.beforePoll();

        assertThat(leases.fault()).isNull();
    }

    @Test
    void aGroupThatDoesNotConfirmATakeOverIsAFault() {
        fixture.group.refuses = true;
        fixture.log.claims.get(0).complete(40L);
        leases.beforePoll();

        fixture.time.pass(Duration.ofSeconds(20));

        assertThat(leases.fault()).startsWith("partitions [0] of audio are not taken over for 20 s: ");
    }

    @Test
    void aTakeOverThatFailsAgainAndAgainIsCounted() {
        for (int claim = 0; claim < 3; claim++) {
            fixture.log.claims.get(claim).completeExceptionally(new TopicAuthorizationException("transcripts"));
            leases.beforePoll();
            fixture.time.pass(Duration.ofSeconds(1));
            leases.beforePoll();
        }

        // The first one of a client that is new fails as a rule.
        assertThat(fixture.meters
                        .get("rtaa.bus.errors")
                        .tags("topic", "audio", "doing", "lease", "cause", "refused")
                        .counter()
                        .count())
                .isEqualTo(2);
    }
}
