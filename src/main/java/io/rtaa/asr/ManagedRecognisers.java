package io.rtaa.asr;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;

/**
 * What operators see of the recognisers of this process and of the calls that are recognised here, and how they open
 * and close a recogniser's circuit breaker. Nothing here says what was spoken.
 *
 * <p>Thread-safety: safe.
 */
@ManagedResource(description = "The recognisers of this process and the calls that are recognised in it")
public final class ManagedRecognisers {

    private static final List<String> BREAKER_STATES = List.of("closed", "half-open", "open");

    private final AsrComponent asr;

    public ManagedRecognisers(AsrComponent asr) {
        this.asr = asr;
    }

    @ManagedAttribute(description = "How many calls are recognised here, or wait for it")
    public int getCount() {
        return asr.sessionCount();
    }

    /** A row for each call. */
    @ManagedAttribute(description = "The calls, each with its recogniser, its state and the audio that is not final")
    public List<Map<String, Object>> getSessions() {
        return asr.recognitions().stream()
                .map(recognition -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("interaction_id", recognition.stream().interactionId());
                    row.put("tenant_id", recognition.stream().tenantId());
                    row.putAll(columns(recognition));
                    return row;
                })
                .toList();
    }

    /** What a table of calls says of a call's recognition. */
    public static Map<String, Object> columns(Recognition recognition) {
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("recogniser", recognition.provider());
        columns.put("state", recognition.state());
        columns.put("lag_ms", recognition.lagMillis());
        return columns;
    }

    /** A row for each recogniser. */
    @ManagedAttribute(
            description = "The recognisers that routes name: sessions that are taken, wait and are allowed, open"
                    + " connections, and the circuit breaker")
    public List<Map<String, Object>> getRecognisers() {
        return asr.gates().values().stream().map(ManagedRecognisers::row).toList();
    }

    private static Map<String, Object> row(ProviderGate gate) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("recogniser", gate.name());
        row.put("sessions", gate.places().taken());
        row.put("waiting", gate.places().waiting());
        row.put("limit", gate.places().limit());
        row.put("connections", gate.connections());
        row.put("breaker", BREAKER_STATES.get(gate.breakerState()));
        return row;
    }

    /**
     * Opens a recogniser's breaker until {@link #closeBreaker}: no session connects to it any more. Connections that
     * are open stay.
     *
     * @throws IllegalArgumentException if no route names this recogniser
     */
    @ManagedOperation(
            description =
                    "Opens a recogniser's circuit breaker until closeBreaker: no call connects to it; calls wait, or go"
                            + " to the fall-back")
    public String openBreaker(String recogniser) {
        gate(recogniser).breaker().open();
        return "the breaker of " + recogniser + " is open";
    }

    /**
     * Closes a recogniser's breaker: sessions connect again.
     *
     * @throws IllegalArgumentException if no route names this recogniser
     */
    @ManagedOperation(description = "Closes a recogniser's circuit breaker: calls connect to it again")
    public String closeBreaker(String recogniser) {
        gate(recogniser).breaker().close();
        return "the breaker of " + recogniser + " is closed";
    }

    private ProviderGate gate(String recogniser) {
        Map<String, ProviderGate> gates = asr.gates();
        ProviderGate gate = gates.get(recogniser);
        if (gate == null) {
            throw new IllegalArgumentException("no route names this recogniser; known here: "
                    + gates.keySet().stream().collect(Collectors.joining(", ")));
        }
        return gate;
    }
}
