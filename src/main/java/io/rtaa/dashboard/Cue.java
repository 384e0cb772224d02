package io.rtaa.dashboard;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
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

    /** How long a cue of {@link #FEW_WORDS} stays, where there is room before the next. */
    static final long LEAST_MILLIS = 1_000;

    static final int FEW_WORDS = 2;

    /** The cues of a transcript, by their start. */
    static List<Cue> of(List<TranscriptEvent> transcript) {
        Labels labels = Labels.of(transcript);
        List<Cue> cues = new ArrayList<>();
        for (TranscriptEvent event : TouchingGaps.joined(transcript)) {
            if (event instanceof Final line) {
                split(line, labels.of(line), cues);
            } else if (event instanceof Gap gap) {
                cues.add(lost(gap));
            }
        }
        cues.sort(Comparator.comparingLong(Cue::startMillis));
        return legible(cues);
    }

    private static void split(Final line, @Nullable String label, List<Cue> cues) {
        String text = oneLine(line.text());
        WordTimes times = new WordTimes(line, text);
        CaptionText caption = new CaptionText(text, times.wordStarts());
        int first = 0;
        for (int part = 1; part <= caption.parts(); part++) {
            boolean isLast = part == caption.parts();
            if (isLast
                    || end(times, caption, part) - times.start(caption.start(first)) > MAX_MILLIS
                    || caption.lines(first, part).size() > MAX_LINES) {
                cues.add(cue(
                        times.start(caption.start(first)),
                        end(times, caption, part - 1),
                        label,
                        caption.lines(first, part - 1)));
                first = part;
            }
        }
    }

    private static long end(WordTimes times, CaptionText caption, int part) {
        return times.end(caption.end(part), caption.start(part + 1));
    }

    private static Cue cue(long startMillis, long endMillis, @Nullable String label, List<String> lines) {
        return new Cue(startMillis, Math.max(endMillis, startMillis + 1), label, lines);
    }

    private static Cue lost(Gap gap) {
        CaptionText caption = new CaptionText(oneLine("[audio lost: " + gap.reason() + "]"), List.of());
        return cue(gap.startMillis(), gap.endMillis(), null, caption.lines(0, caption.parts() - 1));
    }

    /** A text as one line, each gap in it a single space. */
    static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    /**
     * A cue of a word or two is gone before it is read: it stays for as long as reading takes, or until the next one.
     */
    private static List<Cue> legible(List<Cue> sorted) {
        List<Cue> cues = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            Cue cue = sorted.get(i);
            long room = i + 1 < sorted.size() ? sorted.get(i + 1).startMillis : Long.MAX_VALUE;
            long end = Math.min(cue.startMillis + LEAST_MILLIS, room);
            boolean isShort = cue.words() <= FEW_WORDS && end > cue.endMillis;
            cues.add(isShort ? new Cue(cue.startMillis, end, cue.label, cue.lines) : cue);
        }
        return cues;
    }

    private int words() {
        return String.join(" ", lines).split(" ", -1).length;
    }
}
