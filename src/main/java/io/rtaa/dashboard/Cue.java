package io.rtaa.dashboard;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One caption: what is shown while its stretch of the audio plays. A final becomes as many cues as it needs to stay within
 * {@link #MAX_LINES} lines of {@link #MAX_LINE_CHARS} and {@link #MAX_MILLIS}, the measures broadcasters caption by.
 *
 * @param startMillis from where in the audio
 * @param endMillis to where; after {@code startMillis}
 * @param label who speaks; null where nobody is named
 * @param lines one or more lines of text
 */
record Cue(long startMillis, long endMillis, @Nullable String label, List<String> lines) {

    static final int MAX_LINES = 2;
    static final int MAX_LINE_CHARS = 42;
    static final long MAX_MILLIS = 7_000;

    /** The cues of a transcript, by their start. */
    static List<Cue> of(List<TranscriptEvent> transcript) {
        Labels labels = Labels.of(transcript);
        List<Cue> cues = new ArrayList<>();
        for (TranscriptEvent event : transcript) {
            if (event instanceof Final line) {
                split(line, labels.of(line), cues);
            } else if (event instanceof Gap gap) {
                cues.add(cue(gap.startMillis(), gap.endMillis(), null, wrap("[audio lost: " + gap.reason() + "]")));
            }
        }
        cues.sort(Comparator.comparingLong(Cue::startMillis));
        return cues;
    }

    private static void split(Final line, @Nullable String label, List<Cue> cues) {
        List<Piece> taken = new ArrayList<>();
        for (Piece piece : pieces(line)) {
            if (!taken.isEmpty() && !fits(taken, piece)) {
                cues.add(cue(taken, label));
                taken.clear();
            }
            taken.add(piece);
        }
        if (!taken.isEmpty()) {
            cues.add(cue(taken, label));
        }
    }

    private static boolean fits(List<Piece> taken, Piece next) {
        List<Piece> all = new ArrayList<>(taken);
        all.add(next);
        return next.endMillis() - taken.get(0).startMillis() <= MAX_MILLIS
                && wrap(text(all)).size() <= MAX_LINES;
    }

    private static Cue cue(List<Piece> pieces, @Nullable String label) {
        Piece last = pieces.get(pieces.size() - 1);
        return cue(pieces.get(0).startMillis(), last.endMillis(), label, wrap(text(pieces)));
    }

    private static Cue cue(long startMillis, long endMillis, @Nullable String label, List<String> lines) {
        return new Cue(startMillis, Math.max(endMillis, startMillis + 1), label, lines);
    }

    private static String text(List<Piece> pieces) {
        return String.join(" ", pieces.stream().map(Piece::text).toList());
    }

    /** A word as it is shown, with its place in the audio. */
    private record Piece(String text, long startMillis, long endMillis) {}

    /** The recogniser's words where it gives them, else the text's with its time shared out by their length. */
    private static List<Piece> pieces(Final line) {
        List<Piece> pieces = new ArrayList<>();
        if (!line.words().isEmpty()) {
            for (Word word : line.words()) {
                if (!word.text().isBlank()) {
                    pieces.add(new Piece(word.text().strip(), word.startMillis(), word.endMillis()));
                }
            }
            return pieces;
        }
        String text = line.text().strip();
        if (text.isEmpty()) {
            return pieces;
        }
        long duration = Math.max(line.endMillis() - line.startMillis(), 0);
        int at = 0;
        for (String word : text.split("\\s+", -1)) {
            long start = line.startMillis() + duration * at / text.length();
            at = Math.min(at + word.length() + 1, text.length());
            pieces.add(new Piece(word, start, line.startMillis() + duration * at / text.length()));
        }
        return pieces;
    }

    /** Breaks a text into lines at its spaces; a longer word stays whole. */
    private static List<String> wrap(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > MAX_LINE_CHARS) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
