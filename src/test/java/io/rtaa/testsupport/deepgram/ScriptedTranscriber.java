package io.rtaa.testsupport.deepgram;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Says a script: the words of {@link SpokenAudio}, by their numbers, are those of the script, and a final ends where a
 * line of it does. So a connection that begins in the middle goes on there. Each word is a partial first.
 *
 * <p>Thread-safety: none.
 */
public final class ScriptedTranscriber implements Transcriber {

    private static final int RATE = 8000;
    private static final int WORD_MILLIS = 200;
    private static final int WINDOW_MILLIS = 100;
    private static final int START_TIMEOUT_SECONDS = 30;

    private final List<String> words;
    private final List<Integer> lineEnds = new ArrayList<>();
    private final Ear ear = new Ear.Marked(RATE);
    private final JsonArray said = new JsonArray();
    private long finalMillis;
    private long heardMillis;

    private ScriptedTranscriber(List<String> lines) {
        words = words(lines);
        int end = 0;
        for (String line : lines) {
            end += line.split(" ").length;
            lineEnds.add(end - 1);
        }
    }

    private static List<String> words(List<String> lines) {
        return Arrays.asList(String.join(" ", lines).split(" "));
    }

    /** Starts a stand-in for Deepgram each of whose connections says the script. */
    public static DeepgramStandIn standIn(Vertx vertx, List<String> lines) {
        try {
            return DeepgramStandIn.listen(
                            vertx, DeepgramStandIn.Config.standard(), () -> new ScriptedTranscriber(lines))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the stand-in does not start", e);
        }
    }

    /** The audio in which the script is said, as a call that starts now has it on the bus. */
    public static List<AudioMessage> call(String tenant, String interaction, List<String> lines) {
        StreamId stream = new StreamId(tenant, interaction);
        CallInfo info = new CallInfo(stream, null, null, "100", "200", RATE, System.currentTimeMillis());
        List<AudioMessage> messages = new ArrayList<>(List.of(new CallStart(info)));
        long samples = 0;
        for (byte[] frame : frames(lines)) {
            messages.add(new AudioWindow(stream, messages.size(), samples, RATE, frame, info.leg()));
            samples += frame.length / AudioFormat.BYTES_PER_SAMPLE;
        }
        messages.add(new CallEnd(stream, messages.size(), samples, EndReason.CALLENDED, info.leg()));
        return messages;
    }

    /** The audio in which the script is said, in frames of 100 ms at 8 kHz. */
    public static List<byte[]> frames(List<String> lines) {
        return SpokenAudio.evenly(RATE, 0, words(lines).size(), WORD_MILLIS).frames(WINDOW_MILLIS);
    }

    @Override
    public List<JsonObject> hear(byte[] pcm) {
        List<JsonObject> out = new ArrayList<>();
        ear.hear(pcm);
        for (Ear.Heard heard : ear.takeWhole()) {
            int number = Integer.parseInt(heard.text().substring(1));
            heardMillis = heard.endSample() * 1000 / RATE;
            String word = words.get(number);
            said.add(Messages.word(
                            word.toLowerCase(Locale.ROOT).replaceAll("[.,?]$", ""),
                            heard.startSample() * 1000 / RATE,
                            heardMillis,
                            0.9)
                    .put("punctuated_word", word));
            if (lineEnds.contains(number)) {
                out.add(finalResult(false));
            } else {
                out.add(results(false, false));
            }
        }
        return out;
    }

    private JsonObject finalResult(boolean fromFinalize) {
        JsonObject result = results(true, fromFinalize);
        finalMillis = heardMillis;
        said.clear();
        return result;
    }

    private JsonObject results(boolean isFinal, boolean fromFinalize) {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            shown.add(said.getJsonObject(i).getString("punctuated_word"));
        }
        return Messages.results(
                        finalMillis,
                        Math.max(heardMillis, finalMillis),
                        isFinal,
                        isFinal,
                        String.join(" ", shown),
                        0.97,
                        said.copy())
                .put("from_finalize", fromFinalize);
    }

    @Override
    public List<JsonObject> flush(boolean fromFinalize) {
        heardMillis = Math.max(heardMillis, ear.samplesHeard() * 1000 / RATE);
        return List.of(finalResult(fromFinalize));
    }

    @Override
    public JsonObject metadata() {
        return Messages.metadata(ear.samplesHeard() * 1000 / RATE);
    }
}
