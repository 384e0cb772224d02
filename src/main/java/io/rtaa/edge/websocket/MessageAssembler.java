package io.rtaa.edge.websocket;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts the frames of one socket together to messages and holds them to their limits. Thread-safety: none; it belongs to the
 * socket's event loop.
 */
final class MessageAssembler {

    private static final int INVALID_TEXT = 1007;
    private static final int TOO_BIG = 1009;
    private static final char REPLACEMENT = '\uFFFD';

    private final int maxMessageBytes;
    private final int maxFrameBytes;
    private @Nullable Buffer partial;
    /** Frames of the partial message that held nothing; each counts as a byte, so that they come to an end. */
    private int emptyFrames;

    private boolean partialIsText;

    MessageAssembler(int maxMessageBytes, int maxFrameBytes) {
        this.maxMessageBytes = maxMessageBytes;
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * Takes the next frame; Netty has checked that continuations are where they belong.
     *
     * @param data what the frame holds
     * @return the message it completes, a {@code String} or a {@code byte[]}; null if it completes none
     * @throws UnacceptableException if the message is larger than allowed, or a text that is not UTF-8
     */
    @Nullable
    Object add(WebSocketFrame frame, Buffer data) throws UnacceptableException {
        if (!frame.isText() && !frame.isBinary() && !frame.isContinuation()) {
            return null;
        }
        requireFits("frame", data.length(), maxFrameBytes);
        if (!frame.isContinuation()) {
            requireFits("message", data.length(), maxMessageBytes);
            if (frame.isFinal()) {
                return message(data, frame.isText());
            }
            partial = data.copy();
            emptyFrames = data.length() == 0 ? 1 : 0;
            partialIsText = frame.isText();
            return null;
        }
        Buffer begun = partial == null ? Buffer.buffer() : partial;
        requireFits("message", begun.length() + data.length() + emptyFrames, maxMessageBytes);
        begun.appendBuffer(data);
        if (!frame.isFinal()) {
            if (data.length() == 0) {
                emptyFrames++;
            }
            return null;
        }
        partial = null;
        return message(begun, partialIsText);
    }

    private void requireFits(String what, int bytes, int max) throws UnacceptableException {
        if (bytes > max) {
            partial = null;
            throw new UnacceptableException(TOO_BIG, what + " of " + bytes + " bytes; allowed: " + max);
        }
    }

    private static Object message(Buffer data, boolean isText) throws UnacceptableException {
        if (!isText) {
            return data.getBytes();
        }
        String text = data.toString(StandardCharsets.UTF_8);
        // Decoding puts this character where the bytes were wrong; only then is it worth a strict look.
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireUtf8(data);
        }
        return text;
    }

    private static void requireUtf8(Buffer data) throws UnacceptableException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data.getBytes()));
        } catch (CharacterCodingException e) {
            throw new UnacceptableException(INVALID_TEXT, "text is not UTF-8");
        }
    }

    /** A message that closes its socket. */
    static final class UnacceptableException extends Exception {

        private final int closeCode;

        UnacceptableException(int closeCode, String reason) {
            super(reason);
            this.closeCode = closeCode;
        }

        int closeCode() {
            return closeCode;
        }
    }
}
