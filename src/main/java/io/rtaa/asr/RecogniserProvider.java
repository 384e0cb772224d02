package io.rtaa.asr;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The seam between the session layer and a recogniser. A provider knows how to talk to its recogniser and nothing of
 * buses, replay or events: order, time, what is kept and what is tried again are the session layer's.
 *
 * <p>Thread-safety: {@link #open} is called from any thread.
 */
public interface RecogniserProvider {

    /** The provider's name, as in {@code asr:<name>}. */
    String name();

    /**
     * Starts opening a connection for one stream and returns at once. The listener hears {@link RecogniserListener#opened}
     * once audio may be sent, or {@link RecogniserListener#closed} where it comes to nothing; it may hear so before
     * this method returns, from another thread or from this one.
     */
    RecogniserConnection open(RecogniserRequest request, RecogniserListener listener);

    /**
     * How much faster than real time audio that was kept back may be sent, as a factor of at least 1; {@link
     * Double#POSITIVE_INFINITY} where the recogniser takes any pace.
     */
    double maxPace();

    /**
     * Whether a connection that takes audio and says nothing of any kind for {@link SessionOptions#frozenAfter} counts as
     * lost; false where silence means nothing.
     */
    default boolean isNeverSilent() {
        return true;
    }

    /**
     * Why this recogniser takes no call at present, as far as it is known without asking; null where it may take one.
     * Answers at once, on any thread.
     *
     * <p>While it refuses, the session layer opens no connection for a call. It opens one without audio about every
     * second instead, and aborts it once it is open. A provider whose service is to be asked less often refuses some of
     * those itself.
     */
    default @Nullable RecogniserRefusal refusal() {
        return null;
    }

    /**
     * The same recogniser, asked for something else.
     *
     * @param parameters what to ask for, at least one, by the recogniser's own names; for what is left out, what this one
     *     asks for
     * @throws IllegalArgumentException that names every fault: the parameter, its value and what is allowed
     */
    default RecogniserProvider withParameters(Map<String, String> parameters) {
        throw new IllegalArgumentException("'" + String.join("', '", new TreeSet<>(parameters.keySet()))
                + "' is no parameter of " + name() + "; allowed: none");
    }
}
