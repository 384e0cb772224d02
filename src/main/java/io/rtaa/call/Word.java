package io.rtaa.call;

import org.jspecify.annotations.Nullable;

/**
 * A recognised word with its place in the stream's audio.
 *
 * @param word the bare word, lower case as recognisers give it
 * @param text the word as it is shown, with capitals and punctuation
 * @param startMillis where it begins, milliseconds of audio since the stream's start
 * @param endMillis where it ends; not before {@code startMillis}
 * @param confidence from 0 to 1; null where the recogniser gives none
 * @param speaker number of the speaker from 0; null where the recogniser tells none apart
 * @param language the language it is of, a BCP-47 tag; null where the recogniser does not tell it for each word
 */
public record Word(
        String word,
        String text,
        long startMillis,
        long endMillis,
        @Nullable Double confidence,
        @Nullable Integer speaker,
        @Nullable String language) {

    /** What stands in the place of a word that readers are not to know. */
    public static final String MASK = "***";

    public Word {
        if (endMillis < startMillis) {
            throw new IllegalArgumentException("word ends at " + endMillis + " ms, before its start " + startMillis);
        }
    }

    /** A word whose language is not told. */
    public Word(
            String word,
            String text,
            long startMillis,
            long endMillis,
            @Nullable Double confidence,
            @Nullable Integer speaker) {
        this(word, text, startMillis, endMillis, confidence, speaker, null);
    }

    /** The same at another place; it ends at its start where the end is before that. */
    public Word at(long newStartMillis, long newEndMillis) {
        return new Word(
                word, text, newStartMillis, Math.max(newStartMillis, newEndMillis), confidence, speaker, language);
    }

    /** The same, said by a speaker of this number; null where speakers are not told apart. */
    public Word by(@Nullable Integer newSpeaker) {
        return new Word(word, text, startMillis, endMillis, confidence, newSpeaker, language);
    }

    /** The same at its place, with {@link #MASK} instead of what was said. */
    public Word masked() {
        return new Word(MASK, MASK, startMillis, endMillis, confidence, speaker, language);
    }

    /** Whether it only says that a word was said here. */
    public boolean isMasked() {
        return word.equals(MASK);
    }

    /** The middle of the word: a word belongs to the side of a cut on which its middle lies. */
    public long midpointMillis() {
        return (startMillis + endMillis) / 2;
    }
}
