package io.rtaa.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rtaa.call.CallInfo;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Alert;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.call.Word;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes transcript events as the JSON that browsers and sinks rely on: one object an event, snake-case names, absent
 * rather than null.
 *
 * <p>Thread-safety: stateless.
 */
public final class TranscriptJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private TranscriptJson() {}

    public static String write(TranscriptEvent event) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(event, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    /** Writes the event as one JSON object into a document under way. */
    public static void write(TranscriptEvent event, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", event.type());
        json.writeStringField("interaction_id", event.interactionId());
        json.writeStringField("tenant_id", event.tenantId());
        json.writeNumberField(event instanceof Alert ? "final_seq" : "seq", event.seq());
        json.writeNumberField("timestamp_ms", event.timestampMillis());
        if (event instanceof CallStarted started) {
            writeCall(started.info(), json);
        } else if (event instanceof Partial partial) {
            json.writeStringField("text", partial.text());
            number(json, "confidence", partial.confidence());
            span(json, partial.startMillis(), partial.endMillis());
            json.writeNumberField("channel", partial.channel());
            string(json, "language", partial.language());
        } else if (event instanceof Final result) {
            writeFinal(result, json);
        } else if (event instanceof Status status) {
            json.writeStringField("state", status.state().wireName());
            string(json, "provider", status.provider());
            string(json, "reason", status.reason());
        } else if (event instanceof Gap gap) {
            span(json, gap.startMillis(), gap.endMillis());
            json.writeStringField("reason", gap.reason());
        } else if (event instanceof CallEnded ended) {
            json.writeStringField("reason", ended.reason().wireName());
            json.writeNumberField("duration_ms", ended.durationMillis());
            leg(json, ended.leg());
            speakers(json, ended.speakers());
        } else if (event instanceof CallErased erased) {
            json.writeNumberField("ended_ms", erased.endedMillis());
        } else if (event instanceof Alert alert) {
            json.writeStringField("name", alert.name());
        }
        json.writeEndObject();
    }

    private static void writeCall(CallInfo info, JsonGenerator json) throws IOException {
        string(json, "call_sid", info.callSid());
        string(json, "stream_sid", info.streamSid());
        string(json, "from", info.from());
        string(json, "to", info.to());
        string(json, "request_id", info.requestId());
        string(json, "traceparent", info.traceparent());
        json.writeNumberField("sample_rate", info.sampleRate());
        leg(json, info.leg());
        if (info.before() != null) {
            json.writeNumberField("start_ms", info.before().audioMillis());
            speakers(json, info.before().speakers());
        }
    }

    private static void leg(JsonGenerator json, long leg) throws IOException {
        if (leg != 0) {
            json.writeNumberField("leg", leg);
        }
    }

    private static void speakers(JsonGenerator json, int speakers) throws IOException {
        if (speakers != 0) {
            json.writeNumberField("speakers", speakers);
        }
    }

    private static void writeFinal(Final result, JsonGenerator json) throws IOException {
        json.writeStringField("text", result.text());
        number(json, "confidence", result.confidence());
        span(json, result.startMillis(), result.endMillis());
        json.writeNumberField("channel", result.channel());
        if (result.speaker() != null) {
            json.writeNumberField("speaker", result.speaker());
        }
        speakers(json, result.speakers());
        string(json, "language", result.language());
        json.writeBooleanField("utterance_end", result.utteranceEnd());
        if (!result.words().isEmpty()) {
            json.writeArrayFieldStart("words");
            for (Word word : result.words()) {
                json.writeStartObject();
                json.writeStringField("word", word.word());
                json.writeStringField("text", word.text());
                span(json, word.startMillis(), word.endMillis());
                number(json, "confidence", word.confidence());
                if (word.speaker() != null) {
                    json.writeNumberField("speaker", word.speaker());
                }
                string(json, "language", word.language());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static void span(JsonGenerator json, long startMillis, long endMillis) throws IOException {
        json.writeNumberField("start_ms", startMillis);
        json.writeNumberField("end_ms", endMillis);
    }

    private static void string(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void number(JsonGenerator json, String name, @Nullable Double value) throws IOException {
        if (value != null) {
            json.writeNumberField(name, value);
        }
    }
}
