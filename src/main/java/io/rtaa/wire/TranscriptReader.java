package io.rtaa.wire;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Alert;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.call.Word;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads transcript events from the JSON that {@link TranscriptJson} writes. Fields it does not know are left alone, and so
 * are events of a type it does not know: another process may be newer.
 *
 * <p>Where {@code call_started} does not tell the start of its leg, the stream's start is taken to be the moment of the
 * event.
 *
 * <p>Thread-safety: stateless.
 */
public final class TranscriptReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TranscriptReader() {}

    /**
     * Reads one event.
     *
     * @return null where its type is not known here
     * @throws IllegalArgumentException saying what is wrong with the event, without quoting what was said in it
     */
    public static @Nullable TranscriptEvent read(byte[] event) {
        JsonNode json;
        try {
            json = JSON.readTree(event);
        } catch (IOException e) {
            // Not the parser's own words, which may quote the event.
            throw new IllegalArgumentException("a transcript event that is no JSON" + place(e), e);
        }
        StreamId stream = new StreamId(text(json, "tenant_id"), text(json, "interaction_id"));
        String type = text(json, "type");
        long seq = number(json, type.equals("alert") ? "final_seq" : "seq");
        long timestamp = number(json, "timestamp_ms");
        return switch (type) {
            case "call_started" -> new CallStarted(call(stream, timestamp, json), seq, timestamp);
            case "partial" ->
                new Partial(
                        stream,
                        seq,
                        timestamp,
                        text(json, "text"),
                        fraction(json, "confidence"),
                        number(json, "start_ms"),
                        number(json, "end_ms"),
                        (int) number(json, "channel"),
                        optionalText(json, "language"));
            case "final" ->
                new Final(
                        stream,
                        seq,
                        timestamp,
                        text(json, "text"),
                        fraction(json, "confidence"),
                        number(json, "start_ms"),
                        number(json, "end_ms"),
                        (int) number(json, "channel"),
                        speaker(json),
                        speakers(json),
                        optionalText(json, "language"),
                        json.path("utterance_end").asBoolean(),
                        words(json.path("words")));
            case "status" ->
                new Status(
                        stream,
                        seq,
                        timestamp,
                        State.valueOf(text(json, "state").toUpperCase(Locale.ROOT)),
                        optionalText(json, "provider"),
                        optionalText(json, "reason"));
            case "gap" ->
                new Gap(stream, seq, timestamp, number(json, "start_ms"), number(json, "end_ms"), text(json, "reason"));
            case "call_ended" ->
                new CallEnded(
                        stream,
                        seq,
                        timestamp,
                        EndReason.ofWireName(text(json, "reason")),
                        number(json, "duration_ms"),
                        json.path("leg").asLong(),
                        speakers(json));
            case "call_erased" -> new CallErased(stream, seq, timestamp, number(json, "ended_ms"));
            case "alert" -> new Alert(stream, seq, timestamp, text(json, "name"));
            default -> null;
        };
    }

    private static String place(IOException e) {
        JsonLocation location = e instanceof JsonProcessingException json ? json.getLocation() : null;
        return location == null ? "" : ", at byte " + location.getByteOffset();
    }

    /**
     * Which stream an event is of, whatever its type; reads no more of the event than it takes.
     *
     * @return null where the bytes do not say
     */
    public static @Nullable StreamId streamOf(byte[] event) {
        String tenant = null;
        String interaction = null;
        try (JsonParser json = JSON.getFactory().createParser(event)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while ((tenant == null || interaction == null) && json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                boolean isText = json.nextToken() == JsonToken.VALUE_STRING;
                if (isText && field.equals("tenant_id")) {
                    tenant = json.getText();
                } else if (isText && field.equals("interaction_id")) {
                    interaction = json.getText();
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            return null;
        }
        if (tenant == null
                || interaction == null
                || StreamId.fault("tenant_id", tenant) != null
                || StreamId.fault("interaction_id", interaction) != null) {
            return null;
        }
        return new StreamId(tenant, interaction);
    }

    private static CallInfo call(StreamId stream, long timestampMillis, JsonNode json) {
        long leg = json.path("leg").asLong();
        JsonNode audioStart = json.path("start_ms");
        return new CallInfo(
                stream,
                optionalText(json, "call_sid"),
                optionalText(json, "stream_sid"),
                optionalText(json, "from"),
                optionalText(json, "to"),
                (int) number(json, "sample_rate"),
                leg == 0 ? timestampMillis : leg,
                leg,
                audioStart.isIntegralNumber() ? new CallInfo.Before(audioStart.longValue(), 0, speakers(json)) : null,
                optionalText(json, "request_id"),
                optionalText(json, "traceparent"));
    }

    private static List<Word> words(JsonNode json) {
        List<Word> words = new ArrayList<>(json.size());
        for (JsonNode word : json) {
            words.add(new Word(
                    text(word, "word"),
                    text(word, "text"),
                    number(word, "start_ms"),
                    number(word, "end_ms"),
                    fraction(word, "confidence"),
                    speaker(word),
                    optionalText(word, "language")));
        }
        return words;
    }

    private static String text(JsonNode json, String field) {
        String text = optionalText(json, field);
        if (text == null) {
            throw new IllegalArgumentException("a transcript event without the text field '" + field + "'");
        }
        return text;
    }

    private static @Nullable String optionalText(JsonNode json, String field) {
        return json.path(field).textValue();
    }

    private static long number(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber()) {
            throw new IllegalArgumentException("a transcript event without the whole number '" + field + "'");
        }
        return value.longValue();
    }

    private static @Nullable Double fraction(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? (Double) value.doubleValue() : null;
    }

    private static int speakers(JsonNode json) {
        return json.path("speakers").asInt();
    }

    private static @Nullable Integer speaker(JsonNode json) {
        JsonNode value = json.path("speaker");
        return value.isIntegralNumber() ? (Integer) value.intValue() : null;
    }
}
