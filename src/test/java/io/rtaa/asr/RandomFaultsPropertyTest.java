package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.Word;
import io.rtaa.tracing.CallTracing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/** A session on a clock in hand, against a recogniser whose dice decide what goes wrong and how finals are cut. */
class RandomFaultsPropertyTest {

    private static final StreamId STREAM = new StreamId("acme", "s1");
    private static final int RATE = 8000;
    private static final int WORDS = 30;
    private static final int STEP_MILLIS = 20;
    private static final int MAX_STEPS = 100_000;
    /** As the service has it, but a call that has ended waits for its last words however many mishaps are left. */
    private static final SessionOptions PATIENT = new SessionOptions(
            SessionOptions.DEFAULTS.keepAudio(),
            SessionOptions.DEFAULTS.partialInterval(),
            SessionOptions.DEFAULTS.frozenAfter(),
            SessionOptions.DEFAULTS.unheardAfter(),
            SessionOptions.DEFAULTS.retryBase(),
            SessionOptions.DEFAULTS.retryCap(),
            Duration.ofMinutes(30),
            SessionOptions.DEFAULTS.lostAfter(),
            SessionOptions.DEFAULTS.eventLimit());

    private static final long MAX_ERROR_MILLIS = HearsMillis.JITTER_MILLIS + 1;

    private final List<TranscriptEvent> events = new ArrayList<>();
    private long nowNanos;

    @BeforeTry
    void forget() {
        events.clear();
        nowNanos = 0;
    }

    @Property(tries = 400)
    void everyWordIsThereOnceInItsPlaceWhateverGoesWrong(
            @ForAll long seed,
            @ForAll @IntRange(max = 8) int mishaps,
            @ForAll @IntRange(min = 2, max = WORDS) int vocabulary,
            @ForAll @IntRange(min = 40, max = 200) int windowMillis) {
        Random random = new Random(seed);
        List<Word> truth = speech(random, vocabulary);
        HearsMillis recogniser = new HearsMillis(truth, mishaps, random);

        hold(recogniser, truth.get(WORDS - 1).endMillis() + 700, windowMillis, random);

        List<Final> finals = all(Final.class);
        List<Word> words =
                finals.stream().flatMap(said -> said.words().stream()).toList();
        assertThat(words)
                .extracting(Word::word)
                .isEqualTo(truth.stream().map(Word::word).toList());
        for (int i = 0; i < WORDS; i++) {
            assertThat(words.get(i).startMillis() - truth.get(i).startMillis())
                    .isBetween(-MAX_ERROR_MILLIS, MAX_ERROR_MILLIS);
            assertThat(words.get(i).endMillis() - truth.get(i).endMillis())
                    .isBetween(-MAX_ERROR_MILLIS, MAX_ERROR_MILLIS);
        }
        for (int i = 1; i < finals.size(); i++) {
            assertThat(finals.get(i).startMillis())
                    .isGreaterThanOrEqualTo(finals.get(i - 1).endMillis());
        }
        for (int i = 1; i < words.size(); i++) {
            assertThat(words.get(i).startMillis())
                    .isGreaterThanOrEqualTo(words.get(i - 1).endMillis());
        }
        assertThat(all(Gap.class)).isEmpty();
        assertThat(events).extracting(TranscriptEvent::seq).isSorted().doesNotHaveDuplicates();
        assertThat(events.get(events.size() - 1)).isInstanceOf(CallEnded.class);
        assertThat(recogniser.connections()).isLessThanOrEqualTo(mishaps + 1);
    }

    private static List<Word> speech(Random random, int vocabulary) {
        List<Word> words = new ArrayList<>();
        long at = 300L + random.nextInt(1000);
        for (int i = 0; i < WORDS; i++) {
            String text = "w" + random.nextInt(vocabulary);
            long end = at + 160 + random.nextInt(360);
            words.add(new Word(text, text, at, end, null, null));
            at = end + 40 + random.nextInt(random.nextInt(5) == 0 ? 2500 : 180);
        }
        return words;
    }

    /** The call from its start to its end: audio in real time, then whatever time the session needs. */
    private void hold(HearsMillis recogniser, long totalMillis, int windowMillis, Random random) {
        SessionTime time = new SessionTime(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), () -> nowNanos, random);
        CallInfo info = new CallInfo(STREAM, null, null, null, null, RATE, 0);
        TranscriptSink sink = (event, origin, receipt, published) -> {
            events.add(event);
            published.accept(null);
        };
        RecogniserSession session = new RecogniserSession(
                info,
                new Recognisers(
                        new ProviderGate(recogniser, GateOptions.DEFAULTS, time),
                        null,
                        new BacklogBudget(Runtime.getRuntime().maxMemory()),
                        new AsrMeters(new SimpleMeterRegistry()),
                        new SessionFaults(new AsrMeters(new SimpleMeterRegistry()), SessionTime.system()),
                        CallTracing.OFF),
                PATIENT,
                time,
                new SpeakerNumbers(0),
                () -> sink);
        session.start(null);
        long atMillis = 0;
        long sample = 0;
        long number = 1;
        boolean hungUp = false;
        for (int step = 0; !session.isOver() && step < MAX_STEPS; step++) {
            nowNanos += STEP_MILLIS * 1_000_000L;
            atMillis += STEP_MILLIS;
            while (sample < totalMillis * RATE / 1000 && sample * 1000 / RATE + windowMillis <= atMillis) {
                int samples = (int) Math.min((long) windowMillis * RATE / 1000, totalMillis * RATE / 1000 - sample);
                session.audio(new AudioWindow(STREAM, number++, sample, RATE, HearsMillis.pcm(sample, samples)), null);
                sample += samples;
            }
            if (!hungUp && sample == totalMillis * RATE / 1000) {
                hungUp = true;
                session.end(new CallEnd(STREAM, number, sample, EndReason.CALLENDED, 0), null);
            }
            session.tick();
            recogniser.speak();
        }
    }

    private <E extends TranscriptEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
