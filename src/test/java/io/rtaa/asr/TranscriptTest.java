package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import io.rtaa.tracing.CallTracing;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TranscriptTest {

    private final CallInfo info = new CallInfo(new StreamId("acme", "s"), null, null, null, null, 8000, 0);
    private final SessionFaults faults =
            new SessionFaults(new AsrMeters(new SimpleMeterRegistry()), SessionTime.system());
    private final EventOutbox outbox =
            new EventOutbox(Runnable::run, () -> null, faults, new SessionTrace(CallTracing.OFF, info), () -> {});
    private final Transcript transcript = new Transcript(
            info,
            outbox,
            SessionTime.system(),
            new AsrMeters(new SimpleMeterRegistry()),
            new SpeechWatch(info, () -> 0, Duration.ofSeconds(15), faults.troubles()),
            new SpeakerNumbers(0),
            faults.troubles(),
            SessionOptions.DEFAULTS);

    @Test
    void remembersTheLastWordsOnlyOfARecogniserThatSaysThousandsInOneMoment() {
        List<Word> words = IntStream.range(0, 5000)
                .mapToObj(i -> new Word("w" + i, "w" + i, 300, 300, null, null))
                .toList();

        transcript.finalResult(Shorthand.span(0, 500, "w", null, 0, false, words), null, List.of());

        assertThat(transcript.published())
                .isEqualTo(words.subList(words.size() - Transcript.MAX_REMEMBERED_WORDS, words.size()));
    }
}
