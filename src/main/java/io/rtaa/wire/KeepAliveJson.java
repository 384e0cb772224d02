package io.rtaa.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.StreamId;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A {@link KeepAlive} as bytes between processes. It looks like a transcript event of a type of its own, which {@link
 * TranscriptReader} leaves alone, that of the version before too.
 *
 * <p>Thread-safety: stateless.
 */
public final class KeepAliveJson {

    private static final String TYPE = "keep_alive";
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeepAliveJson() {}

    public static byte[] write(KeepAlive alive) {
        ObjectNode json = JSON.createObjectNode()
                .put("type", TYPE)
                .put("interaction_id", alive.stream().interactionId())
                .put("tenant_id", alive.stream().tenantId())
                // Every event has one; this is below those of all events.
                .put("seq", 0L)
                .put("timestamp_ms", alive.timestampMillis());
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    /** @throws IllegalArgumentException if the bytes are no keep-alive */
    public static KeepAlive read(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("a keep-alive that is no JSON", e);
        }
        String interactionId = json.path("interaction_id").textValue();
        String tenantId = json.path("tenant_id").textValue();
        if (!TYPE.equals(json.path("type").textValue()) || interactionId == null || tenantId == null) {
            throw new IllegalArgumentException("no keep-alive; allowed: type " + TYPE + ", tenant_id, interaction_id");
        }
        return new KeepAlive(
                new StreamId(tenantId, interactionId), json.path("timestamp_ms").longValue(), null);
    }
}
