package io.rtaa.steps;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rtaa.call.CallInfo;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.wire.TranscriptJson;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of a call, a list as an aggregate makes it, into one record: the body becomes a JSON object with the
 * ids and numbers of the call, when it began and ended, its text with a line for each final, and its events. An event
 * that comes twice is there once. The header {@code CamelFileName} becomes {@code TENANT/INTERACTION-START.json}, as a
 * recording of the call is named, for a {@code file:} that follows.
 *
 * <p>Thread-safety: stateless.
 */
public final class CallRecord implements Processor {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** @throws InvalidPayloadException if the body is no list, or empty */
    @Override
    public void process(Exchange exchange) throws InvalidPayloadException, IOException {
        TreeMap<Long, TranscriptEvent> bySeq = new TreeMap<>();
        for (Object event : exchange.getMessage().getMandatoryBody(List.class)) {
            if (event instanceof TranscriptEvent one) {
                bySeq.putIfAbsent(one.seq(), one);
            }
        }
        if (bySeq.isEmpty()) {
            throw new InvalidPayloadException(exchange, TranscriptEvent.class);
        }
        exchange.getMessage().setBody(json(bySeq.values()));
        exchange.getMessage().setHeader(Exchange.FILE_NAME, fileName(bySeq.values()));
    }

    private static String fileName(Collection<TranscriptEvent> events) {
        CallStarted started = first(events, CallStarted.class);
        CallEnded ended = first(events, CallEnded.class);
        long leg = started == null
                ? (ended == null ? 0 : ended.leg())
                : started.info().leg();
        CallFileName name = CallFileName.of(events.iterator().next().stream());
        return name.folder() + "/" + name.file(leg, ".json");
    }

    private static String json(Collection<TranscriptEvent> events) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            TranscriptEvent any = events.iterator().next();
            json.writeStringField("interaction_id", any.interactionId());
            json.writeStringField("tenant_id", any.tenantId());
            CallStarted started = first(events, CallStarted.class);
            if (started != null) {
                CallInfo info = started.info();
                string(json, "call_sid", info.callSid());
                string(json, "from", info.from());
                string(json, "to", info.to());
                json.writeNumberField("started_ms", started.timestampMillis());
            }
            CallEnded ended = first(events, CallEnded.class);
            if (ended != null) {
                json.writeNumberField("ended_ms", ended.timestampMillis());
                json.writeNumberField("duration_ms", ended.durationMillis());
                json.writeStringField("reason", ended.reason().wireName());
            }
            json.writeStringField("text", said(events));
            json.writeArrayFieldStart("events");
            for (TranscriptEvent event : events) {
                TranscriptJson.write(event, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static <T> @Nullable T first(Collection<TranscriptEvent> events, Class<T> type) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    private static String said(Collection<TranscriptEvent> events) {
        return events.stream()
                .filter(Final.class::isInstance)
                .map(event -> ((Final) event).text())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static void string(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
