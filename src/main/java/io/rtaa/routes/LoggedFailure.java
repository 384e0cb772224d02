package io.rtaa.routes;

import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Partial;
import org.jspecify.annotations.Nullable;

/**
 * A failure as the log may have it. Conversions quote what they could not convert, and the log never has what was said.
 */
final class LoggedFailure extends Exception {

    private static final long serialVersionUID = 1;

    private LoggedFailure(Throwable failure) {
        super(failure.getClass().getName() + " (its message quotes the event and is left out)", null, false, true);
        setStackTrace(failure.getStackTrace());
    }

    /** The failure itself, or one with its trace alone where a message of it quotes the body. */
    static Throwable of(Throwable failure, @Nullable Object body) {
        return quotes(failure, body) ? new LoggedFailure(failure) : failure;
    }

    /** Its name and, where that does not quote the body, its message. */
    static String describe(Throwable failure, @Nullable Object body) {
        String name = failure.getClass().getSimpleName();
        return quotes(failure, body) ? name : name + ": " + failure.getMessage();
    }

    private static boolean quotes(Throwable failure, @Nullable Object body) {
        if (body == null) {
            return false;
        }
        String text = body instanceof Final said ? said.text() : body instanceof Partial heard ? heard.text() : null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null
                    && (contains(message, String.valueOf(body)) || (text != null && contains(message, text)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(String message, String part) {
        return !part.isBlank() && message.contains(part);
    }
}
