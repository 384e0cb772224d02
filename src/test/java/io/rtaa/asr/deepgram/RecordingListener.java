package io.rtaa.asr.deepgram;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.call.Word;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers what a connection says. */
final class RecordingListener implements RecogniserListener {

    /** One call of the listener: its name, and its argument where it has one. */
    record Heard(String what, @Nullable Object argument) {}

    final List<Heard> all = new CopyOnWriteArrayList<>();

    @Override
    public void opened() {
        all.add(new Heard("opened", null));
    }

    @Override
    public void partial(RecognisedSpan span) {
        all.add(new Heard("partial", span));
    }

    @Override
    public void finalResult(RecognisedSpan span) {
        all.add(new Heard("final", span));
    }

    @Override
    public void utteranceEnd() {
        all.add(new Heard("utteranceEnd", null));
    }

    @Override
    public void alive() {
        all.add(new Heard("alive", null));
    }

    @Override
    public void closed(@Nullable RecogniserFailure failure) {
        all.add(new Heard("closed", failure));
    }

    long count(String what) {
        return all.stream().filter(heard -> heard.what().equals(what)).count();
    }

    List<String> names() {
        return all.stream().map(Heard::what).toList();
    }

    boolean isOpen() {
        return count("opened") == 1 && !isClosed();
    }

    boolean isClosed() {
        return count("closed") > 0;
    }

    /** Why the connection was lost; null where it is open or ended well. */
    @Nullable
    RecogniserFailure failure() {
        return all.stream()
                .filter(heard -> heard.what().equals("closed"))
                .map(heard -> (RecogniserFailure) heard.argument())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    List<RecognisedSpan> finals() {
        return spans("final");
    }

    List<RecognisedSpan> partials() {
        return spans("partial");
    }

    List<String> finalWords() {
        return finals().stream()
                .flatMap(span -> span.words().stream())
                .map(Word::word)
                .toList();
    }

    private List<RecognisedSpan> spans(String what) {
        return all.stream()
                .filter(heard -> heard.what().equals(what))
                .map(heard -> (RecognisedSpan) heard.argument())
                .toList();
    }
}
