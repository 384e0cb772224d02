package io.rtaa.asr;

import io.rtaa.call.SpokenText;
import io.rtaa.call.Word;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a recogniser makes of a span of audio.
 *
 * @param startMillis where the span begins, milliseconds of audio delivered on this connection
 * @param endMillis where it ends; for a final the audio before it is done with
 * @param text what was said; empty for silence
 * @param confidence from 0 to 1; null where the recogniser gives none
 * @param channel the audio channel, from 0
 * @param utteranceEnd whether the speaker came to an end here
 * @param language the language of most of it, a BCP-47 tag; null where it is not known
 * @param words the words in order, with times on the same clock; empty where the recogniser gives none
 */
public record RecognisedSpan(
        long startMillis,
        long endMillis,
        String text,
        @Nullable Double confidence,
        int channel,
        boolean utteranceEnd,
        @Nullable String language,
        List<Word> words) {

    public RecognisedSpan {
        words = List.copyOf(words);
        if (endMillis < startMillis) {
            throw new IllegalArgumentException("span ends at " + endMillis + " ms, before its start " + startMillis);
        }
    }

    /** The same at another place, and so are its words. */
    RecognisedSpan at(long newStartMillis, long newEndMillis, List<Word> newWords) {
        return new RecognisedSpan(
                newStartMillis, newEndMillis, text, confidence, channel, utteranceEnd, language, newWords);
    }

    /** The same, in a language if the recogniser tells none; null for none. */
    public RecognisedSpan inLanguageOr(@Nullable String asked) {
        return language != null || asked == null
                ? this
                : new RecognisedSpan(startMillis, endMillis, text, confidence, channel, utteranceEnd, asked, words);
    }

    /** The same, where it ends no utterance. */
    public RecognisedSpan goingOn() {
        return new RecognisedSpan(startMillis, endMillis, text, confidence, channel, false, language, words);
    }

    /** The same, where it ends its utterance. */
    RecognisedSpan ending() {
        return new RecognisedSpan(startMillis, endMillis, text, confidence, channel, true, language, words);
    }

    /**
     * The part that some of the words make, its text cut from this one's.
     *
     * @param from the first of the words
     * @param to the word after the last one; as {@code from} for none
     */
    RecognisedSpan part(int from, int to) {
        if (from == 0 && to == words.size()) {
            return this;
        }
        List<Word> kept = words.subList(from, to);
        long start = from == 0 || kept.isEmpty() ? startMillis : kept.get(0).startMillis();
        long end = to == words.size() ? endMillis : words.get(to - 1).endMillis();
        return new RecognisedSpan(
                start,
                // A recogniser's words may reach beyond the span.
                Math.max(start, end),
                kept.isEmpty() ? "" : new SpokenText(text, words).part(from, to),
                confidenceOf(kept),
                channel,
                utteranceEnd,
                mostFrequentLanguage(kept, language),
                kept);
    }

    private @Nullable Double confidenceOf(List<Word> some) {
        return some.stream().anyMatch(word -> word.confidence() == null)
                ? confidence
                : some.stream()
                        .map(Word::confidence)
                        .filter(Objects::nonNull)
                        .collect(Collectors.averagingDouble(Double::doubleValue));
    }

    /** The language of most of the words that tell theirs, the first of two alike; else the other one. */
    public static @Nullable String mostFrequentLanguage(List<Word> words, @Nullable String other) {
        Map<String, Long> counts = words.stream()
                .map(Word::language)
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
        String most = other;
        long count = 0;
        for (Map.Entry<String, Long> each : counts.entrySet()) {
            if (each.getValue() > count) {
                most = each.getKey();
                count = each.getValue();
            }
        }
        return most;
    }
}
