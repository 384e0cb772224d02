package io.rtaa.dashboard;

import io.rtaa.call.SpokenText;
import io.rtaa.call.SpokenText.Place;
import io.rtaa.call.TranscriptEvent.Final;
import java.util.List;

/**
 * When which part of a final's text was said. The recogniser's words give the times of the places where they stand in
 * the text, in order; between those, and in a final without words, time is shared out by length.
 *
 * <p>Thread-safety: none; made and used by one thread.
 */
final class WordTimes {

    private final String text;
    private final long startMillis;
    private final long endMillis;
    private final SpokenText spoken;
    private final List<Place> places;

    /** @param text the final's, without spaces around it, each gap in it a single space */
    WordTimes(Final line, String text) {
        this.text = text;
        this.startMillis = line.startMillis();
        this.endMillis = Math.max(line.endMillis(), line.startMillis());
        this.spoken = new SpokenText(text, line.words());
        this.places = spoken.places();
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
            if (place.from() == at) {
                return place.word().startMillis();
            }
            if (place.from() > at) {
                return between(before, beforeMillis, place.from(), place.word().startMillis(), at);
            }
            before = place.to();
            beforeMillis = place.word().endMillis();
            if (place.to() > at) {
                return between(
                        place.from(),
                        place.word().startMillis(),
                        place.to(),
                        place.word().endMillis(),
                        at);
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
            if (place.to() <= to && !spoken.hasLetters(place.to(), to)) {
                return place.word().endMillis();
            }
            if (place.to() < to) {
                break;
            }
        }
        return next >= text.length() ? endMillis : start(next);
    }

    private static long between(int from, long fromMillis, int to, long toMillis, int at) {
        return to <= from ? toMillis : fromMillis + (toMillis - fromMillis) * (at - from) / (to - from);
    }
}
