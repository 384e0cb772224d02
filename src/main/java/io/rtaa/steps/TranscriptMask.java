package io.rtaa.steps;

import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.Word;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Masks the numbers of cards, Aadhaar numbers and e-mail addresses in partials and finals: each of their words becomes
 * {@value Word#MASK}, in {@code text} and in {@code words}, whose times stay. Stands in {@code transcripts-out}, before
 * anything leaves the process.
 *
 * <p><b>What is a number.</b> Digits in a row, in figures or in words ("double four"), with nothing between them but
 * sounds such as "uh" and "okay". {@value #SHORTEST} of them or more are masked, whether they add up or not: a
 * recogniser mishears, and a card's number with one wrong digit must not go out. With {@link #setCheckDigits} only those
 * among which a card's number (Luhn) or an Aadhaar number (Verhoeff) stands are masked.
 *
 * <p><b>A number that is cut.</b> What is published cannot be taken back. So {@link #setOpenDigits} digits or more at
 * the end of a partial or final are masked, whatever follows; those of the finals before count. At most three digits of
 * a number that is cut are published, its first ones. The price is that a shorter number at the end of a final, such as
 * a year, is masked too.
 *
 * <p>It remembers such digits of the {@value #MOST_CALLS} calls of which something was said last. Of a call whose start
 * was not seen, as after a take-over from another worker, the digits that begin are masked, however few.
 *
 * <p>Thread-safety: safe; the events of one call come one after another.
 */
public final class TranscriptMask implements Processor {

    /** As many digits as an Aadhaar number has. */
    static final int SHORTEST = 12;

    static final int MOST_CALLS = 20_000;
    private static final int DEFAULT_OPEN_DIGITS = 4;

    /** Digits of a number that goes on are remembered up to here; no number that is looked for is longer. */
    private static final int MOST_DIGITS = 40;

    private static final Pattern WORD = Pattern.compile("\\S+");

    /** What is known of one call: by channel, the digits at the end of the last final. */
    private static final class Open {
        private final boolean isStartKnown;
        private final Map<Integer, String> digits = new HashMap<>();

        Open(boolean isStartKnown) {
            this.isStartKnown = isStartKnown;
        }

        /** Whether any digits at all may have been said right before. */
        boolean isUnknown(int channel) {
            return !isStartKnown && !digits.containsKey(channel);
        }

        String before(int channel) {
            return digits.getOrDefault(channel, "");
        }

        /** The numbers in words that come next. */
        SpokenNumbers numbersIn(List<String> words, int channel) {
            return SpokenNumbers.in(
                    words, isUnknown(channel) || !before(channel).isEmpty());
        }
    }

    private final Map<StreamId, Open> calls = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Open> eldest) {
            return size() > MOST_CALLS;
        }
    };

    private boolean checkDigits;
    private int openDigits = DEFAULT_OPEN_DIGITS;

    /** Masks only numbers that add up; a number that was misheard does not. Off unless set. */
    public void setCheckDigits(boolean checkDigits) {
        this.checkDigits = checkDigits;
    }

    /**
     * Sets how many digits at the end of a final may be the beginning of a number: 4 unless set, 1 masks any.
     *
     * @throws IllegalArgumentException if it is below 1 or above 12
     */
    public void setOpenDigits(int openDigits) {
        if (openDigits < 1 || openDigits > SHORTEST) {
            throw new IllegalArgumentException(
                    "openDigits is " + openDigits + "; allowed: a whole number from 1 to " + SHORTEST);
        }
        this.openDigits = openDigits;
    }

    @Override
    public void process(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof Partial partial) {
            Open open = open(partial);
            exchange.getMessage().setBody(partial.withText(masked(partial.text(), partial.channel(), open)));
        } else if (body instanceof Final said && !said.text().isEmpty()) {
            Open open = open(said);
            Final masked =
                    said.with(masked(said.text(), said.channel(), open), masked(said.words(), said.channel(), open));
            remember(said, open);
            exchange.getMessage().setBody(masked);
        } else if (body instanceof CallStarted started) {
            begin(started);
        } else if (body instanceof CallEnded ended) {
            forget(ended);
        }
    }

    private synchronized Open open(TranscriptEvent event) {
        return calls.computeIfAbsent(event.stream(), stream -> new Open(false));
    }

    private synchronized void begin(CallStarted started) {
        // A call that goes on over another socket may go on in the middle of a number.
        boolean isFirst = started.info().before() == null;
        if (isFirst) {
            calls.put(started.stream(), new Open(true));
        }
    }

    private synchronized void forget(CallEnded ended) {
        calls.remove(ended.stream());
    }

    private static List<String> words(String text) {
        return WORD.matcher(text).results().map(found -> found.group()).toList();
    }

    private String masked(String text, int channel, Open open) {
        BitSet hidden = hidden(words(text), channel, open);
        if (hidden.isEmpty()) {
            return text;
        }
        AtomicInteger place = new AtomicInteger();
        return WORD.matcher(text)
                .replaceAll(word -> Matcher.quoteReplacement(
                        hidden.get(place.getAndIncrement()) ? maskedWord(word.group()) : word.group()));
    }

    /** The mask with the signs around the word, such as a full stop. */
    private static String maskedWord(String word) {
        int from = 0;
        int to = word.length();
        while (from < to && !isHidden(word.charAt(from))) {
            from++;
        }
        while (to > from && !isHidden(word.charAt(to - 1))) {
            to--;
        }
        return from == to ? Word.MASK : word.substring(0, from) + Word.MASK + word.substring(to);
    }

    private static boolean isHidden(char sign) {
        return SpokenNumbers.isPart(sign) || sign == '@';
    }

    private List<Word> masked(List<Word> words, int channel, Open open) {
        List<String> texts = words.stream()
                .map(word -> word.text().isBlank() ? word.word() : word.text())
                .toList();
        BitSet hidden = hidden(texts, channel, open);
        List<Word> masked = new ArrayList<>(words.size());
        for (int i = 0; i < words.size(); i++) {
            masked.add(hidden.get(i) ? words.get(i).masked() : words.get(i));
        }
        return masked;
    }

    /** The places of the words that nobody is to read. */
    private BitSet hidden(List<String> words, int channel, Open open) {
        BitSet hidden = SpokenAddresses.in(words);
        for (SpokenNumbers.Run run : open.numbersIn(words, channel).runs()) {
            String digits = (run.isFirst() ? open.before(channel) : "") + run.digits();
            boolean mayGoOn = run.isLast() && digits.length() >= openDigits;
            boolean mayHaveBegun = run.isFirst() && open.isUnknown(channel);
            if (mayGoOn || mayHaveBegun || isNumber(digits)) {
                run.words().forEach(hidden::set);
            }
        }
        return hidden;
    }

    private boolean isNumber(String digits) {
        return checkDigits ? CheckDigits.holdsNumber(digits) : digits.length() >= SHORTEST;
    }

    /** Notes the digits at the end of a final, with those of the finals before that they go on with. */
    private static void remember(Final said, Open open) {
        SpokenNumbers numbers = open.numbersIn(words(said.text()), said.channel());
        if (!numbers.hasOtherWords() && open.isUnknown(said.channel())) {
            // Still in the number, if there is one, whose beginning was not seen.
            return;
        }
        String before = open.before(said.channel());
        String digits = numbers.hasOtherWords() ? "" : before;
        for (SpokenNumbers.Run run : numbers.runs()) {
            if (run.isLast()) {
                digits = (run.isFirst() ? before : "") + run.digits();
            }
        }
        open.digits.put(said.channel(), digits.substring(Math.max(0, digits.length() - MOST_DIGITS)));
    }
}
