package io.rtaa.asr;

import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * How recognition is getting on in this process, in words for operators.
 *
 * <p>Thread-safety: safe; answers at once.
 */
public final class AsrHealth {

    private static final String ADVICE = "; put right what it refuses: it is asked again by itself";

    private final AsrComponent component;

    public AsrHealth(AsrComponent component) {
        this.component = component;
    }

    /** Why words get lost or stay away for many; null while they do not. */
    public @Nullable String fault() {
        List<String> unread = component.unread();
        if (!unread.isEmpty()) {
            return "audio goes to " + String.join(", ", unread) + ", and no route reads from there; read are: "
                    + component.read();
        }
        return component.isEverythingRefused() ? refused() : null;
    }

    /** What is worth knowing although the process does its job; null where nothing is. */
    public @Nullable String note() {
        StringJoiner notes = new StringJoiner("; ");
        String refused = refused();
        if (refused != null) {
            notes.add(refused);
        }
        long unheard = component.unheardCalls();
        if (unheard > 0) {
            notes.add(unheard(unheard));
        }
        return notes.length() == 0 ? null : notes.toString();
    }

    private @Nullable String refused() {
        List<String> refusals = component.refusals();
        return refusals.isEmpty() ? null : String.join("; ", refusals) + ADVICE;
    }

    private String unheard(long calls) {
        return calls + " of " + component.speakingCalls() + " calls that get speech have had no transcript for "
                + component.getSessionOptions().unheardAfter().toSeconds() + " s"
                + ": they are on hold with music, or the recogniser loses their words; the log names the first";
    }
}
