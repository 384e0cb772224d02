package io.rtaa.asr;

import io.rtaa.call.AudioFormat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Turns a recogniser's times into times of the stream. A recogniser counts the audio delivered on its connection; the stream
 * counts all its audio. The two differ by where the connection began and by every hole that was jumped since.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class DeliveryTimeline {

    /** Audio delivered in one piece: from {@code delivered} on the connection's clock, from {@code stream} on the stream's. */
    private record Piece(long delivered, long stream, long samples) {
        long deliveredEnd() {
            return delivered + samples;
        }

        long streamEnd() {
            return stream + samples;
        }
    }

    private final int sampleRate;
    private final Deque<Piece> pieces = new ArrayDeque<>();

    DeliveryTimeline(int sampleRate) {
        this.sampleRate = sampleRate;
    }

    /** Notes that samples of the stream were delivered next. */
    void delivered(long streamSample, long samples) {
        Piece last = pieces.peekLast();
        if (last != null && last.streamEnd() == streamSample) {
            pieces.removeLast();
            pieces.addLast(new Piece(last.delivered(), last.stream(), last.samples() + samples));
        } else {
            long delivered = last == null ? 0 : last.deliveredEnd();
            pieces.addLast(new Piece(delivered, streamSample, samples));
        }
    }

    /** The stream's sample at a time of the connection that begins something: at a hole, the sample after it. */
    long startSample(long deliveredMillis) {
        long delivered = AudioFormat.samples(deliveredMillis, sampleRate);
        for (Piece piece : pieces) {
            if (delivered < piece.deliveredEnd()) {
                return piece.stream() + Math.max(0, delivered - piece.delivered());
            }
        }
        return end();
    }

    /** The stream's sample at a time of the connection that ends something: at a hole, the sample before it. */
    long endSample(long deliveredMillis) {
        long delivered = AudioFormat.samples(deliveredMillis, sampleRate);
        for (Piece piece : pieces) {
            if (delivered <= piece.deliveredEnd()) {
                return piece.stream() + Math.max(0, delivered - piece.delivered());
            }
        }
        return end();
    }

    /** Forgets the pieces that end before a sample of the stream, but never the last. */
    void forgetBefore(long streamSample) {
        for (Iterator<Piece> oldest = pieces.iterator(); pieces.size() > 1 && oldest.hasNext(); ) {
            if (oldest.next().streamEnd() >= streamSample) {
                return;
            }
            oldest.remove();
        }
    }

    private long end() {
        Piece last = pieces.peekLast();
        return last == null ? 0 : last.streamEnd();
    }
}
