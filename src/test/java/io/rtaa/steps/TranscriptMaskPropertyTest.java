package io.rtaa.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

/** Numbers dictated in any way, in finals that are cut anywhere. */
class TranscriptMaskPropertyTest {

    private static final CamelContext CONTEXT = new DefaultCamelContext();
    private static final StreamId CALL = new StreamId("acme", "one");
    private static final int MOST_TOLD = 3;

    private static final String[] NAMES = {
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"
    };
    private static final String[] TEENS = {
        "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"
    };
    private static final String[] TENS = {
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
    };
    private static final String[] SOUNDS = {"uh", "um,", "okay", "and", "then"};

    /**
     * A word, and the digits that whoever reads it learns.
     *
     * @param joined whether the next word belongs to it, as the digit to a "double"
     */
    private record Spoken(String word, String digits, boolean joined) {}

    private final TranscriptMask mask = new TranscriptMask();

    @Property(tries = 2000)
    void ofACardOrAadhaarNumberAtMostItsFirstThreeDigitsAreTold(@ForAll long seed) {
        isMasked(new Random(seed));
    }

    @Property(tries = 2000)
    void soItIsWhereOnlyNumbersThatAddUpAreMasked(@ForAll long seed) {
        mask.setCheckDigits(true);
        isMasked(new Random(seed));
    }

    private void isMasked(Random random) {
        String number = random.nextBoolean()
                ? number(random, random.nextBoolean() ? "4" : "5", 16, CheckDigits::luhn)
                : number(random, Integer.toString(2 + random.nextInt(8)), 12, CheckDigits::verhoeff);
        List<Spoken> spoken = new ArrayList<>();
        other(random, spoken, "my", "number", "is");
        dictate(number, random, spoken);
        other(random, spoken, "that", "was", "it");
        StringBuilder told = new StringBuilder();
        StringBuilder toldInWords = new StringBuilder();
        process(new CallStarted(new CallInfo(CALL, null, null, null, null, 8000, 0), 1, 0));
        for (List<Spoken> part : cut(spoken, random)) {
            for (int shown = 1; shown <= part.size(); shown++) {
                Partial partial =
                        (Partial) process(Shorthand.partial(CALL, 2, 0, text(part.subList(0, shown)), null, 0, 100, 0));
                assertThat(told + visible(part.subList(0, shown), partial.text().split(" ")))
                        .hasSizeLessThanOrEqualTo(MOST_TOLD);
            }
            Final said = (Final) process(said(part));
            told.append(visible(part, said.text().split(" ")));
            toldInWords.append(
                    visible(part, said.words().stream().map(Word::text).toArray(String[]::new)));
        }
        assertThat(told.toString()).as("%s in %s", number, spoken).hasSizeLessThanOrEqualTo(MOST_TOLD);
        assertThat(number).startsWith(told);
        assertThat(toldInWords).hasToString(told.toString());
    }

    private TranscriptEvent process(TranscriptEvent event) {
        Exchange exchange = new DefaultExchange(CONTEXT);
        exchange.getMessage().setBody(event);
        mask.process(exchange);
        return exchange.getMessage().getBody(TranscriptEvent.class);
    }

    private static String number(Random random, String first, int length, Predicate<String> addsUp) {
        StringBuilder beginning = new StringBuilder(first);
        while (beginning.length() < length - 1) {
            beginning.append(random.nextInt(10));
        }
        for (int last = 0; last < 10; last++) {
            String number = beginning.toString() + last;
            if (addsUp.test(number)) {
                return number;
            }
        }
        throw new AssertionError("no last digit for " + beginning);
    }

    private static void other(Random random, List<Spoken> spoken, String... words) {
        if (random.nextBoolean()) {
            for (String word : words) {
                spoken.add(new Spoken(word, "", false));
            }
        }
    }

    private static void dictate(String number, Random random, List<Spoken> spoken) {
        int at = 0;
        while (at < number.length()) {
            int digit = number.charAt(at) - '0';
            int next = at + 1 < number.length() ? number.charAt(at + 1) - '0' : -1;
            switch (random.nextInt(6)) {
                case 0 -> {
                    int length = Math.min(number.length() - at, 1 + random.nextInt(5));
                    String figures = number.substring(at, at + length);
                    spoken.add(new Spoken(figures + (random.nextInt(4) == 0 ? "," : ""), figures, false));
                    at += length;
                }
                case 1 -> {
                    if (digit == next) {
                        spoken.add(new Spoken("double", "", true));
                        spoken.add(new Spoken(NAMES[digit], "" + digit + digit, false));
                        at += 2;
                    }
                }
                case 2 -> {
                    if (digit == 1 && next >= 0) {
                        spoken.add(new Spoken(TEENS[next], number.substring(at, at + 2), false));
                        at += 2;
                    }
                }
                case 3 -> {
                    if (digit >= 2 && next >= 1) {
                        spoken.add(new Spoken(TENS[digit] + "-" + NAMES[next], number.substring(at, at + 2), false));
                        at += 2;
                    }
                }
                case 4 -> spoken.add(new Spoken(SOUNDS[random.nextInt(SOUNDS.length)], "", false));
                default -> {
                    String name = digit == 0 && at > 0 && random.nextBoolean() ? "oh" : NAMES[digit];
                    spoken.add(new Spoken(random.nextBoolean() ? name : name + ".", "" + digit, false));
                    at++;
                }
            }
        }
    }

    private static List<List<Spoken>> cut(List<Spoken> spoken, Random random) {
        List<List<Spoken>> parts = new ArrayList<>();
        List<Spoken> part = new ArrayList<>();
        for (Spoken word : spoken) {
            part.add(word);
            if (!word.joined() && random.nextInt(5) == 0) {
                parts.add(part);
                part = new ArrayList<>();
            }
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }

    private static String text(List<Spoken> words) {
        return String.join(" ", words.stream().map(Spoken::word).toList());
    }

    private static Final said(List<Spoken> spoken) {
        List<Word> words = spoken.stream()
                .map(one -> new Word(one.word(), one.word(), 0, 0, null, null))
                .toList();
        return Shorthand.finalOf(CALL, 2, 0, text(spoken), null, 0, 100, 0, null, false, words);
    }

    /** The digits that are still to be read. */
    private static String visible(List<Spoken> spoken, String[] told) {
        assertThat(told).hasSameSizeAs(spoken);
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < told.length; i++) {
            if (told[i].equals(spoken.get(i).word())) {
                digits.append(spoken.get(i).digits());
            }
        }
        return digits.toString();
    }
}
