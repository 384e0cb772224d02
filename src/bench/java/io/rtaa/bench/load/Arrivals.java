package io.rtaa.bench.load;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one dashboard socket brought: each word of each call, how often, and how long finals took.
 *
 * <p>Thread-safety: safe.
 */
final class Arrivals {

    /** Delays beyond this count as this much. */
    private static final long MOST_MICROS = 120_000_000;

    private static final int DIGITS = 3;

    private final Map<Integer, Heard> calls = new HashMap<>();
    private long windowFromNanos = Long.MAX_VALUE;
    private long windowToNanos = Long.MAX_VALUE;
    private Histogram added = new Histogram(MOST_MICROS, DIGITS);
    private Histogram waits = new Histogram(MOST_MICROS, DIGITS);

    /**
     * Measures only finals whose completing frame is due in this time from now on; forgets what was measured before.
     */
    synchronized void measure(long fromNanos, long toNanos) {
        windowFromNanos = fromNanos;
        windowToNanos = toNanos;
        added = new Histogram(MOST_MICROS, DIGITS);
        waits = new Histogram(MOST_MICROS, DIGITS);
    }

    /**
     * Takes the text of a final.
     *
     * @throws IllegalArgumentException if it holds anything but words of the script
     */
    synchronized void take(String text, long nowNanos) {
        for (String token : text.split(" ", -1)) {
            SpokenFinal.Word word = SpokenFinal.Word.parse(token);
            calls.computeIfAbsent(word.call(), call -> new Heard()).add(word);
            SpokenFinal completed = word.completed();
            if (completed != null) {
                time(completed, nowNanos);
            }
        }
    }

    private void time(SpokenFinal spoken, long nowNanos) {
        long due = spoken.mark().dueNanos();
        if (due >= windowFromNanos && due < windowToNanos) {
            long totalMicros = (nowNanos - due) / 1000;
            added.recordValue(Math.max(0, Math.min(MOST_MICROS, totalMicros - spoken.waitMicros())));
            waits.recordValue(Math.min(MOST_MICROS, spoken.waitMicros()));
        }
    }

    /** The time from a final's completing frame to the final, without the wait for its window; microseconds. */
    synchronized Histogram added() {
        return added.copy();
    }

    /** The wait for windows; microseconds. */
    synchronized Histogram waits() {
        return waits.copy();
    }

    /**
     * Compares with what must have come.
     *
     * @param finals by call, how many finals it completed
     */
    synchronized WordCount verify(Map<Integer, Integer> finals) {
        WordCount verdict = WordCount.NONE;
        for (Map.Entry<Integer, Integer> call : finals.entrySet()) {
            Heard heard = calls.getOrDefault(call.getKey(), new Heard());
            verdict = verdict.plus(heard.verify(call.getValue()));
        }
        return verdict;
    }

    /** The words of one call: how often each came. */
    private static final class Heard {
        private byte[] counts = new byte[64 * Script.WORDS];
        private int length;
        private int newest = -1;
        private int outOfOrder;

        void add(SpokenFinal.Word word) {
            int place = word.index() * Script.WORDS + word.word();
            if (place >= counts.length) {
                counts = Arrays.copyOf(counts, 2 * place);
            }
            counts[place] = (byte) Math.min(Byte.MAX_VALUE, counts[place] + 1);
            length = Math.max(length, place + 1);
            if (place < newest) {
                outOfOrder++;
            }
            newest = Math.max(newest, place);
        }

        WordCount verify(int finals) {
            int words = finals * Script.WORDS;
            int missing = 0;
            int doubled = 0;
            for (int place = 0; place < words; place++) {
                int count = place < length ? counts[place] : 0;
                missing += count == 0 ? 1 : 0;
                doubled += count > 1 ? count - 1 : 0;
            }
            return new WordCount(words, missing, doubled, Math.max(0, length - words), outOfOrder);
        }
    }
}
