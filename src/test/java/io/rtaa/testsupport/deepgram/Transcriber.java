package io.rtaa.testsupport.deepgram;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Turns the audio of one connection into the messages of the service; the stand-in keeps the protocol around them.
 *
 * <p>Thread-safety: none; a connection uses its own on its event loop.
 */
public interface Transcriber {

    /** The messages that follow from some more audio: signed 16-bit little-endian, whole samples. */
    List<JsonObject> hear(byte[] pcm);

    /**
     * The messages that are left of everything heard.
     *
     * @param fromFinalize whether the client sent {@code Finalize}; else its audio ends
     */
    List<JsonObject> flush(boolean fromFinalize);

    /** The message before the end. */
    JsonObject metadata();
}
