package io.rtaa.asr;

import java.time.Duration;

/**
 * The seam between the session layer and a recogniser. A provider knows how to talk to its recogniser and nothing of
 * buses, replay or events: order, time, what is kept and what is tried again are the session layer's.
 *
 * <p>Thread-safety: {@link #open} is called from any thread.
 */
public interface RecogniserProvider {

    /** Longer than any recogniser ponders, short enough that the audio replayed is soon caught up with. */
    Duration DEFAULT_FROZEN_AFTER = Duration.ofSeconds(8);

    /** The provider's name, as in {@code asr:<name>}. */
    String name();

    /**
     * Starts opening a connection for one stream and returns at once. The listener hears {@link RecogniserListener#opened}
     * once audio may be sent, or {@link RecogniserListener#closed} where it comes to nothing; it may hear so from
     * another thread before this method returns.
     */
    RecogniserConnection open(RecogniserRequest request, RecogniserListener listener);

    /**
     * How much faster than real time audio that was kept back may be sent, as a factor of at least 1; {@link
     * Double#POSITIVE_INFINITY} where the recogniser takes any pace.
     */
    double maxPace();

    /**
     * How long the recogniser may say nothing of any kind while audio goes in; a connection that is silent for longer
     * counts as lost. Zero where silence means nothing.
     */
    default Duration frozenAfter() {
        return DEFAULT_FROZEN_AFTER;
    }
}
