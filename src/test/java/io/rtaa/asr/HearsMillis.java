package io.rtaa.asr;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A recogniser that knows what is said in a stream and tells it of the audio it gets: each sample's value is the
 * millisecond of the stream it belongs to. Cuts finals at random places, shifts word times, lets words straddle finals, and
 * loses its connections as its dice say.
 *
 * <p>Thread-safety: none; everything happens on the thread of the test.
 */
final class HearsMillis implements RecogniserProvider {

    static final int JITTER_MILLIS = 80;

    private static final int SAMPLES_A_MILLI = 8;
    private static final int MIN_WINDOW_MILLIS = 300;
    private static final int MAX_WINDOW_MILLIS = 3500;
    private static final int LOOK_AHEAD_MILLIS = 250;
    private static final int LATEST_FAULT_MILLIS = 6000;

    /** How a connection goes wrong. */
    private enum Mishap {
        REFUSED,
        LOST,
        CLOSED_UNASKED,
        FROZEN,
        SILENT_AT_THE_END
    }

    private final List<Word> truth;
    private final Random random;
    private int mishapsLeft;
    private final List<Ear> ears = new ArrayList<>();

    /**
     * @param truth what is said, in order
     * @param mishaps so many connections go wrong, then all is well
     */
    HearsMillis(List<Word> truth, int mishaps, Random random) {
        this.truth = truth;
        this.mishapsLeft = mishaps;
        this.random = random;
    }

    /** The audio of a stretch of the stream. */
    static byte[] pcm(long firstSample, int samples) {
        byte[] pcm = new byte[samples * AudioFormat.BYTES_PER_SAMPLE];
        for (int i = 0; i < samples; i++) {
            int milli = Math.toIntExact((firstSample + i) / SAMPLES_A_MILLI);
            pcm[2 * i] = (byte) milli;
            pcm[2 * i + 1] = (byte) (milli >> 8);
        }
        return pcm;
    }

    /** Lets connections say what they have to: nothing is said while they are spoken to. */
    void speak() {
        List.copyOf(ears).forEach(Ear::speak);
    }

    int connections() {
        return ears.size();
    }

    @Override
    public String name() {
        return "hears-millis";
    }

    @Override
    public double maxPace() {
        return 1.25;
    }

    @Override
    public RecogniserConnection open(RecogniserRequest request, RecogniserListener listener) {
        Mishap mishap = mishapsLeft-- > 0 ? Mishap.values()[random.nextInt(Mishap.values().length)] : null;
        Ear ear = new Ear(listener, mishap);
        ears.add(ear);
        return ear;
    }

    private final class Ear implements RecogniserConnection {
        private final RecogniserListener listener;
        private final Mishap mishap;
        private final int mishapAfterMillis = random.nextInt(LATEST_FAULT_MILLIS);
        /** The stream's milliseconds in the order they were delivered. */
        private final List<Integer> heard = new ArrayList<>();

        private boolean open;
        private boolean gone;
        private boolean ended;
        private int next;
        private long windowStart;
        private long cutAt = window();
        private long lastEnd;

        Ear(RecogniserListener listener, Mishap mishap) {
            this.listener = listener;
            this.mishap = mishap;
        }

        private long window() {
            return (long) MIN_WINDOW_MILLIS + random.nextInt(MAX_WINDOW_MILLIS - MIN_WINDOW_MILLIS);
        }

        void speak() {
            if (gone) {
                return;
            }
            if (!open) {
                open = true;
                if (mishap == Mishap.REFUSED) {
                    close(new RecogniserFailure(RecogniserFailure.Kind.RETRYABLE, "refused"));
                } else {
                    listener.opened();
                }
                return;
            }
            boolean strikes = mishap != null && heard.size() >= mishapAfterMillis;
            if (strikes && mishap == Mishap.FROZEN) {
                return;
            }
            while (!gone && heard.size() >= cutAt + LOOK_AHEAD_MILLIS) {
                closeWindow(cutAt);
            }
            if (strikes && mishap == Mishap.LOST) {
                close(new RecogniserFailure(RecogniserFailure.Kind.RETRYABLE, "lost"));
            } else if (strikes && mishap == Mishap.CLOSED_UNASKED && !ended) {
                // Once the end was asked, a close without a failure says that all is told.
                close(null);
            } else if (ended && mishap == Mishap.SILENT_AT_THE_END) {
                close(new RecogniserFailure(RecogniserFailure.Kind.RETRYABLE, "did not finish"));
            } else if (ended) {
                closeWindow(heard.size());
                close(null);
            } else if (!heard.isEmpty() && random.nextInt(4) == 0) {
                listener.partial(Shorthand.span(windowStart, heard.size(), "hm", 0.5, 0, false, List.of()));
            }
        }

        private void close(RecogniserFailure failure) {
            gone = true;
            listener.closed(failure);
        }

        private void closeWindow(long end) {
            List<Word> words = new ArrayList<>();
            for (; next < truth.size(); next++) {
                Word word = truth.get(next);
                int from = firstAtOrAfter(word.startMillis());
                int to = firstAtOrAfter(word.endMillis());
                boolean isHalfHeard = (to - from) * 2L >= word.endMillis() - word.startMillis();
                boolean goesOn = to == heard.size() && !ended;
                if (from >= end || goesOn || (to > end && random.nextBoolean())) {
                    break;
                }
                if (isHalfHeard) {
                    long start = Math.max(lastEnd, from + jitter());
                    lastEnd = Math.max(start, Math.min(heard.size(), to + jitter()));
                    words.add(new Word(word.word(), word.text(), start, lastEnd, null, null));
                }
            }
            String text = String.join(" ", words.stream().map(Word::text).toList());
            RecognisedSpan span = Shorthand.span(windowStart, end, text, 0.9, 0, random.nextInt(3) == 0, words);
            windowStart = end;
            cutAt = end + window();
            listener.finalResult(span);
        }

        private int jitter() {
            return random.nextInt(2 * JITTER_MILLIS + 1) - JITTER_MILLIS;
        }

        /** Where on this connection a millisecond of the stream, or the first after it, was heard. */
        private int firstAtOrAfter(long streamMilli) {
            int from = 0;
            int to = heard.size();
            while (from < to) {
                int middle = (from + to) / 2;
                if (heard.get(middle) < streamMilli) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }

        @Override
        public void send(byte[] pcm) {
            for (int i = 0; i < pcm.length; i += 2 * SAMPLES_A_MILLI) {
                heard.add((pcm[i] & 0xff) | (pcm[i + 1] & 0xff) << 8);
            }
        }

        @Override
        public void flush() {
            // Everything is told at the end.
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void abort() {
            gone = true;
        }
    }
}
