package io.rtaa.telephony;

import io.rtaa.call.CallInfo;
import io.rtaa.call.SocketHeaders;
import io.rtaa.call.StreamId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.jspecify.annotations.Nullable;

/**
 * What operators see of the live calls of this process, and how they end one. Nothing here says what was spoken.
 *
 * <p>Thread-safety: safe; {@link #endCall} returns once the close is on its way to the caller.
 */
@ManagedResource(description = "The calls that are live in this process")
public final class ManagedLiveCalls {

    private static final String CLOSE_REASON = "ended by an operator";

    private record Found(CallerProcessor protocol, LiveCall call) {}

    private final List<CallerProcessor> protocols;
    private final Function<StreamId, Map<String, Object>> recognition;
    private final ProducerTemplate sockets;

    /**
     * @param protocols the step of each caller protocol
     * @param recognition what this process knows of a call's recognition, by the names of the table's columns; empty
     *     where another process recognises it
     * @param sockets closes connections
     */
    public ManagedLiveCalls(
            List<CallerProcessor> protocols,
            Function<StreamId, Map<String, Object>> recognition,
            ProducerTemplate sockets) {
        this.protocols = List.copyOf(protocols);
        this.recognition = recognition;
        this.sockets = sockets;
    }

    @ManagedAttribute(description = "How many calls are live")
    public int getCount() {
        return found().size();
    }

    /** A row for each call, oldest first. */
    @ManagedAttribute(
            description = "Who calls, since when, how much audio came, and where this process recognises the call: the"
                    + " recogniser, its state and the audio that is not final")
    public List<Map<String, Object>> getCalls() {
        return found().stream()
                .map(Found::call)
                .sorted(Comparator.comparingLong(call -> call.info().startedAtMillis()))
                .map(this::row)
                .toList();
    }

    private Map<String, Object> row(LiveCall call) {
        CallInfo info = call.info();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("interaction_id", info.stream().interactionId());
        row.put("tenant_id", info.stream().tenantId());
        put(row, "call_sid", info.callSid());
        put(row, "from", info.from());
        put(row, "to", info.to());
        row.put(
                "since",
                Instant.ofEpochMilli(info.startedAtMillis())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
        row.put("audio_seconds", call.audioMillis() / 1000);
        row.putAll(recognition.apply(info.stream()));
        return row;
    }

    private static void put(Map<String, Object> row, String name, @Nullable String value) {
        if (value != null) {
            row.put(name, value);
        }
    }

    /**
     * Ends a call: its connection is closed, and its {@code call_ended} has the reason {@code ended_by_operator}.
     *
     * @param id its {@code interaction_id}; where several tenants have one of that name,
     *     {@code tenant_id/interaction_id}
     * @return what is done, for the operator
     * @throws IllegalArgumentException if no call of this process has the id, or several have
     */
    @ManagedOperation(
            description =
                    "Ends a call by its interaction_id, or by tenant_id/interaction_id where several tenants have one"
                            + " of that name")
    public String endCall(String id) {
        List<Found> named = found().stream()
                .filter(each -> isNamed(each.call().info().stream(), id))
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("no live call of this process has this id");
        }
        if (named.size() > 1) {
            throw new IllegalArgumentException(
                    "calls of several tenants have this id; allowed: tenant_id/interaction_id");
        }
        Found found = named.get(0);
        String key = found.call().connectionKey();
        Endpoint endpoint = found.protocol().endByOperator(key);
        if (endpoint == null) {
            throw new IllegalArgumentException("the call has just ended");
        }
        sockets.sendBodyAndHeaders(
                endpoint,
                null,
                Map.of(
                        SocketHeaders.CONNECTION_KEY,
                        key,
                        SocketHeaders.CLOSE_CODE,
                        SocketReply.NORMAL,
                        SocketHeaders.CLOSE_REASON,
                        CLOSE_REASON));
        StreamId stream = found.call().info().stream();
        return "ending " + stream.tenantId() + "/" + stream.interactionId();
    }

    private static boolean isNamed(StreamId stream, String id) {
        return id.equals(stream.interactionId()) || id.equals(stream.tenantId() + "/" + stream.interactionId());
    }

    private List<Found> found() {
        List<Found> found = new ArrayList<>();
        for (CallerProcessor protocol : protocols) {
            protocol.liveCalls().forEach(call -> found.add(new Found(protocol, call)));
        }
        return found;
    }
}
