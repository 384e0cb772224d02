package io.rtaa.bench.load;

import io.rtaa.testsupport.deepgram.Messages;
import io.rtaa.testsupport.deepgram.Transcriber;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for a {@link Mark} in each frame, at a fixed small cost, and says a final the moment the frame has come that
 * completes it.
 *
 * <p>Thread-safety: none; used on its connection's event loop.
 */
final class MarkTranscriber implements Transcriber {

    private static final long INTERIM_BYTES = bytes(Script.INTERIM_MILLIS);
    private static final double CONFIDENCE = 0.98;

    private final Script script;
    private long heardBytes;
    private long finalBytes;
    private long nextInterimBytes = INTERIM_BYTES;

    MarkTranscriber(Script script) {
        this.script = script;
    }

    /** @param audio whole frames of the script, as many as the sender puts into a message */
    @Override
    public List<JsonObject> hear(byte[] audio) {
        List<JsonObject> messages = new ArrayList<>(0);
        int frameBytes = script.frameBytes();
        for (int at = 0; at + frameBytes <= audio.length; at += frameBytes) {
            Mark mark = Mark.read(audio, at);
            if (mark != null) {
                int end = at + frameBytes;
                messages.add(finalResult(heardBytes + end, new SpokenFinal(mark, micros(audio.length - end))));
            }
        }
        heardBytes += audio.length;
        if (heardBytes >= nextInterimBytes) {
            nextInterimBytes += INTERIM_BYTES;
            messages.add(results(false, heardBytes, "somebody is speaking", new JsonArray()));
        }
        return messages;
    }

    /** An empty final over what was heard since the last one: silence must not pin audio. */
    @Override
    public List<JsonObject> flush(boolean fromFinalize) {
        JsonObject rest = results(true, heardBytes, "", new JsonArray());
        finalBytes = heardBytes;
        return List.of(rest);
    }

    @Override
    public JsonObject metadata() {
        return Messages.metadata(millis(heardBytes));
    }

    private JsonObject finalResult(long endBytes, SpokenFinal spoken) {
        JsonArray words = new JsonArray();
        long step = (endBytes - finalBytes) / Script.WORDS;
        for (int i = 0; i < Script.WORDS; i++) {
            String word = spoken.word(i);
            long start = millis(finalBytes + i * step);
            long end = millis(finalBytes + (i + 1) * step);
            words.add(Messages.word(word, start, end, CONFIDENCE).put("punctuated_word", word));
        }
        JsonObject result = results(true, endBytes, spoken.text(), words);
        finalBytes = endBytes;
        return result;
    }

    private JsonObject results(boolean isFinal, long endBytes, String transcript, JsonArray words) {
        return Messages.results(millis(finalBytes), millis(endBytes), isFinal, isFinal, transcript, CONFIDENCE, words);
    }

    private static long bytes(int millis) {
        return 2L * Script.SAMPLE_RATE * millis / 1000;
    }

    private static long millis(long bytes) {
        return bytes / bytes(1);
    }

    private static long micros(long bytes) {
        return bytes / 2 * 1_000_000 / Script.SAMPLE_RATE;
    }
}
