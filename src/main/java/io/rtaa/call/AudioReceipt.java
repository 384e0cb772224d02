package io.rtaa.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledges audio once what was said in it is published. It is the seam through which the recogniser and a bus meet
 * without knowing each other: a bus hands one along with each audio message as exchange property {@link #PROPERTY}, and
 * the receipt is settled when the route of the final that covers the audio has completed.
 *
 * <p>Thread-safety: settled from any thread; settling twice does nothing.
 */
@FunctionalInterface
public interface AudioReceipt {

    /** The exchange property that carries the receipt of an audio message. */
    String PROPERTY = "RtaaAudioReceipt";

    /** Says that the audio of this receipt needs no further keeping. */
    void settle();

    /**
     * The receipts this one stands for; only itself where it is a single one. A bus that publishes an event and
     * acknowledges its audio in one step finds its own receipts here.
     */
    default List<AudioReceipt> parts() {
        return List.of(this);
    }

    /** Where the audio comes from; null where its bus makes no difference. The same for all audio of one session. */
    default @Nullable AudioOrigin origin() {
        return null;
    }

    /** A receipt that stands for several. */
    static AudioReceipt all(List<AudioReceipt> receipts) {
        return new JointReceipt(receipts);
    }
}
