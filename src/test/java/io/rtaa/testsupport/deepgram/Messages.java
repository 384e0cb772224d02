package io.rtaa.testsupport.deepgram;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The service's messages, as far as every transcriber needs them. Times are milliseconds since the audio began. */
public final class Messages {

    private Messages() {}

    /** One word of a result. */
    public static JsonObject word(String text, long startMillis, long endMillis, double confidence) {
        return new JsonObject()
                .put("word", text)
                .put("start", seconds(startMillis))
                .put("end", seconds(endMillis))
                .put("confidence", confidence);
    }

    /**
     * What was heard in a piece of audio.
     *
     * @param isFinal whether the service will not change it any more
     * @param speechFinal whether it ends with the end of speech
     * @param transcript the words as they are shown
     * @param words as {@link #word} makes them
     */
    public static JsonObject results(
            long startMillis,
            long endMillis,
            boolean isFinal,
            boolean speechFinal,
            String transcript,
            double confidence,
            JsonArray words) {
        JsonObject alternative = new JsonObject()
                .put("transcript", transcript)
                .put("confidence", confidence)
                .put("words", words);
        return new JsonObject()
                .put("type", "Results")
                .put("channel_index", new JsonArray().add(0).add(1))
                .put("start", seconds(startMillis))
                .put("duration", seconds(endMillis - startMillis))
                .put("is_final", isFinal)
                .put("speech_final", speechFinal)
                .put("channel", new JsonObject().put("alternatives", new JsonArray().add(alternative)));
    }

    /** What the service says of the whole stream before it closes. */
    public static JsonObject metadata(long durationMillis) {
        return new JsonObject()
                .put("type", "Metadata")
                .put("duration", seconds(durationMillis))
                .put("channels", 1);
    }

    static double seconds(long millis) {
        return millis / 1000.0;
    }
}
