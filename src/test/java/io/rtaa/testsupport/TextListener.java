package io.rtaa.testsupport;

import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads a websocket's text messages whole.
 *
 * <p>Thread-safety: none; one for each socket, called by its client one at a time.
 */
public abstract class TextListener implements WebSocket.Listener {

    private final StringBuilder parts = new StringBuilder();

    /** Takes a message. */
    protected abstract void onMessage(String message);

    @Override
    public final @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        parts.append(data);
        if (last) {
            String message = parts.toString();
            parts.setLength(0);
            onMessage(message);
        }
        webSocket.request(1);
        return null;
    }
}
