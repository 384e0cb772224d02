package io.rtaa.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.bus.Speech;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.kafka.TranscriptFence.Verdict;
import io.rtaa.wire.KeepAliveJson;
import io.rtaa.wire.TranscriptJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TranscriptFenceTest {

    private final Speech call = new Speech("t", "call");
    private final TranscriptFence fence = new TranscriptFence();
    private long offset;

    @Test
    void aTakeOverEndsWhatWasUnderLowerEpochs() {
        assertThat(take(call.started(1), 10)).isEqualTo(Verdict.EVENT);
        assertThat(takeOver(20)).isEqualTo(Verdict.NO_EVENT);
        assertThat(take(call.words(2, 1, 1), 10)).isEqualTo(Verdict.FENCED);
        assertThat(take(call.words(3, 1, 1), 20)).isEqualTo(Verdict.EVENT);
        assertThat(fence.event()).isEqualTo(call.words(3, 1, 1));
    }

    @Test
    void aKeepAliveCountsUnderItsEpochAndIsNoPartial() {
        take(call.started(1), 20);

        assertThat(fence.isFenced(header(BusHeaders.EPOCH, 10))).isTrue();
        assertThat(fence.isFenced(header(BusHeaders.EPOCH, 20))).isFalse();
        assertThat(fence.isFenced(new RecordHeaders())).isFalse();
        // As the version before takes it.
        assertThat(fence.takePartial(
                        header(BusHeaders.EPOCH, 20), KeepAliveJson.write(new KeepAlive(call.stream(), 1, null))))
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(fence.event()).isNull();
    }

    @Test
    void aClaimAloneEndsNothing() {
        take(call.started(1), 10);

        Headers claim = header(BusHeaders.CLAIM, 0);
        assertThat(fence.take(offset++, claim, new byte[0])).isEqualTo(Verdict.NO_EVENT);

        assertThat(take(call.words(2, 1, 1), 10)).isEqualTo(Verdict.EVENT);
    }

    @Test
    void aTakeOverThatComesLateEndsNothing() {
        takeOver(20);
        takeOver(10);

        assertThat(take(call.started(1), 20)).isEqualTo(Verdict.EVENT);
        assertThat(take(call.words(2, 1, 1), 10)).isEqualTo(Verdict.FENCED);
    }

    @Test
    void whoStartsBehindATakeOverLearnsItsEpochFromTheFirstEvent() {
        assertThat(take(call.started(1), 20)).isEqualTo(Verdict.EVENT);
        assertThat(take(call.words(2, 1, 1), 10)).isEqualTo(Verdict.FENCED);
    }

    @Test
    void eventsWithoutAnEpochCount() {
        takeOver(20);

        assertThat(take(call.started(1), BusHeaders.NONE)).isEqualTo(Verdict.EVENT);
    }

    @Test
    void whatIsNotAboveTheLastSeqOfItsStreamIsARepeat() {
        Speech other = new Speech("t", "other");
        take(call.started(1), 10);
        take(call.words(5, 1, 1), 10);

        assertThat(take(call.words(5, 1, 1), 10)).isEqualTo(Verdict.REPEATED);
        assertThat(take(call.started(1), 10)).isEqualTo(Verdict.REPEATED);
        assertThat(take(other.started(1), 10)).isEqualTo(Verdict.EVENT);
    }

    @Test
    void aStartAfterTheEndIsAnotherCallOfTheSameId() {
        Speech later = call.again(Duration.ofMinutes(15));
        take(call.started(1), 10);
        take(call.words(700, 1, 1), 10);
        assertThat(take(later.started(1), 10)).as("not over yet").isEqualTo(Verdict.REPEATED);
        take(call.ended(701, 1), 10);
        assertThat(take(call.started(1), 10)).as("from before the end").isEqualTo(Verdict.REPEATED);

        assertThat(take(later.started(1), 10)).isEqualTo(Verdict.EVENT);
        assertThat(take(later.words(2, 1, 1), 10)).isEqualTo(Verdict.EVENT);
        assertThat(take(later.started(1), 10)).isEqualTo(Verdict.REPEATED);
        assertThat(takePartial(later.partial(3, 2), 10, 2)).isEqualTo(Verdict.EVENT);
    }

    @Test
    void aPartialCountsOnlyWhereItBelongs() {
        take(call.started(1), 10);
        take(call.words(3, 1, 1), 10);

        assertThat(takePartial(call.partial(2, 1), 10, 1)).isEqualTo(Verdict.LATE_PARTIAL);
        assertThat(takePartial(call.partial(6, 3), 10, 5))
                .as("event 5 is still to come")
                .isEqualTo(Verdict.LATE_PARTIAL);
        assertThat(takePartial(call.partial(4, 2), 9, 3)).isEqualTo(Verdict.FENCED);
        assertThat(takePartial(call.partial(4, 2), 10, 3)).isEqualTo(Verdict.EVENT);
        assertThat(takePartial(call.partial(4, 2), 10, 3)).isEqualTo(Verdict.LATE_PARTIAL);
        assertThat(take(call.words(5, 2, 2), 10)).isEqualTo(Verdict.EVENT);
    }

    @Test
    void aPartialOfACallThatNobodyKnowsWaitsForNothing() {
        assertThat(takePartial(call.partial(4, 2), 10, 0)).isEqualTo(Verdict.LATE_PARTIAL);
        assertThat(fence.event()).isNull();
    }

    @Test
    void eventsOfANewerVersionAreLeftAlone() {
        byte[] unknown =
                "{\"type\":\"applause\",\"tenant_id\":\"t\",\"interaction_id\":\"call\",\"seq\":1,\"timestamp_ms\":1}"
                        .getBytes(StandardCharsets.UTF_8);

        assertThat(fence.take(offset++, new RecordHeaders(), unknown)).isEqualTo(Verdict.UNKNOWN);
        assertThat(fence.event()).isNull();
        assertThat(fence.take(offset++, new RecordHeaders(), null)).isEqualTo(Verdict.NO_EVENT);
    }

    @Test
    void aTopicThatWasMadeAnewBeginsAnew() {
        offset = 100;
        take(call.started(1), 50);
        offset = 0;

        assertThat(take(call.started(1), 0)).isEqualTo(Verdict.EVENT);
    }

    private Verdict take(TranscriptEvent event, long epoch) {
        return fence.take(offset++, under(epoch), json(event));
    }

    private Verdict takePartial(Partial partial, long epoch, long after) {
        Headers headers = under(epoch);
        headers.add(BusHeaders.AFTER, BusHeaders.bytes(after));
        return fence.takePartial(headers, json(partial));
    }

    private Verdict takeOver(long epoch) {
        return fence.take(offset++, header(BusHeaders.TAKE_OVER, epoch), new byte[0]);
    }

    private static Headers under(long epoch) {
        return epoch == BusHeaders.NONE ? new RecordHeaders() : header(BusHeaders.EPOCH, epoch);
    }

    private static Headers header(String name, long number) {
        return new RecordHeaders().add(name, BusHeaders.bytes(number));
    }

    private static byte[] json(TranscriptEvent event) {
        return TranscriptJson.write(event).getBytes(StandardCharsets.UTF_8);
    }
}
