package io.rtaa.asr.deepgram;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.micrometer.core.instrument.Counter;
import io.rtaa.asr.RecognisedSpan;
import io.rtaa.call.Word;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Deepgram's messages leniently: a type or field that is not known is passed over and counted, a field of the wrong
 * kind counts as absent, and nothing that comes in throws.
 *
 * <p>Thread-safety: safe.
 */
final class DeepgramMessageReader {

    /** Times beyond this, in seconds, are taken for it: more than thirty years, and still exact in milliseconds. */
    private static final double MAX_SECONDS = 1e9;

    /** More speakers than a call has: a number beyond them tells none. */
    private static final int MAX_SPEAKERS = 1000;

    /** As much of BCP 47 as matters: letters and digits between hyphens. */
    private static final Pattern LANGUAGE_TAG = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}");

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(64).build())
            .build();

    /** Fields of the documented messages that nothing here needs. */
    private static final Set<String> UNUSED = Set.of(
            "metadata",
            "transaction_key",
            "request_id",
            "sha256",
            "created",
            "channels",
            "models",
            "model_info",
            "timestamp",
            "entities",
            "extra",
            "err_code",
            "variant",
            "code");

    private final Counter unknownFields;

    /** @param unknownFields counts the fields that are passed over and that no documentation names */
    DeepgramMessageReader(Counter unknownFields) {
        this.unknownFields = unknownFields;
    }

    /** The message in a text; never null. */
    DeepgramMessage read(String text) {
        Fields fields = new Fields();
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new DeepgramMessage.Malformed();
            }
            fields.readMessage(json);
            return json.nextToken() == null ? fields.message() : new DeepgramMessage.Malformed();
        } catch (IOException e) {
            return new DeepgramMessage.Malformed();
        }
    }

    private final class Fields {
        private @Nullable String type;
        private double start = Double.NaN;
        private double duration = Double.NaN;
        private boolean isFinal;
        private boolean speechFinal;
        private boolean fromFinalize;
        private int channel;
        private boolean hasAlternative;
        private String transcript = "";
        private double confidence = Double.NaN;
        private double lastWordEnd = Double.NaN;
        private @Nullable String problem;
        private @Nullable String language;
        private final List<Word> words = new ArrayList<>();

        DeepgramMessage message() {
            if (type == null) {
                return problem == null
                        ? new DeepgramMessage.Malformed()
                        : new DeepgramMessage.Problem("Error", problem);
            }
            return switch (type) {
                case "Results" -> results();
                case "Metadata" -> new DeepgramMessage.Metadata();
                case "SpeechStarted" -> new DeepgramMessage.SpeechStarted();
                case "UtteranceEnd" -> new DeepgramMessage.UtteranceEnd(!(lastWordEnd < 0));
                case "Error", "Warning" -> new DeepgramMessage.Problem(type, problem);
                default -> new DeepgramMessage.Unknown();
            };
        }

        private DeepgramMessage results() {
            if (Double.isNaN(start) || Double.isNaN(duration)) {
                return new DeepgramMessage.Malformed();
            }
            long startMillis = millis(start);
            RecognisedSpan span = new RecognisedSpan(
                    startMillis,
                    Math.max(startMillis, millis(start + duration)),
                    transcript,
                    transcript.isEmpty() ? null : optional(confidence),
                    channel,
                    speechFinal || fromFinalize,
                    language == null ? RecognisedSpan.mostFrequentLanguage(words, null) : language,
                    words);
            // The end of speech implies a final.
            return new DeepgramMessage.Results(span, isFinal || speechFinal || fromFinalize);
        }

        void readMessage(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "type" -> type = string(json);
                    case "start" -> start = number(json, start);
                    case "duration" -> duration = number(json, duration);
                    case "is_final" -> isFinal = flag(json);
                    case "speech_final" -> speechFinal = flag(json);
                    case "from_finalize" -> fromFinalize = flag(json);
                    case "channel_index" -> readChannelIndex(json);
                    case "channel" -> readChannel(json);
                    case "last_word_end" -> lastWordEnd = number(json, lastWordEnd);
                    case "description", "message", "err_msg", "reason" -> problem = string(json);
                    default -> skip(json, name);
                }
            }
        }

        private void readChannelIndex(JsonParser json) throws IOException {
            if (!json.isExpectedStartArrayToken()) {
                json.skipChildren();
                return;
            }
            if (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                channel = (int) Math.min(Integer.MAX_VALUE, Math.max(0, json.getValueAsLong()));
            }
            skipRestOfArray(json);
        }

        private void readChannel(JsonParser json) throws IOException {
            if (!json.isExpectedStartObjectToken()) {
                json.skipChildren();
                return;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("alternatives") && json.isExpectedStartArrayToken()) {
                    readAlternatives(json);
                } else {
                    skip(json, name);
                }
            }
        }

        /** Takes the first alternative, the likeliest. */
        private void readAlternatives(JsonParser json) throws IOException {
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                requireMore(token);
                if (token == JsonToken.START_OBJECT && !hasAlternative) {
                    hasAlternative = true;
                    readAlternative(json);
                } else {
                    json.skipChildren();
                }
            }
        }

        private void readAlternative(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "transcript" -> transcript = Objects.requireNonNullElse(string(json), "");
                    case "confidence" -> confidence = number(json, confidence);
                    case "languages" -> readLanguages(json);
                    case "words" -> readWords(json);
                    default -> skip(json, name);
                }
            }
        }

        /** Takes the first, which most of the words are of. */
        private void readLanguages(JsonParser json) throws IOException {
            if (!json.isExpectedStartArrayToken()) {
                json.skipChildren();
                return;
            }
            if (json.nextToken() == JsonToken.VALUE_STRING) {
                language = languageTag(json.getText());
            }
            skipRestOfArray(json);
        }

        private void readWords(JsonParser json) throws IOException {
            if (!json.isExpectedStartArrayToken()) {
                json.skipChildren();
                return;
            }
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                requireMore(token);
                if (token == JsonToken.START_OBJECT) {
                    readWord(json);
                } else {
                    json.skipChildren();
                }
            }
        }

        private void readWord(JsonParser json) throws IOException {
            String word = null;
            String text = null;
            double from = Double.NaN;
            double to = Double.NaN;
            double sureness = Double.NaN;
            Integer speaker = null;
            String spokenIn = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "word" -> word = string(json);
                    case "punctuated_word" -> text = string(json);
                    case "start" -> from = number(json, from);
                    case "end" -> to = number(json, to);
                    case "confidence" -> sureness = number(json, sureness);
                    case "speaker" -> {
                        double number = number(json, Double.NaN);
                        speaker = number >= 0 && number < MAX_SPEAKERS ? Integer.valueOf((int) number) : null;
                    }
                    case "language" -> spokenIn = languageTag(string(json));
                    case "speaker_confidence" -> json.skipChildren();
                    default -> skip(json, name);
                }
            }
            // A word without a place could not be kept apart from its neighbours.
            if (word != null && !Double.isNaN(from) && !Double.isNaN(to)) {
                long startMillis = millis(from);
                words.add(new Word(
                        word,
                        text == null ? word : text,
                        startMillis,
                        Math.max(startMillis, millis(to)),
                        optional(sureness),
                        speaker,
                        spokenIn));
            }
        }

        private void skip(JsonParser json, String name) throws IOException {
            if (!UNUSED.contains(name)) {
                unknownFields.increment();
            }
            json.skipChildren();
        }
    }

    /** What is no language tag goes no further: pages use it as one. */
    private static @Nullable String languageTag(@Nullable String text) {
        return text != null && LANGUAGE_TAG.matcher(text).matches() ? text : null;
    }

    private static long millis(double seconds) {
        return Math.round(Math.max(0, Math.min(MAX_SECONDS, seconds)) * 1000);
    }

    private static @Nullable Double optional(double value) {
        return Double.isNaN(value) ? null : Double.valueOf(Math.max(0, Math.min(1, value)));
    }

    private static double number(JsonParser json, double absent) throws IOException {
        if (json.currentToken() != null && json.currentToken().isNumeric()) {
            return json.getValueAsDouble(absent);
        }
        json.skipChildren();
        return absent;
    }

    private static boolean flag(JsonParser json) throws IOException {
        boolean value = json.currentToken() == JsonToken.VALUE_TRUE;
        json.skipChildren();
        return value;
    }

    private static @Nullable String string(JsonParser json) throws IOException {
        String text = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
        json.skipChildren();
        return text;
    }

    private static void skipRestOfArray(JsonParser json) throws IOException {
        for (JsonToken token = json.currentToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            requireMore(token);
            json.skipChildren();
        }
    }

    private static void requireMore(@Nullable JsonToken token) throws IOException {
        if (token == null) {
            throw new IOException("the text ends in the middle of a message");
        }
    }
}
