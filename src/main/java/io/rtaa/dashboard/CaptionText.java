package io.rtaa.dashboard;

import io.rtaa.call.Script;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A text and where captions may break it: at spaces; in scripts that put none between words also between the words that
 * the recogniser tells, and between characters where one of those is wider than a line. A longer word of any other
 * script stays whole. What is cut out reads as the text does.
 *
 * <p>Thread-safety: none; made and used by one thread.
 */
final class CaptionText {

    private final String text;

    /** Where the parts begin that stay whole, and the text's end. */
    private final List<Integer> starts;

    /**
     * @param text without spaces around it, each gap in it a single space
     * @param wordStarts where words begin in it
     */
    CaptionText(String text, Collection<Integer> wordStarts) {
        this.text = text;
        TreeSet<Integer> breaks = new TreeSet<>();
        int token = 0;
        while (token < text.length()) {
            int space = text.indexOf(' ', token);
            int end = space < 0 ? text.length() : space;
            breaks.add(token);
            if (isWithoutSpaces(text.substring(token, end))) {
                addBreaks(token, end, wordStarts, breaks);
            }
            token = end + 1;
        }
        breaks.add(text.length());
        starts = List.copyOf(breaks);
    }

    private void addBreaks(int from, int to, Collection<Integer> wordStarts, Set<Integer> breaks) {
        TreeSet<Integer> words = new TreeSet<>();
        wordStarts.stream().filter(start -> start > from && start < to).forEach(words::add);
        breaks.addAll(words);
        words.add(to);
        int start = from;
        for (int end : words) {
            if (width(text.substring(start, end)) > Cue.MAX_LINE_CHARS) {
                BreakIterator lines = BreakIterator.getLineInstance(Locale.ROOT);
                lines.setText(text.substring(start, end));
                for (int at = lines.next(); at != BreakIterator.DONE && start + at < end; at = lines.next()) {
                    breaks.add(start + at);
                }
            }
            start = end;
        }
    }

    /** How many parts stay whole. */
    int parts() {
        return starts.size() - 1;
    }

    /** Where a part begins; that of {@link #parts()} is the text's length. */
    int start(int part) {
        return starts.get(part);
    }

    /** Where a part ends, the space behind it left out. */
    int end(int part) {
        int next = starts.get(part + 1);
        return next > 0 && next < text.length() && text.charAt(next - 1) == ' ' ? next - 1 : next;
    }

    /** The lines that parts make, {@link Cue#MAX_LINE_CHARS} wide at most where no part is wider. */
    List<String> lines(int firstPart, int lastPart) {
        List<String> lines = new ArrayList<>();
        int first = firstPart;
        for (int part = firstPart + 1; part <= lastPart; part++) {
            if (width(text.substring(start(first), end(part))) > Cue.MAX_LINE_CHARS) {
                lines.add(text.substring(start(first), end(part - 1)));
                first = part;
            }
        }
        lines.add(text.substring(start(first), end(lastPart)));
        return lines;
    }

    /** A sign that fills a square is twice as wide as a letter. */
    private static int width(String text) {
        return text.codePoints().map(sign -> Script.isSquare(sign) ? 2 : 1).sum();
    }

    private static boolean isWithoutSpaces(String token) {
        return token.codePoints().anyMatch(Script::isWithoutSpaces);
    }
}
