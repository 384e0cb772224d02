package io.rtaa.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The digits in a row of words, whether the recogniser wrote them as figures or as words. Digits that follow each other,
 * with nothing between them but sounds of hesitation and assent, are a run: a number as it is dictated.
 */
final class SpokenNumbers {

    /**
     * Digits in a row.
     *
     * @param words the places of the words that they stand in
     * @param digits from 0 to 9
     * @param isFirst whether no other word stands before them
     * @param isLast whether no other word stands behind them
     */
    record Run(List<Integer> words, String digits, boolean isFirst, boolean isLast) {}

    /** A word with so many digits among letters is a number, such as "INV2024"; with less it is a word, such as "1st". */
    private static final int FEW_DIGITS = 4;

    private static final Map<String, String> DIGITS = Map.ofEntries(
            Map.entry("zero", "0"),
            Map.entry("oh", "0"),
            Map.entry("o", "0"),
            Map.entry("nought", "0"),
            Map.entry("naught", "0"),
            Map.entry("nil", "0"),
            Map.entry("one", "1"),
            Map.entry("two", "2"),
            Map.entry("three", "3"),
            Map.entry("four", "4"),
            Map.entry("five", "5"),
            Map.entry("six", "6"),
            Map.entry("seven", "7"),
            Map.entry("eight", "8"),
            Map.entry("nine", "9"),
            Map.entry("शून्य", "0"),
            Map.entry("ज़ीरो", "0"),
            Map.entry("जीरो", "0"),
            Map.entry("एक", "1"),
            Map.entry("दो", "2"),
            Map.entry("तीन", "3"),
            Map.entry("चार", "4"),
            Map.entry("पाँच", "5"),
            Map.entry("पांच", "5"),
            Map.entry("छह", "6"),
            Map.entry("छः", "6"),
            Map.entry("छे", "6"),
            Map.entry("सात", "7"),
            Map.entry("आठ", "8"),
            Map.entry("नौ", "9"));

    private static final Map<String, String> TEENS = Map.of(
            "ten", "10",
            "eleven", "11",
            "twelve", "12",
            "thirteen", "13",
            "fourteen", "14",
            "fifteen", "15",
            "sixteen", "16",
            "seventeen", "17",
            "eighteen", "18",
            "nineteen", "19");

    private static final Map<String, String> TENS = Map.of(
            "twenty", "2",
            "thirty", "3",
            "forty", "4",
            "fourty", "4",
            "fifty", "5",
            "sixty", "6",
            "seventy", "7",
            "eighty", "8",
            "ninety", "9");

    private static final Map<String, Integer> TIMES =
            Map.of("double", 2, "triple", 3, "treble", 3, "quadruple", 4, "डबल", 2, "ट्रिपल", 3);

    /** What people say between the digits of one number. */
    private static final Set<String> BETWEEN = Set.of(
            "uh",
            "uhm",
            "um",
            "umm",
            "er",
            "erm",
            "ah",
            "eh",
            "hm",
            "hmm",
            "mm",
            "mhm",
            "okay",
            "ok",
            "yes",
            "yeah",
            "yep",
            "right",
            "correct",
            "and",
            "then",
            "next",
            "so",
            "please",
            "go",
            "on",
            "ahead",
            "continue",
            "sir",
            "madam",
            "ma'am",
            "sorry",
            "again",
            "dash",
            "hyphen",
            "space",
            "comma",
            "haan",
            "ji",
            "हाँ",
            "हां",
            "जी");

    private final List<String> words;
    private final boolean goesOn;
    private final List<Run> runs = new ArrayList<>();
    private boolean hasOtherWords;

    private SpokenNumbers(List<String> words, boolean goesOn) {
        this.words = words;
        this.goesOn = goesOn;
        read();
    }

    /**
     * Finds the digits in words.
     *
     * @param words as the recogniser wrote them, with punctuation
     * @param goesOn whether digits may have been said right before
     */
    static SpokenNumbers in(List<String> words, boolean goesOn) {
        return new SpokenNumbers(words, goesOn);
    }

    /** The runs, in order. */
    List<Run> runs() {
        return runs;
    }

    /** Whether anything was said but digits and what stands between them. */
    boolean hasOtherWords() {
        return hasOtherWords;
    }

    private void read() {
        List<Integer> places = new ArrayList<>();
        StringBuilder digits = new StringBuilder();
        boolean isFirst = true;
        int times = 1;
        for (int i = 0; i < words.size(); i++) {
            String word = bare(words.get(i));
            Integer factor = TIMES.get(word);
            String value = factor == null ? digitsOf(word, i, !places.isEmpty() || (isFirst && goesOn)) : null;
            if (factor != null) {
                times = factor;
                places.add(i);
            } else if (value != null) {
                // "Double four" is 44; of "double eleven" nobody is sure.
                digits.append(value.length() == 1 ? value.repeat(times) : value);
                times = 1;
                places.add(i);
            } else if (!word.isEmpty() && !BETWEEN.contains(word)) {
                add(places, digits, isFirst, false);
                isFirst = false;
                hasOtherWords = true;
                times = 1;
            }
        }
        add(places, digits, isFirst, true);
    }

    private void add(List<Integer> places, StringBuilder digits, boolean isFirst, boolean isLast) {
        if (!digits.isEmpty()) {
            runs.add(new Run(List.copyOf(places), digits.toString(), isFirst, isLast));
        }
        places.clear();
        digits.setLength(0);
    }

    /** The digits that a word stands for; null for any other word. */
    private @Nullable String digitsOf(String word, int place, boolean inRun) {
        String figures = figures(word);
        if (!figures.isEmpty()) {
            return figures;
        }
        if (word.contains("-")) {
            return hyphenated(word);
        }
        if (word.equals("oh") || word.equals("o")) {
            // An "oh" that begins is astonishment: no number that is looked for begins with a zero.
            return inRun ? "0" : null;
        }
        String digit = DIGITS.getOrDefault(word, TEENS.get(word));
        if (digit != null) {
            return digit;
        }
        int next = widthOfNext(place);
        if (TENS.containsKey(word)) {
            return next == 1 && !isZero(place + 1) ? TENS.get(word) : TENS.get(word) + "0";
        }
        if (inRun && word.equals("hundred")) {
            return "0".repeat(Math.max(0, 2 - next));
        }
        return inRun && word.equals("thousand") ? "0".repeat(next == 0 ? 3 : 0) : null;
    }

    /** How many digits the next word stands for, past an "and"; 0 for a word that is no digit, and for more than two. */
    private int widthOfNext(int place) {
        for (int i = place + 1; i < words.size(); i++) {
            String word = bare(words.get(i));
            if (!word.equals("and")) {
                String figures = figures(word);
                if (DIGITS.containsKey(word) || figures.length() == 1) {
                    return 1;
                }
                return TEENS.containsKey(word) || TENS.containsKey(word) || figures.length() == 2 ? 2 : 0;
            }
        }
        return 0;
    }

    private boolean isZero(int place) {
        String word = bare(words.get(place));
        return "0".equals(DIGITS.get(word)) || figures(word).equals("0");
    }

    /** The digits of "forty-one" or "four-one-one"; null where a part is another word. */
    private static @Nullable String hyphenated(String word) {
        List<String> parts = List.of(word.split("-+"));
        StringBuilder digits = new StringBuilder();
        SpokenNumbers inside = parts.stream().anyMatch(part -> part.contains("-")) ? null : in(parts, true);
        if (inside == null || inside.hasOtherWords()) {
            return null;
        }
        inside.runs().forEach(run -> digits.append(run.digits()));
        return digits.isEmpty() ? null : digits.toString();
    }

    /** The figures of a word that is a number, of any script, from 0 to 9; empty for any other word. */
    private static String figures(String word) {
        StringBuilder figures = new StringBuilder();
        boolean hasLetters = false;
        for (int i = 0; i < word.length(); i += Character.charCount(word.codePointAt(i))) {
            int sign = word.codePointAt(i);
            int digit = Character.digit(sign, 10);
            if (digit >= 0) {
                figures.append(digit);
            } else {
                hasLetters = hasLetters || Character.isLetter(sign);
            }
        }
        return hasLetters && figures.length() < FEW_DIGITS ? "" : figures.toString();
    }

    /** A word in lower case without the signs around it. */
    static String bare(String word) {
        int from = 0;
        int to = word.length();
        while (from < to && !isPart(word.charAt(from))) {
            from++;
        }
        while (to > from && !isPart(word.charAt(to - 1))) {
            to--;
        }
        return word.substring(from, to).toLowerCase(Locale.ROOT);
    }

    /** Whether a sign belongs to a word: marks do, such as the vowels of Devanagari. */
    static boolean isPart(char sign) {
        int type = Character.getType(sign);
        return Character.isLetterOrDigit(sign)
                || Character.isSurrogate(sign)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }
}
