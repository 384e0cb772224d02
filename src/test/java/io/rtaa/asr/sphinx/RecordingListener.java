package io.rtaa.asr.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.call.Word;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps what a connection says, and notices when it says two things at a time. */
final class RecordingListener implements RecogniserListener {

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<RecognisedSpan> partials = new CopyOnWriteArrayList<>();
    private final List<RecognisedSpan> finals = new CopyOnWriteArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean overlapped;
    private volatile @Nullable RecogniserFailure failure;

    List<String> said() {
        return said;
    }

    List<RecognisedSpan> partials() {
        return partials;
    }

    List<RecognisedSpan> finals() {
        return finals;
    }

    /** What the finals that are not empty say. */
    List<String> texts() {
        return finals.stream()
                .map(RecognisedSpan::text)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    @Nullable
    RecogniserFailure failure() {
        return failure;
    }

    void awaitClosed() {
        await().atMost(Duration.ofMinutes(10)).until(() -> said.contains("closed"));
        assertThat(overlapped).as("two calls of the listener at a time").isFalse();
        assertThat(said.get(said.size() - 1)).isEqualTo("closed");
    }

    /** Finals follow each other without holes from the start to here, and hold their words, which follow each other too. */
    void requireFinalsToCover(long millis) {
        long at = 0;
        for (RecognisedSpan span : finals) {
            assertThat(span.startMillis()).isEqualTo(at);
            at = span.endMillis();
            long wordEnd = span.startMillis();
            for (Word word : span.words()) {
                assertThat(word.startMillis()).isGreaterThanOrEqualTo(wordEnd);
                wordEnd = word.endMillis();
            }
            assertThat(wordEnd).isLessThanOrEqualTo(span.endMillis());
            assertThat(span.text())
                    .isEqualTo(String.join(
                            " ", span.words().stream().map(Word::text).toList()));
        }
        assertThat(at).isEqualTo(millis);
    }

    @Override
    public void opened() {
        say("opened");
    }

    @Override
    public void partial(RecognisedSpan span) {
        partials.add(span);
        say("partial " + span.text());
    }

    @Override
    public void finalResult(RecognisedSpan span) {
        finals.add(span);
        say("final " + span.text());
    }

    @Override
    public void utteranceEnd() {
        say("utteranceEnd");
    }

    @Override
    public void alive() {
        say("alive");
    }

    @Override
    public void closed(@Nullable RecogniserFailure why) {
        failure = why;
        say("closed");
    }

    private void say(String what) {
        overlapped |= inside.incrementAndGet() > 1;
        said.add(what);
        inside.decrementAndGet();
    }
}
