package io.rtaa.bench.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Takes the audio out of Exotel's messages, token by token, and looks at nothing else. Thread-safety: stateless. */
final class Media {

    private static final JsonFactory JSON = new JsonFactory();

    private Media() {}

    /** The audio in a message; null where there is none. */
    static byte @Nullable [] audio(byte[] message) {
        try (JsonParser json = JSON.createParser(message)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME && json.currentName().equals("payload")) {
                    json.nextToken();
                    return json.getBinaryValue();
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("the generator's messages are JSON", e);
        }
    }
}
