package io.rtaa.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.dashboard.CallBook.Limits;
import io.rtaa.dashboard.CallBook.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CallBookTest {

    private static final long START = 1_763_800_000_000L;
    private static final Viewer ALL = new Viewer(null);

    private final CallBook book = bookAt(START, Limits.DEFAULT);
    private final Events call = Events.of("t", "a", START);

    private static CallBook bookAt(long millis, Limits limits) {
        return new CallBook(Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC), limits, Duration.ZERO);
    }

    @Test
    void dropsRepeatsAndWhateverFollowsTheEnd() {
        assertThat(book.add(call.started(1))).isEqualTo(Outcome.ACCEPTED);
        assertThat(book.add(call.said(2, "Hello."))).isEqualTo(Outcome.ACCEPTED);
        assertThat(book.add(call.said(2, "Hello."))).isEqualTo(Outcome.DROPPED);
        book.add(call.ended(3));
        assertThat(book.add(call.said(4, "Late."))).isEqualTo(Outcome.DROPPED);

        assertThat(book.counts().repeats()).isEqualTo(1);
        assertThat(book.counts().late()).isEqualTo(1);
    }

    @Test
    void anErasedCallIsGoneAndNothingThatStillComesOfItBringsItBack() {
        book.add(call.started(1));
        book.add(call.said(2, "Hello."));
        assertThat(book.erasure(call.stream())).as("while it is live").isNull();
        book.add(call.ended(3));
        CallErased erasure = book.erasure(call.stream());

        assertThat(book.add(erasure)).isEqualTo(Outcome.ERASED);

        assertThat(book.summaries(ALL)).isEmpty();
        assertThat(book.transcript(call.stream())).isEmpty();
        assertThat(book.counts().bytes()).isZero();
        assertThat(book.add(call.said(4, "Late."))).isEqualTo(Outcome.DROPPED);
        assertThat(book.add(call.started(1))).as("read again").isEqualTo(Outcome.DROPPED);
        assertThat(book.add(erasure)).as("read again").isEqualTo(Outcome.DROPPED);
        assertThat(book.replay(call.stream(), Long.MIN_VALUE, 1000)).containsExactly(erasure);
        assertThat(book.erasure(call.stream())).as("asked for again").isEqualTo(erasure);
    }

    @Test
    void anErasureTakesACallWhoseEndTheBookMissed() {
        book.add(call.started(1));
        book.add(call.said(2, "Hello."));

        assertThat(book.add(new CallErased(call.stream(), 4, START + 9000, START + 3000)))
                .isEqualTo(Outcome.ERASED);

        assertThat(book.summaries(ALL)).isEmpty();
    }

    @Test
    void aCallThatStartsAgainAfterItsErasureIsAnotherCall() {
        book.add(call.started(1));
        book.add(call.ended(3));
        CallErased erasure = book.erasure(call.stream());
        book.add(erasure);
        Events again = Events.of("t", "a", START + 60_000);

        assertThat(book.add(again.started(1))).isEqualTo(Outcome.ACCEPTED);
        assertThat(book.add(again.said(2, "Back."))).isEqualTo(Outcome.ACCEPTED);

        assertThat(book.add(erasure)).as("read again").isEqualTo(Outcome.DROPPED);
        assertThat(book.summaries(ALL)).singleElement().matches(CallSummary::isLive);
    }

    @Test
    void aCallThatGoesOnAfterItsErasureHasOnlyWhatFollows() {
        book.add(call.started(1));
        book.add(call.said(2, "Before the cut."));
        book.add(call.ended(3));
        book.add(book.erasure(call.stream()));

        // The clock of the process that took the next leg is behind.
        assertThat(book.add(Events.of("t", "a", START - 60_000).started(4))).isEqualTo(Outcome.ACCEPTED);
        assertThat(book.add(Events.of("t", "a", START).said(5, "After the cut.")))
                .isEqualTo(Outcome.ACCEPTED);

        assertThat(book.replay(call.stream(), Long.MIN_VALUE, 10_000))
                .extracting(TranscriptEvent::seq)
                .containsExactly(4L, 5L);
    }

    @Test
    void aCallWhoseStartIsStampedLaterThanItsEndCanBeErased() {
        book.add(Events.of("t", "a", START + 60_000).started(1));
        book.add(call.ended(3));

        assertThat(book.add(book.erasure(call.stream()))).isEqualTo(Outcome.ERASED);
        assertThat(book.summaries(ALL)).isEmpty();
    }

    @Test
    void showsACallWhoseStartItMissed() {
        book.add(call.said(7, "In the middle."));

        CallSummary summary = book.summaries(ALL).get(0);
        assertThat(summary.info()).isNull();
        assertThat(summary.isLive()).isTrue();
        assertThat(summary.lastText()).isEqualTo("In the middle.");
    }

    @Test
    void remembersTheLastWordsThroughFinalsWithoutAny() {
        book.add(call.said(1, "Thank you."));
        book.add(call.utteranceEnd(2));

        CallSummary summary = book.summaries(ALL).get(0);
        assertThat(summary.lastText()).isEqualTo("Thank you.");
        assertThat(summary.finals()).isEqualTo(1);
    }

    @Test
    void aLaterCallOfTheSameIdTakesThePlaceOfTheEndedOne() {
        book.add(call.started(1));
        book.add(call.ended(2));

        assertThat(book.add(Events.of("t", "a", START + 60_000).started(1))).isEqualTo(Outcome.REPLACED);
        assertThat(book.summaries(ALL)).singleElement().matches(CallSummary::isLive);
    }

    @Test
    void aCallWhoseSeqGoesOnAfterItsEndIsLiveAgainWithAllThatWasSaid() {
        book.add(call.started(1));
        book.add(call.said(2, "Before the cut."));
        book.add(call.ended(3));

        // The next socket's start may have been taken before the end of the one before was published.
        assertThat(book.add(call.started(100).at(START))).isEqualTo(Outcome.ACCEPTED);
        book.add(call.said(101, "And on."));

        CallSummary summary = book.summaries(ALL).get(0);
        assertThat(summary.isLive()).isTrue();
        assertThat(summary.startedMillis()).isEqualTo(START + 1000);
        assertThat(book.transcript(call.stream()).orElseThrow().lines())
                .extracting(TranscriptEvent::seq)
                .containsExactly(2L, 101L);
        assertThat(book.replay(call.stream(), Long.MIN_VALUE, Long.MAX_VALUE))
                .extracting(TranscriptEvent::seq)
                .containsExactly(1L, 2L, 100L, 101L);
        book.add(call.ended(102));
        assertThat(book.summaries(ALL).get(0).isLive()).isFalse();
    }

    @Test
    void forgetsEndedCallsAfterTheirRetention() {
        long ended = START - CallBook.RETENTION.toMillis();
        Events old = Events.of("t", "old", ended - 2000);
        Events recent = Events.of("t", "recent", ended - 1000 + 1);
        book.add(old.started(1));
        book.add(old.ended(2));
        book.add(recent.started(1));
        book.add(recent.ended(2));
        book.add(recent.gap(3, "late"));

        assertThat(book.streams(ALL)).containsExactly(recent.stream());
        assertThat(CallBook.RETENTION).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aFullBookGivesUpWhatEndedFirstAndCountsIt() {
        CallBook small = bookAt(START, new Limits(2, 1 << 20));
        Events first = Events.of("t", "1", START);
        Events second = Events.of("t", "2", START);
        Events third = Events.of("t", "3", START);
        small.add(first.started(1));
        small.add(second.started(1));
        small.add(second.ended(2));
        small.add(third.started(1));

        assertThat(small.streams(ALL)).containsExactly(first.stream(), third.stream());
        assertThat(small.counts().evicted()).isEqualTo(1);
    }

    @Test
    void manyShortCallsOfOneTenantPushOutNoCallOfAnother() {
        CallBook small = bookAt(START, new Limits(4, 1 << 20));
        Events kept = Events.of("quiet", "kept", START);
        end(small, kept, "Hello.");
        for (int i = 0; i < 100; i++) {
            end(small, Events.of("busy", "short-" + i, START), "Hi.");
        }

        assertThat(small.streams(ALL))
                .extracting(StreamId::interactionId)
                .containsExactly("kept", "short-97", "short-98", "short-99");
    }

    @Test
    void manyWordsOfOneTenantPushOutNoCallOfAnother() {
        CallBook small = bookAt(START, new Limits(1000, 40_000));
        Events kept = Events.of("quiet", "kept", START);
        Events another = Events.of("quiet", "another", START);
        end(small, kept, "Hello.");
        end(small, another, "Hello.");
        Events wordy = Events.of("busy", "wordy", START);
        end(small, wordy, "word ".repeat(100));
        Events wordier = Events.of("busy", "wordier", START);

        end(small, wordier, "word ".repeat(200));

        assertThat(small.streams(ALL)).containsExactly(kept.stream(), another.stream(), wordier.stream());
        assertThat(small.counts().evicted()).isEqualTo(1);
    }

    @Test
    void manyErasuresOfOneTenantForgetNoneOfAnother() {
        CallBook small = bookAt(START, new Limits(2, 1 << 20));
        Events kept = Events.of("quiet", "kept", START);
        eraseIn(small, kept);
        for (int i = 0; i < 10; i++) {
            eraseIn(small, Events.of("busy", "short-" + i, START));
        }

        assertThat(small.add(kept.said(9, "Late."))).isEqualTo(Outcome.DROPPED);
        assertThat(small.streams(ALL)).isEmpty();
    }

    private static void end(CallBook book, Events call, String said) {
        book.add(call.started(1));
        book.add(call.said(2, said));
        book.add(call.ended(3));
    }

    private static void eraseIn(CallBook book, Events call) {
        end(book, call, "Gone.");
        book.add(Objects.requireNonNull(book.erasure(call.stream())));
    }

    @Test
    void replaysStatusAndPartialsAmongTheLinesBySeq() {
        book.add(call.started(1));
        book.add(call.status(2, State.WAITING, "deepgram", "full"));
        book.add(call.said(3, "One."));
        book.add(call.status(4, State.RECOGNISING, "deepgram", null));
        book.add(call.gap(5, "cut"));
        book.add(call.partial(6, "two"));

        assertThat(book.replay(call.stream(), Long.MIN_VALUE, Long.MAX_VALUE))
                .extracting(event -> event.seq())
                .containsExactly(1L, 3L, 4L, 5L, 6L);
        assertThat(book.replay(call.stream(), 3, 1))
                .extracting(event -> event.seq())
                .containsExactly(4L);
    }
}
