package io.rtaa.asr;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a stream's backlog within its own limit and within what all streams may take together.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class BacklogLimits {

    /** Where a loss is told. */
    interface Losses {

        /** @param receipts the receipts of what was dropped: it will not be recognised, so nobody need keep it */
        void dropped(AudioBacklog.Hole hole, List<AudioReceipt> receipts, String reason);
    }

    private final AudioBacklog backlog;
    private final Duration most;
    private final int sampleRate;
    private final BacklogBudget.Share share;
    private final Losses losses;

    /**
     * @param most the most audio that is kept while it is not final
     * @param share what the stream takes of the memory for all
     */
    BacklogLimits(AudioBacklog backlog, Duration most, int sampleRate, BacklogBudget.Share share, Losses losses) {
        this.backlog = backlog;
        this.most = most;
        this.sampleRate = sampleRate;
        this.share = share;
        this.losses = losses;
    }

    /** The backlog grew or shrank. */
    void apply() {
        keep(
                AudioFormat.samples(most.toMillis(), sampleRate),
                "no final for more than " + most.toSeconds() + " s of audio, the most that is kept");
        share.set(bytes());
    }

    /** The audio of all streams takes too much and this one has the most of it. */
    void drop(long excessBytes) {
        long excessSamples = (excessBytes + AudioFormat.BYTES_PER_SAMPLE - 1) / AudioFormat.BYTES_PER_SAMPLE;
        keep(
                Math.max(0, backlog.unfinalSamples() - excessSamples),
                "too much audio of all calls is not final yet, and this call has the most of it");
        share.dropped(bytes());
    }

    /** The backlog is given up. */
    void leave() {
        share.leave();
    }

    private void keep(long mostSamples, String otherwise) {
        if (backlog.unfinalSamples() <= mostSamples) {
            return;
        }
        List<AudioReceipt> receipts = new ArrayList<>();
        losses.dropped(backlog.dropBeyond(mostSamples, receipts), receipts, otherwise);
    }

    private long bytes() {
        return backlog.unfinalSamples() * AudioFormat.BYTES_PER_SAMPLE;
    }
}
