package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CallResume;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.testsupport.Shorthand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reader shows, who replaces a partial by the next one or by a final, where the recogniser takes words back. */
class WithdrawnPartialTest extends SessionFixture {

    /** The partials that a reader shows now, by channel. */
    private Map<Integer, String> shown() {
        Map<Integer, String> shown = new LinkedHashMap<>();
        for (TranscriptEvent event : events) {
            if (event instanceof Partial partial) {
                shown.put(partial.channel(), partial.text());
            } else if (event instanceof Final result) {
                shown.remove(result.channel());
            }
        }
        return shown;
    }

    private void believes(int channel, long startMillis, long endMillis, String text) {
        recogniser
                .last()
                .listener
                .partial(Shorthand.span(startMillis, endMillis, text, 0.5, channel, false, List.of()));
    }

    @Test
    void aFinalWithoutWordsReplacesAPartialOfItsAudioOnce() {
        RecogniserSession session = session();
        speak(session, 60);
        recogniser.last().leavesOpen(0, 1000, "hello");
        recogniser.last().believes(1000, 2000, "ghost words");
        assertThat(shown()).containsEntry(0, "ghost words");

        recogniser.last().hearsNothing(1000, 2000);
        recogniser.last().hearsNothing(2000, 2500);

        assertThat(shown()).isEmpty();
        assertThat(all(Final.class)).extracting(Final::text).containsExactly("hello", "");
        assertThat(all(Final.class)).extracting(Final::utteranceEnd).containsExactly(false, false);
    }

    @Test
    void aFinalWithoutWordsIsNotPublishedWhereNoPartialWas() {
        RecogniserSession session = session();
        speak(session, 20);
        recogniser.last().hearsNothing(0, 1000);
        recogniser.last().believes(1000, 1500, "real");
        recogniser.last().says(1000, 1500, "real");
        recogniser.last().hearsNothing(1500, 2000);

        assertThat(all(Final.class)).extracting(Final::text).containsExactly("real");
    }

    @Test
    void aPartialStaysThatAFinalWithoutWordsDoesNotReach() {
        RecogniserSession session = session();
        speak(session, 30);
        recogniser.last().believes(2000, 2800, "later");

        recogniser.last().hearsNothing(0, 2000);

        assertThat(shown()).containsEntry(0, "later");
    }

    @Test
    void aFinalReplacesThePartialOfItsChannelAlone() {
        RecogniserSession session = session();
        speak(session, 30);
        believes(0, 0, 900, "left");
        nowNanos += SessionOptions.DEFAULT_PARTIAL_INTERVAL.toNanos();
        believes(1, 0, 900, "right");

        recogniser.last().hearsNothing(0, 1000);
        assertThat(shown()).containsExactly(Map.entry(1, "right"));
        recogniser.last().listener.finalResult(Shorthand.span(0, 1000, "", null, 1, false, List.of()));

        assertThat(shown()).isEmpty();
    }

    @Test
    void aPartialStaysWhileItsAudioWaitsForTheNextConnection() {
        RecogniserSession session = session();
        speak(session, 20);
        recogniser.last().believes(0, 900, "ghost");
        recogniser.last().isLost();
        passes(session, SessionOptions.DEFAULT_RETRY_BASE);
        assertThat(shown()).containsEntry(0, "ghost");

        recogniser.last().hearsNothing(0, 900);

        assertThat(shown()).isEmpty();
    }

    @Test
    void aPartialGoesOnceNoRecogniserTakesTheCall() {
        RecogniserSession session = session();
        speak(session, 20);
        recogniser.last().believes(0, 900, "ghost");

        recogniser
                .last()
                .closesWith(new RecogniserFailure(RecogniserFailure.Kind.SETTINGS_REFUSED, "no such language"));

        assertThat(shown()).isEmpty();
    }

    @Test
    void aPartialGoesWithItsAudio() {
        RecogniserSession session = session();
        speak(session, 20);
        recogniser.last().believes(1500, 2000, "ghost");
        nextSample += 800;
        speak(session, 1);
        passes(session, RecogniserSession.FLUSH_AFTER_SILENCE);
        assertThat(all(Gap.class)).hasSize(1);
        assertThat(shown()).as("a gap elsewhere").isNotEmpty();

        speak(session, (int) (SessionOptions.DEFAULT_KEEP_AUDIO.toMillis() / WINDOW_MILLIS) + 10);
        passes(session, RecogniserSession.FLUSH_AFTER_SILENCE);

        assertThat(all(Gap.class)).hasSizeGreaterThan(1);
        assertThat(shown()).isEmpty();
    }

    @Test
    void aPartialIsReplacedBeforeTheCallEnds() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().believes(900, 1000, "gho");
        hangUp(session);

        recogniser.last().hearsNothing(0, 900);
        recogniser.last().listener.closed(null);

        assertThat(shown()).isEmpty();
        assertThat(events).extracting(TranscriptEvent::type).endsWith("partial", "final", "call_ended");
    }

    @Test
    void thePartialOfTheWorkerBeforeIsReplacedAfterATakeOver() {
        RecogniserSession session = unstarted(SessionOptions.DEFAULTS);
        events.add(Shorthand.partial(STREAM, 7, 0, "half a wor", null, 1000, 1400, 0));
        session.resume(new CallResume(INFO, 8 * 1000, 6, 1000, true, 0, List.of(), List.of()), null);
        nextSample = 8 * 1000;
        speak(session, 10);

        recogniser.last().hearsNothing(0, 900);

        assertThat(shown()).isEmpty();
        assertThat(all(Final.class)).extracting(Final::utteranceEnd).containsExactly(false);
    }
}
