package io.rtaa.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import io.rtaa.call.CallInfo;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Status;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes calls as the API shows them: snake-case names, absent rather than null. */
final class CallJson {

    /** The longest excerpt of what was said last, in characters. */
    static final int MAX_SNIPPET_CHARS = 120;

    private CallJson() {}

    /** Writes a call's fields into an object under way. */
    static void writeFields(CallSummary call, JsonGenerator json) throws IOException {
        json.writeStringField("interaction_id", call.stream().interactionId());
        json.writeStringField("tenant_id", call.stream().tenantId());
        CallInfo info = call.info();
        if (info != null) {
            string(json, "call_sid", info.callSid());
            string(json, "from", info.from());
            string(json, "to", info.to());
            string(json, "request_id", info.requestId());
        }
        json.writeStringField("state", call.state());
        Status status = call.status();
        if (status != null) {
            json.writeStringField("status", status.state().wireName());
            string(json, "status_reason", status.reason());
        }
        string(json, "provider", call.provider());
        json.writeNumberField("started_ms", call.startedMillis());
        CallEnded ended = call.ended();
        if (ended != null) {
            json.writeNumberField("ended_ms", ended.timestampMillis());
            json.writeNumberField("duration_ms", ended.durationMillis());
            json.writeStringField("end_reason", ended.reason().wireName());
        }
        json.writeNumberField("finals", call.finals());
        string(json, "last_text", snippet(call.lastText()));
    }

    private static @Nullable String snippet(@Nullable String text) {
        if (text == null || text.length() <= MAX_SNIPPET_CHARS) {
            return text;
        }
        int end = MAX_SNIPPET_CHARS - 1;
        // Not between the two halves of a character outside the basic plane.
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    private static void string(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
