package io.rtaa.testsupport;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How far a transcript is from what was said: the fewest words that have to be put in, left out or replaced, as a part
 * of the words said. Case and punctuation do not count; "good-bye" is two words, "don't" is one.
 *
 * @param errors the words to put in, leave out or replace
 * @param words the words said; at least one
 */
public record WordErrorRate(int errors, int words) {

    /** @throws IllegalArgumentException if the reference has no words */
    public static WordErrorRate of(String reference, String transcript) {
        List<String> said = words(reference);
        if (said.isEmpty()) {
            throw new IllegalArgumentException("the reference has no words");
        }
        return new WordErrorRate(distance(said, words(transcript)), said.size());
    }

    /** 0 is perfect; above 1 where more was made up than said. */
    public double rate() {
        return (double) errors / words;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "WER %.1f %% (%d errors in %d words)", 100 * rate(), errors, words);
    }

    static List<String> words(String text) {
        String plain = text.toLowerCase(Locale.ROOT)
                .replaceAll("['’]", "")
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
        return plain.isEmpty() ? List.of() : List.of(plain.split(" "));
    }

    private static int distance(List<String> said, List<String> heard) {
        int[] row = new int[heard.size() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= said.size(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= heard.size(); j++) {
                int replaced = diagonal + (said.get(i - 1).equals(heard.get(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[heard.size()];
    }
}
