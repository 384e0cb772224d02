package io.rtaa.bench.load;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The words of a final as they appear in a transcript: {@code 12.3.0 12.3.1 … 12.3.4@<due nanos>+<waited micros>}; the
 * last one says when its frame was due.
 *
 * @param mark which final it is
 * @param waitMicros how much audio came after the completing frame in the same message: so long the message had to wait
 *     for the rest of its window, by the callers' own clock
 */
record SpokenFinal(Mark mark, long waitMicros) {

    /** Word {@code word}, from 0. */
    String word(int word) {
        String name = mark.call() + "." + mark.index() + "." + word;
        return word == Script.WORDS - 1 ? name + "@" + mark.dueNanos() + "+" + waitMicros : name;
    }

    /** All words. */
    String text() {
        StringJoiner text = new StringJoiner(" ");
        for (int word = 0; word < Script.WORDS; word++) {
            text.add(word(word));
        }
        return text.toString();
    }

    /**
     * A word that was read.
     *
     * @param call the call's number
     * @param index the final's place in its call
     * @param word the word's place in its final
     * @param completed the final's mark and wait, where this is its last word; else null
     */
    record Word(int call, int index, int word, @Nullable SpokenFinal completed) {

        /** @throws IllegalArgumentException if this is none of the benchmark's words */
        static Word parse(String token) {
            try {
                int first = token.indexOf('.');
                int second = token.indexOf('.', first + 1);
                int at = token.indexOf('@', second);
                int call = Integer.parseInt(token, 0, first, 10);
                int index = Integer.parseInt(token, first + 1, second, 10);
                int word = Integer.parseInt(token, second + 1, at < 0 ? token.length() : at, 10);
                return new Word(call, index, word, at < 0 ? null : completed(call, index, token, at));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new IllegalArgumentException("'" + token + "' is no word of a call's script", e);
            }
        }

        private static SpokenFinal completed(int call, int index, String token, int at) {
            int plus = token.indexOf('+', at);
            long due = Long.parseLong(token, at + 1, plus, 10);
            return new SpokenFinal(new Mark(call, index, due), Long.parseLong(token, plus + 1, token.length(), 10));
        }
    }
}
