package io.rtaa.bench.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was said for good in a message of a dashboard's socket: a transcript event of rtaa, or a recogniser's
 * result that a bare relay passed on as it is. Reads no further than it must.
 */
final class FinalText {

    private static final JsonFactory JSON = new JsonFactory();

    private FinalText() {}

    /** The text of a final; null where the message is something else. */
    static @Nullable String of(String message) throws IOException {
        boolean isFinal = false;
        try (JsonParser json = JSON.createParser(message)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token != JsonToken.FIELD_NAME) {
                    continue;
                }
                String name = json.currentName();
                switch (name) {
                    case "type" -> isFinal |= "final".equals(json.nextTextValue());
                    case "is_final" -> isFinal |= json.nextToken() == JsonToken.VALUE_TRUE;
                    case "text", "transcript" -> {
                        return isFinal ? json.nextTextValue() : null;
                    }
                    default -> {
                        // Not what is looked for.
                    }
                }
            }
        }
        return null;
    }
}
