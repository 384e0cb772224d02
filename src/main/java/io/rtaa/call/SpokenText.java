package io.rtaa.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A text that was said, and where the recogniser's words stand in it. Not every word need be there: a text may have
 * "25" where the words are "twenty" and "five".
 *
 * <p>Thread-safety: none; made and used by one thread.
 */
public final class SpokenText {

    /** Where a word stands: from its first sign to behind its last one. */
    public record Place(Word word, int from, int to) {}

    private final String text;
    private final List<Word> words;
    /** The place of each word; null for one that is not found. */
    private final List<@Nullable Place> places;

    /** @param words in the order in which they were said */
    public SpokenText(String text, List<Word> words) {
        this.text = text;
        this.words = words;
        this.places = find(text, words);
    }

    private static List<@Nullable Place> find(String text, List<Word> words) {
        String searched = text.toLowerCase(Locale.ROOT);
        if (searched.length() != text.length()) {
            searched = text;
        }
        List<@Nullable Place> places = new ArrayList<>();
        int at = 0;
        boolean passedOver = false;
        for (Word word : words) {
            String wanted = word.text().strip().toLowerCase(Locale.ROOT);
            int found = wanted.isEmpty() ? -1 : searched.indexOf(wanted, at);
            // A word that stands further on is another one of that name, unless one before it is spelt otherwise.
            passedOver = found < 0 || (!passedOver && hasLetters(text, at, found));
            if (passedOver) {
                places.add(null);
            } else {
                at = found + wanted.length();
                places.add(new Place(word, found, at));
            }
        }
        return places;
    }

    private static boolean hasLetters(String text, int from, int to) {
        return text.substring(from, to).codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** Whether anything but signs and spaces stands there. */
    public boolean hasLetters(int from, int to) {
        return hasLetters(text, from, to);
    }

    /** Where words stand, in order; those that are not found are left out. */
    public List<Place> places() {
        List<Place> found = new ArrayList<>();
        for (Place place : places) {
            if (place != null) {
                found.add(place);
            }
        }
        return found;
    }

    /**
     * The part of the text that some of the words make, signs and all, without spaces around it. Where its ends are not
     * to be found, the texts of the words.
     *
     * @param from the first of the words
     * @param to the word after the last one
     */
    public String part(int from, int to) {
        int begin = cut(from);
        int end = cut(to);
        if (begin >= 0 && end >= begin) {
            return text.substring(begin, end).strip();
        }
        StringBuilder joined = new StringBuilder();
        for (Word word : words.subList(from, to)) {
            joined.append(Script.joint(joined.toString(), word.text())).append(word.text());
        }
        return joined.toString();
    }

    /** Where the text is cut before a word; -1 where that is not known. */
    private int cut(int word) {
        if (word == 0 || word == words.size()) {
            return word == 0 ? 0 : text.length();
        }
        Place place = places.get(word);
        if (place == null) {
            return -1;
        }
        // Signs behind a word belong to it; those that stand right before a word, after a space or not, to that one.
        int gap = place.from();
        while (gap > 0 && isSign(text.charAt(gap - 1))) {
            gap--;
        }
        if (gap == 0 || Character.isWhitespace(text.charAt(gap - 1))) {
            return gap;
        }
        int at = place.from();
        while (at > gap && opens(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean isSign(char sign) {
        return !Character.isWhitespace(sign) && !Character.isLetterOrDigit(sign) && !Character.isSurrogate(sign);
    }

    private static boolean opens(char sign) {
        int type = Character.getType(sign);
        return type == Character.START_PUNCTUATION || type == Character.INITIAL_QUOTE_PUNCTUATION;
    }
}
