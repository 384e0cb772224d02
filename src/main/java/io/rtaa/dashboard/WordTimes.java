package io.rtaa.dashboard;

import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * When which part of a final's text was said. The recogniser's words give the times of the places where they stand in
 * the text, in order; between those, and in a final without words, time is shared out by length.
 *
 * <p>Thread-safety: none; made and used by one thread.
 */
final class WordTimes {

    private record Place(int from, int to, long startMillis, long endMillis) {}

    private final String text;
    private final long startMillis;
    private final long endMillis;
    private final List<Place> places = new ArrayList<>();

    /** @param text the final's, without spaces around it, each gap in it a single space */
    WordTimes(Final line, String text) {
        this.text = text;
        this.startMillis = line.startMillis();
        this.endMillis = Math.max(line.endMillis(), line.startMillis());
        String searched = text.toLowerCase(Locale.ROOT);
        if (searched.length() != text.length()) {
            searched = text;
        }
        int at = 0;
        boolean passedOver = false;
        for (Word word : line.words()) {
            String wanted = word.text().strip().toLowerCase(Locale.ROOT);
            int found = wanted.isEmpty() ? -1 : searched.indexOf(wanted, at);
            // A word that stands further on is another one of that name, unless one before it is spelt otherwise.
            if (found < 0 || (!passedOver && hasLetters(at, found))) {
                passedOver = true;
                continue;
            }
            passedOver = false;
            at = found + wanted.length();
            places.add(new Place(found, at, word.startMillis(), word.endMillis()));
        }
    }

    private boolean hasLetters(int from, int to) {
        return text.substring(from, to).codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** Where words begin in the text. */
    List<Integer> wordStarts() {
        return places.stream().map(Place::from).toList();
    }

    /** When a part of the text begins, which begins at a place in it. */
    long start(int at) {
        int before = 0;
        long beforeMillis = startMillis;
        for (Place place : places) {
            if (place.from == at) {
                return place.startMillis;
            }
            if (place.from > at) {
                return between(before, beforeMillis, place.from, place.startMillis, at);
            }
            before = place.to;
            beforeMillis = place.endMillis;
            if (place.to > at) {
                return between(place.from, place.startMillis, place.to, place.endMillis, at);
            }
        }
        return between(before, beforeMillis, text.length(), endMillis, at);
    }

    /**
     * When a part ends.
     *
     * @param to where it ends in the text
     * @param next where the part after it begins, or the text's length
     */
    long end(int to, int next) {
        for (int i = places.size() - 1; i >= 0; i--) {
            Place place = places.get(i);
            // Signs behind a word, such as a full stop, take no time.
            if (place.to <= to && !hasLetters(place.to, to)) {
                return place.endMillis;
            }
            if (place.to < to) {
                break;
            }
        }
        return next >= text.length() ? endMillis : start(next);
    }

    private static long between(int from, long fromMillis, int to, long toMillis, int at) {
        return to <= from ? toMillis : fromMillis + (toMillis - fromMillis) * (at - from) / (to - from);
    }
}
