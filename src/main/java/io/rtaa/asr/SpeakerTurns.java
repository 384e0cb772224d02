package io.rtaa.asr;

import io.rtaa.call.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts what a recogniser heard where one speaker ends and another goes on. */
final class SpeakerTurns {

    private SpeakerTurns() {}

    /**
     * The turns in a span, in order; the span itself where one speaker said all of it. A word whose speaker is not told
     * belongs to the turn before it, at the beginning to the first turn. A turn that another speaker follows ends its
     * utterance.
     */
    static List<RecognisedSpan> of(RecognisedSpan span) {
        List<Word> words = span.words();
        List<RecognisedSpan> turns = new ArrayList<>();
        int from = 0;
        Integer speaker = null;
        for (int i = 0; i < words.size(); i++) {
            Integer next = words.get(i).speaker();
            if (speaker != null && next != null && !next.equals(speaker)) {
                turns.add(turn(span.part(from, i), speaker).ending());
                from = i;
            }
            speaker = next == null ? speaker : next;
        }
        turns.add(turn(span.part(from, words.size()), speaker));
        return turns;
    }

    private static RecognisedSpan turn(RecognisedSpan part, @Nullable Integer speaker) {
        return part.at(
                part.startMillis(),
                part.endMillis(),
                part.words().stream().map(word -> word.by(speaker)).toList());
    }
}
