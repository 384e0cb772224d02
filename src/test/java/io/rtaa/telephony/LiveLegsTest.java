package io.rtaa.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.telephony.LiveLegs.Claim;
import io.rtaa.tracing.CallTracing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiveLegsTest {

    private static final StreamId STREAM = new StreamId("tenant", "stream");

    private final TestClock clock = new TestClock();
    private final LiveLegs legs = new LiveLegs(2, clock, CallTracing.OFF);

    @Test
    void grantsAnIdOnceUntilItsTranscriptIsForgotten() {
        assertThat(legs.claim(STREAM)).isEqualTo(Claim.GRANTED);
        assertThat(legs.claim(STREAM)).isEqualTo(Claim.LIVE);
        legs.end(STREAM, EndReason.STOPPED);
        assertThat(legs.claim(STREAM)).isEqualTo(Claim.ENDED_LATELY);
        clock.advance(LiveLegs.REMEMBERED);
        assertThat(legs.claim(STREAM)).isEqualTo(Claim.GRANTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"DISCONNECTED", "IDLE", "LOST", "DRAINED", "FAILED"})
    void grantsTheIdOfAStreamThatWasCutOffAtOnce(EndReason cutOff) {
        legs.claim(STREAM);
        legs.end(STREAM, cutOff);
        assertThat(legs.claimNearest(STREAM)).isEqualTo(STREAM);
        assertThat(legs.claim(STREAM)).isEqualTo(Claim.LIVE);
    }

    @Test
    void keepsTheSameIdOfTwoTenantsApart() {
        assertThat(legs.claim(STREAM)).isEqualTo(Claim.GRANTED);
        assertThat(legs.claim(new StreamId("another", "stream"))).isEqualTo(Claim.GRANTED);
    }

    @Test
    void givesTheNearestFreeId() {
        assertThat(legs.claimNearest(STREAM).interactionId()).isEqualTo("stream");
        assertThat(legs.claimNearest(STREAM).interactionId()).isEqualTo("stream~2");
        legs.end(STREAM, EndReason.STOPPED);
        assertThat(legs.claimNearest(STREAM).interactionId()).isEqualTo("stream~3");
        assertThat(legs.liveCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"DISCONNECTED", "IDLE", "LOST", "DRAINED", "FAILED"})
    void goesOnWithASecondStreamOfTheIdThatWasCutOff(EndReason cutOff) {
        legs.claimNearest(STREAM);
        StreamId second = legs.claimNearest(STREAM);
        StreamId third = legs.claimNearest(STREAM);
        legs.end(second, cutOff);
        assertThat(legs.claimNearest(STREAM)).isEqualTo(second);
        assertThat(legs.claimNearest(STREAM).interactionId()).isEqualTo("stream~4");
        legs.end(third, cutOff);
        legs.end(second, cutOff);
        assertThat(legs.claimNearest(STREAM)).isEqualTo(second);
        assertThat(legs.claimNearest(STREAM)).isEqualTo(third);
    }

    @Test
    void doesNotGoOnWithASecondStreamThatItsCallerEnded() {
        legs.claimNearest(STREAM);
        legs.end(legs.claimNearest(STREAM), EndReason.STOPPED);
        assertThat(legs.claimNearest(STREAM).interactionId()).isEqualTo("stream~3");
    }

    @Test
    void anIdThatLooksLikeASecondStreamsIsTakenAsItIs() {
        for (String id : new String[] {"stream~2", "~2", "stream~x", "stream~", "stream~99999999999"}) {
            StreamId own = new StreamId("tenant", id);
            assertThat(legs.claimNearest(own)).isEqualTo(own);
            legs.end(own, EndReason.DISCONNECTED);
            assertThat(legs.claimNearest(own)).isEqualTo(own);
        }
    }

    @Test
    void admitsNoMoreThanAllowed() {
        assertThat(legs.tryAdmit()).isTrue();
        assertThat(legs.tryAdmit()).isTrue();
        assertThat(legs.tryAdmit()).isFalse();
        legs.release();
        assertThat(legs.tryAdmit()).isTrue();
        assertThat(legs.connectionCount()).isEqualTo(2);
    }

    @Test
    void admitsNobodyWhileDraining() {
        legs.drain();
        assertThat(legs.tryAdmit()).isFalse();
    }

    @Test
    void waitsUntilTheLastStreamHasEnded() throws Exception {
        legs.claim(STREAM);
        assertThat(legs.awaitEnd(any -> true, Duration.ZERO)).isFalse();
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> legs.end(STREAM, EndReason.STOPPED));
        assertThat(legs.awaitEnd(any -> true, Duration.ofSeconds(30))).isTrue();
        ending.get(30, TimeUnit.SECONDS);
    }

    @Test
    void waitsForTheStreamsThatAreAskedForOnly() throws Exception {
        StreamId other = new StreamId("tenant", "other");
        legs.claim(STREAM);
        legs.claim(other);
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> legs.end(STREAM, EndReason.STOPPED));
        assertThat(legs.awaitEnd(STREAM::equals, Duration.ofSeconds(30))).isTrue();
        ending.get(30, TimeUnit.SECONDS);
        assertThat(legs.liveCount(other::equals)).isEqualTo(1);
    }

    @Test
    void remembersABoundedNumberOfEndedIds() {
        for (int i = 0; i <= LiveLegs.MAX_REMEMBERED; i++) {
            StreamId stream = new StreamId("tenant", "stream" + i);
            legs.claim(stream);
            legs.end(stream, EndReason.STOPPED);
        }
        assertThat(legs.claim(new StreamId("tenant", "stream0"))).isEqualTo(Claim.GRANTED);
        assertThat(legs.claim(new StreamId("tenant", "stream1"))).isEqualTo(Claim.ENDED_LATELY);
    }

    @Test
    void refusesRoomForNobody() {
        assertThatThrownBy(() -> new LiveLegs(0, clock, CallTracing.OFF)).hasMessageContaining("allowed");
    }
}
