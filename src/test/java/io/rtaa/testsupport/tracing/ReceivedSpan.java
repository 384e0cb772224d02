package io.rtaa.testsupport.tracing;

import java.util.List;
import java.util.Map;

/**
 * A span as its receiver has it.
 *
 * @param parentId empty where it is the first of its trace
 * @param attributes each value as text
 * @param events their names
 * @param process what it says of the process it comes from
 */
public record ReceivedSpan(
        String name,
        String traceId,
        String spanId,
        String parentId,
        long startNanos,
        long endNanos,
        Map<String, String> attributes,
        List<String> events,
        Map<String, String> process) {

    /** An attribute; empty where it has none of that name. */
    public String attribute(String key) {
        return attributes.getOrDefault(key, "");
    }

    /** Which process made it. */
    public String instance() {
        return process.getOrDefault("service.instance.id", "");
    }
}
