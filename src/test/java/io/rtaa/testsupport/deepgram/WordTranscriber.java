package io.rtaa.testsupport.deepgram;

import io.rtaa.testsupport.deepgram.Ear.Heard;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Says the words that its {@link Ear} finds, in the rhythm of the service. All it does depends on the bytes heard and
 * on its dice, not on the clock nor on how the bytes were cut into frames.
 *
 * <p>Thread-safety: none.
 */
final class WordTranscriber implements Transcriber {

    /** It looks at what it heard this often. */
    private static final int STEP_MILLIS = 20;

    private static final int INTERIM_EVERY_MILLIS = 300;
    /** A window is closed only when so much audio after it is there, as words need their surroundings. */
    private static final int LOOK_AHEAD_MILLIS = 250;

    private static final String MODEL_UUID = "00000000-0000-0000-0000-000000000000";

    private final ListenQuery query;
    private final Ear ear;
    private final Random random;
    private final Quirks quirks;
    private final String requestId;
    private final List<JsonObject> out = new ArrayList<>();

    private byte[] rest = {};
    private long windowStartMillis;
    private long cutAtMillis;
    private long lastInterimMillis;
    private long lastReportedEndMillis;
    private long lastWordEndMillis = -1;
    private boolean speechGoesOn;
    private boolean utteranceOpen;

    WordTranscriber(ListenQuery query, Ear ear, Random random, Quirks quirks, String requestId) {
        this.query = query;
        this.ear = ear;
        this.random = random;
        this.quirks = quirks;
        this.requestId = requestId;
        nextWindow(0);
    }

    @Override
    public List<JsonObject> hear(byte[] pcm) {
        byte[] all = Arrays.copyOf(rest, rest.length + pcm.length);
        System.arraycopy(pcm, 0, all, rest.length, pcm.length);
        int step = query.sampleRate() * STEP_MILLIS / 1000 * 2;
        int at = 0;
        for (; at + step <= all.length; at += step) {
            ear.hear(Arrays.copyOfRange(all, at, at + step));
            onStep();
        }
        rest = Arrays.copyOfRange(all, at, all.length);
        return taken();
    }

    @Override
    public List<JsonObject> flush(boolean fromFinalize) {
        ear.hear(rest);
        rest = new byte[0];
        if (now() > windowStartMillis) {
            closeWindow(now(), word -> true, false, fromFinalize);
            utteranceOpen = false;
        }
        return taken();
    }

    @Override
    public JsonObject metadata() {
        return Messages.metadata(now())
                .put("transaction_key", "deprecated")
                .put("request_id", requestId)
                .put("sha256", "0".repeat(64))
                .put("created", "2026-01-01T00:00:00.000Z")
                .put("models", new JsonArray().add(MODEL_UUID))
                .put("model_info", new JsonObject().put(MODEL_UUID, modelInfo()));
    }

    private List<JsonObject> taken() {
        List<JsonObject> messages = List.copyOf(out);
        out.clear();
        return messages;
    }

    private long now() {
        return millis(ear.samplesHeard());
    }

    private void onStep() {
        noteSpeech();
        if (now() >= cutAtMillis + LOOK_AHEAD_MILLIS) {
            closeWindow(cutAtMillis, this::belongsBeforeCut, false, false);
        }
        if (speechGoesOn && query.endpointingMillis() != null && silentFor(query.endpointingMillis())) {
            endOfSpeech();
        }
        if (utteranceOpen
                && query.utteranceEndMillis() != null
                && silentFor(query.utteranceEndMillis())
                && ear.words().isEmpty()) {
            utteranceOpen = false;
            sayUtteranceEnd(lastReportedEndMillis / 1000.0);
        } else if (!utteranceOpen && now() % 1000 < STEP_MILLIS && chance(quirks.negativeUtteranceEnd())) {
            sayUtteranceEnd(-1);
        }
        if (query.interimResults() && now() - lastInterimMillis >= INTERIM_EVERY_MILLIS && now() > windowStartMillis) {
            sayInterim();
        }
    }

    private void noteSpeech() {
        if (ear.words().isEmpty()) {
            return;
        }
        Heard last = ear.words().get(ear.words().size() - 1);
        if (last.ongoing && !speechGoesOn) {
            speechGoesOn = true;
            utteranceOpen = true;
            if (query.vadEvents()) {
                out.add(new JsonObject()
                        .put("type", "SpeechStarted")
                        .put("channel", new JsonArray().add(0).add(1))
                        .put("timestamp", Messages.seconds(millis(last.startSample))));
            }
        }
        lastWordEndMillis = millis(last.endSample);
    }

    private boolean silentFor(int millis) {
        return !ear.isHearing() && now() - lastWordEndMillis >= millis;
    }

    private void endOfSpeech() {
        speechGoesOn = false;
        if (chance(quirks.missingSpeechFinal())) {
            closeWindow(now(), word -> true, false, false);
        } else if (chance(quirks.lateSpeechFinal()) && lastWordEndMillis > windowStartMillis) {
            closeWindow(lastWordEndMillis, word -> true, false, false);
            closeWindow(now(), word -> true, true, false);
        } else {
            closeWindow(now(), word -> true, true, false);
        }
    }

    /**
     * Words that lie across a cut are told with either side; one that still goes on is told with the later, as nobody
     * knows its end yet.
     */
    private boolean belongsBeforeCut(Heard word) {
        if (word.ongoing || millis(word.startSample) >= cutAtMillis) {
            return false;
        }
        return millis(word.endSample) <= cutAtMillis || random.nextBoolean();
    }

    private void closeWindow(long endMillis, Predicate<Heard> belongs, boolean speechFinal, boolean fromFinalize) {
        JsonArray words = new JsonArray();
        for (Heard word : ear.words()) {
            if (!word.reported && !belongs.test(word)) {
                break;
            }
            if (!word.reported && word.isRecognisable()) {
                word.reported = true;
                words.add(word(word.text, jittered(word)));
            }
        }
        ear.words().removeIf(word -> !word.ongoing && (word.reported || !word.isRecognisable()));
        out.add(results(endMillis, words, true, speechFinal, fromFinalize));
        nextWindow(endMillis);
    }

    private void nextWindow(long startMillis) {
        windowStartMillis = startMillis;
        cutAtMillis = startMillis
                + quirks.minWindowMillis()
                + random.nextInt(quirks.maxWindowMillis() - quirks.minWindowMillis() + 1);
        lastInterimMillis = startMillis;
    }

    private record Place(long startMillis, long endMillis) {}

    private Place jittered(Heard word) {
        long start = Math.max(lastReportedEndMillis, millis(word.startSample) + jitter());
        long end = Math.max(start, Math.min(now(), millis(word.endSample) + jitter()));
        lastReportedEndMillis = end;
        return new Place(start, end);
    }

    private int jitter() {
        return random.nextInt(2 * quirks.jitterMillis() + 1) - quirks.jitterMillis();
    }

    private void sayInterim() {
        lastInterimMillis = now();
        JsonArray words = new JsonArray();
        for (Heard word : ear.words()) {
            if (!word.reported && word.isRecognisable()) {
                words.add(word(word.text, new Place(millis(word.startSample), millis(word.endSample))));
            }
        }
        JsonObject interim = results(now(), words, false, false, false);
        if (chance(quirks.unknowns())) {
            interim.put("mood", new JsonObject().put("cheerful", new JsonArray().add(true)));
        } else if (chance(quirks.unknowns())) {
            out.add(new JsonObject().put("type", "Weather").put("start", "cloudy"));
        }
        out.add(interim);
    }

    private void sayUtteranceEnd(double lastWordEnd) {
        out.add(new JsonObject()
                .put("type", "UtteranceEnd")
                .put("channel", new JsonArray().add(0).add(1))
                .put("last_word_end", lastWordEnd));
    }

    private JsonObject word(String text, Place place) {
        double confidence = 0.9 + random.nextInt(100) / 1000.0;
        JsonObject word = Messages.word(text, place.startMillis(), place.endMillis(), confidence);
        if (query.punctuated()) {
            word.put("punctuated_word", text);
        }
        if (query.diarize()) {
            word.put("speaker", 0);
        }
        return word;
    }

    private JsonObject results(
            long endMillis, JsonArray words, boolean isFinal, boolean speechFinal, boolean fromFinalize) {
        if (query.punctuated() && !words.isEmpty()) {
            JsonObject first = words.getJsonObject(0);
            String text = first.getString("word");
            first.put("punctuated_word", text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1));
            if (speechFinal) {
                JsonObject last = words.getJsonObject(words.size() - 1);
                last.put("punctuated_word", last.getString("punctuated_word") + ".");
            }
        }
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            JsonObject word = words.getJsonObject(i);
            shown.add(word.getString("punctuated_word", word.getString("word")));
        }
        return Messages.results(
                        windowStartMillis,
                        endMillis,
                        isFinal,
                        speechFinal,
                        String.join(" ", shown),
                        words.isEmpty() ? 0.0 : 0.97,
                        words)
                .put(
                        "metadata",
                        new JsonObject()
                                .put("request_id", requestId)
                                .put("model_info", modelInfo())
                                .put("model_uuid", MODEL_UUID))
                .put("from_finalize", fromFinalize);
    }

    private static JsonObject modelInfo() {
        return new JsonObject()
                .put("name", "stand-in")
                .put("version", "2026-01-01.0")
                .put("arch", "stand-in");
    }

    private boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    private long millis(long samples) {
        return samples * 1000 / query.sampleRate();
    }
}
