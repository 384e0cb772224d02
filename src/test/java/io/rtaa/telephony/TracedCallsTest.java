package io.rtaa.telephony;

import static io.rtaa.telephony.IngestRoutes.CALLER;
import static io.rtaa.telephony.IngestRoutes.LEG;
import static io.rtaa.telephony.IngestRoutes.STOP;
import static io.rtaa.telephony.IngestRoutes.ingestStart;
import static io.rtaa.telephony.IngestRoutes.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CallStart;
import io.rtaa.call.CloseCause;
import io.rtaa.testsupport.tracing.ReceivedSpan;
import io.rtaa.testsupport.tracing.RecordedSpans;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first spans of a call's trace. */
class TracedCallsTest {

    private final RecordedSpans spans = new RecordedSpans();
    private final IngestRoutes routes;

    TracedCallsTest() throws Exception {
        routes = new IngestRoutes(spans.tracing());
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    private String traceparent(String id) {
        return String.valueOf(((CallStart) routes.published(id).get(0)).info().traceparent());
    }

    @Test
    void aCallsTraceBeginsWithItsHandshakeAndEndsWithTheCall() throws Exception {
        var socket = routes.pcm("k1", CALLER);
        assertThat(spans.all()).isEmpty();
        socket.send(ingestStart("call"), new byte[640]);
        ReceivedSpan handshake = spans.all().get(0);
        socket.close(CloseCause.PEER_DROPPED);

        assertThat(spans.all()).extracting(ReceivedSpan::name).containsExactly("handshake", "call");
        ReceivedSpan call = spans.all().get(1);
        assertThat(handshake.parentId()).isEqualTo(call.spanId());
        assertThat(handshake.startNanos()).isEqualTo(LEG * 1_000_000).isEqualTo(call.startNanos());
        assertThat(call.parentId()).isEmpty();
        assertThat(call.attributes())
                .containsEntry("interaction_id", "call")
                .containsEntry("tenant_id", "acme")
                .containsEntry("request_id", "k1")
                .containsEntry("reason", "disconnected")
                .containsEntry("audio_ms", "20");
        assertThat(traceparent("call")).isEqualTo("00-" + call.traceId() + "-" + call.spanId() + "-01");
    }

    @Test
    void aSecondCallOfAConnectionHasATraceOfItsOwn() throws Exception {
        routes.exotel("k1", null).send(start("first", ""), STOP, start("second", ""), STOP);
        List<ReceivedSpan> calls = spans.named("call");

        assertThat(calls).extracting(ReceivedSpan::traceId).hasSize(2).doesNotHaveDuplicates();
        assertThat(spans.named("handshake"))
                .singleElement()
                .extracting(ReceivedSpan::traceId)
                .isEqualTo(calls.get(0).traceId());
    }

    @Test
    void aConnectionWithoutACallHasNoTrace() throws Exception {
        routes.pcm("k1", CALLER).close(CloseCause.PEER_CLOSED);

        assertThat(spans.all()).isEmpty();
    }
}
