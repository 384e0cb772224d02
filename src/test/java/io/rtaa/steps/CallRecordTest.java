package io.rtaa.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.bus.Speech;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.wire.TranscriptReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class CallRecordTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Speech call = new Speech("acme", "one");

    private static JsonNode record(List<TranscriptEvent> events) throws Exception {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(events);
        new CallRecord().process(exchange);
        assertThat(exchange.getMessage().getHeader(Exchange.FILE_NAME)).isEqualTo("acme/one-1763800000000.json");
        return JSON.readTree(exchange.getMessage().getBody(String.class));
    }

    @Test
    void itHasTheCallItsTextAndEachEventOnceInOrder() throws Exception {
        List<TranscriptEvent> events =
                List.of(call.started(1), call.words(3, 1, 2), call.words(5, 3, 3), call.ended(7, 3));
        List<TranscriptEvent> offeredAgain = new ArrayList<>(events.subList(0, 2));
        offeredAgain.addAll(events);

        JsonNode record = record(offeredAgain);

        long began = call.start().info().startedAtMillis();
        assertThat(record.path("interaction_id").asText()).isEqualTo("one");
        assertThat(record.path("tenant_id").asText()).isEqualTo("acme");
        assertThat(record.path("call_sid").asText()).isEqualTo("CA-one");
        assertThat(record.path("from").asText()).isEqualTo("100");
        assertThat(record.has("to")).isFalse();
        assertThat(record.path("started_ms").asLong()).isEqualTo(began);
        assertThat(record.path("ended_ms").asLong()).isEqualTo(began);
        assertThat(record.path("duration_ms").asLong()).isEqualTo(300);
        assertThat(record.path("reason").asText()).isEqualTo("callended");
        assertThat(record.path("text").asText()).isEqualTo("w1 w2\nw3");
        assertThat(record.path("events"))
                .extracting(event -> TranscriptReader.read(event.toString().getBytes(StandardCharsets.UTF_8)))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("info.startedAtMillis")
                .containsExactlyElementsOf(events);
    }

    @Test
    void aCallWhoseBeginningWasNotSeenHasWhatThereIs() throws Exception {
        JsonNode record = record(List.of(call.words(5, 3, 3), call.ended(7, 3)));

        assertThat(record.has("started_ms")).isFalse();
        assertThat(record.path("text").asText()).isEqualTo("w3");
        assertThat(record.path("events")).hasSize(2);
    }

    @Test
    void nothingIsNoRecord() {
        assertThatExceptionOfType(InvalidPayloadException.class).isThrownBy(() -> record(List.of()));
    }
}
