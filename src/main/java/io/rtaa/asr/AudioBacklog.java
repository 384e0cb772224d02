package io.rtaa.asr;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.StreamId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The audio of one stream that is not final yet, in order and without repeats. Three marks run through it, all counted in
 * samples of the stream: everything before the <em>cursor</em> is final, everything before <em>sent</em>
 * went to the recogniser on the present connection, and the <em>head</em> is the end of what has come in. A little audio is
 * kept behind the cursor, so that a new connection can begin before it and hears no word by half.
 *
 * <pre>
 *   forgotten | kept behind | kept, sent, not final | kept, not sent |
 *                           cursor                  sent             head
 * </pre>
 *
 * <p>Audio that never came, or was dropped for want of room, leaves a hole between two kept windows.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class AudioBacklog {

    /** A stretch of audio that is not there, in samples of the stream. */
    record Hole(long fromSample, long toSample) {
        boolean isEmpty() {
            return toSample <= fromSample;
        }
    }

    /**
     * A window that is kept, without its samples.
     *
     * @param at where its samples are in the store
     * @param receipt null where the bus needs none
     */
    private record Kept(
            long number,
            long firstSample,
            long endSample,
            long at,
            @Nullable AudioReceipt receipt) {
        Kept with(AudioReceipt other) {
            return new Kept(number, firstSample, endSample, at, other);
        }
    }

    private static final Hole NO_HOLE = new Hole(0, 0);

    private final long behindSamples;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final AudioStore store = new AudioStore();
    /** The window that came last, until it is sent: mostly it is the next one to send, and need not be read back. */
    private @Nullable AudioWindow newest;

    private @Nullable StreamId stream;
    private int sampleRate;
    private long cursor;
    private long sent;
    private long head;

    /** @param behindSamples how much audio is kept behind the cursor */
    AudioBacklog(long behindSamples) {
        this.behindSamples = behindSamples;
    }

    long cursor() {
        return cursor;
    }

    long head() {
        return head;
    }

    /** Samples between the cursor and the head: what is not final yet. */
    long unfinalSamples() {
        return head - cursor;
    }

    boolean hasUnsent() {
        return sent < head;
    }

    /** Begins a stream in its middle: what comes before was somebody else's. Only before any audio is added. */
    void beginAt(long sample) {
        cursor = sample;
        sent = sample;
        head = sample;
    }

    /**
     * Adds a window at the head. One without audio adds nothing.
     *
     * @return the audio missing between the old head and this window; empty where it follows on, or is a repeat
     */
    Hole add(AudioWindow window, @Nullable AudioReceipt receipt) {
        if (window.endSample() <= head || window.samples() == 0) {
            keepRepeatsReceipt(window, receipt);
            return NO_HOLE;
        }
        AudioWindow fresh = window.firstSample() < head ? trimStart(window, head) : window;
        Hole hole = new Hole(head, fresh.firstSample());
        if (sent == head) {
            sent = fresh.firstSample();
        }
        if (cursor == head) {
            cursor = fresh.firstSample();
        }
        stream = fresh.stream();
        sampleRate = fresh.sampleRate();
        newest = fresh;
        kept.addLast(
                new Kept(fresh.number(), fresh.firstSample(), fresh.endSample(), store.append(fresh.pcm()), receipt));
        head = fresh.endSample();
        return hole;
    }

    /** A repeat is as good as its original: acknowledged at once where that is final, else together with it. */
    private void keepRepeatsReceipt(AudioWindow window, @Nullable AudioReceipt receipt) {
        if (receipt == null) {
            return;
        }
        if (window.endSample() <= cursor || kept.isEmpty()) {
            receipt.settle();
            return;
        }
        Kept last = kept.removeLast();
        AudioReceipt original = last.receipt();
        kept.addLast(last.with(original == null ? receipt : AudioReceipt.all(List.of(original, receipt))));
    }

    /** The next window to send, or null; it counts as sent once {@link #markSent} was told. */
    @Nullable
    AudioWindow nextUnsent() {
        if (!hasUnsent()) {
            return null;
        }
        // What was sent lies at the front and what was not at the back, so looking from the back is short in the
        // usual case of one unsent window.
        Kept next = null;
        for (Iterator<Kept> fromHead = kept.descendingIterator(); fromHead.hasNext(); ) {
            Kept candidate = fromHead.next();
            if (candidate.endSample() <= sent) {
                break;
            }
            next = candidate;
        }
        return next == null ? null : window(next, Math.max(sent, next.firstSample()));
    }

    /** A window, or the rest of it from a sample on. */
    private AudioWindow window(Kept piece, long fromSample) {
        if (newest != null && newest.firstSample() == fromSample && newest.endSample() == piece.endSample()) {
            return newest;
        }
        byte[] pcm =
                store.read(piece.at() + bytes(fromSample - piece.firstSample()), bytes(piece.endSample() - fromSample));
        return new AudioWindow(Objects.requireNonNull(stream), piece.number(), fromSample, sampleRate, pcm);
    }

    /** The first sample that was not sent to the present connection. */
    long sent() {
        return sent;
    }

    void markSent(AudioWindow window) {
        sent = window.endSample();
        if (!hasUnsent()) {
            newest = null;
        }
    }

    /**
     * A new connection begins: at a sample at or before the cursor, or with the oldest audio that is kept.
     *
     * @return the samples that were sent before and will be sent again
     */
    long rewind(long toSample) {
        long oldest = kept.isEmpty() ? head : kept.getFirst().firstSample();
        long sentBefore = sent;
        sent = Math.max(oldest, Math.min(toSample, cursor));
        return Math.max(0, sentBefore - sent);
    }

    /**
     * Moves the cursor forward, never back, and lets go of the windows that lie far enough behind it.
     *
     * @return the receipts of those windows, oldest first
     */
    List<AudioReceipt> advance(long toSample) {
        cursor = Math.max(cursor, Math.min(toSample, head));
        return forgetBefore(cursor - behindSamples);
    }

    /** Lets go of everything: the stream is over, or nobody will recognise it. Returns the receipts, oldest first. */
    List<AudioReceipt> release() {
        cursor = head;
        sent = head;
        return forgetBefore(head);
    }

    /**
     * Drops the oldest audio that is not final until no more than so much is left.
     *
     * @param receipts takes the receipts of what was dropped: it will not be recognised, so nobody need keep it
     * @return the audio that is lost by that; empty where there was room
     */
    Hole dropBeyond(long mostSamples, List<AudioReceipt> receipts) {
        long from = cursor;
        while (head - cursor > mostSamples) {
            receipts.addAll(forgetBefore(cursor));
            if (kept.isEmpty()) {
                cursor = head;
                break;
            }
            cursor = kept.getFirst().endSample();
        }
        receipts.addAll(forgetBefore(cursor));
        sent = Math.max(sent, cursor);
        return new Hole(from, cursor);
    }

    private List<AudioReceipt> forgetBefore(long sample) {
        List<AudioReceipt> receipts = new ArrayList<>();
        while (!kept.isEmpty() && kept.getFirst().endSample() <= sample) {
            forgetOldest(receipts);
        }
        return receipts;
    }

    private void forgetOldest(List<AudioReceipt> receipts) {
        Kept oldest = kept.removeFirst();
        store.dropBefore(kept.isEmpty() ? store.end() : kept.getFirst().at());
        if (oldest.receipt() != null) {
            receipts.add(oldest.receipt());
        }
    }

    private static AudioWindow trimStart(AudioWindow window, long fromSample) {
        byte[] rest = Arrays.copyOfRange(window.pcm(), bytes(fromSample - window.firstSample()), window.pcm().length);
        return new AudioWindow(window.stream(), window.number(), fromSample, window.sampleRate(), rest);
    }

    private static int bytes(long samples) {
        return Math.toIntExact(samples * AudioFormat.BYTES_PER_SAMPLE);
    }
}
