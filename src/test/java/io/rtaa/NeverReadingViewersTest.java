package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.Shorthand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;

/** Viewers that subscribe to a large book and read nothing, on the whole service. */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.roles=dashboard",
            "rtaa.limits.sockets-per-viewer=0",
            "rtaa.dashboard.max-unsent-bytes=" + NeverReadingViewersTest.MOST_BYTES
        })
@DirtiesContext
@Timeout(120)
class NeverReadingViewersTest {

    static final int MOST_BYTES = 4_000_000;

    private static final int CALLS = 1_000;
    private static final int VIEWERS = 30;
    private static final String SAID = "word ".repeat(400);

    @Autowired
    private PublicListener listener;

    @Autowired
    private CamelContext camel;

    @Autowired
    private MeterRegistry meters;

    private final List<Socket> viewers = new ArrayList<>();
    private double most;

    @AfterEach
    void leave() throws IOException {
        for (Socket viewer : viewers) {
            viewer.close();
        }
    }

    private void publish(TranscriptEvent event) {
        try (ProducerTemplate template = camel.createProducerTemplate()) {
            template.sendBody("direct:dashboard-fan-out", event);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void publishCall(int number) {
        StreamId stream = new StreamId("t", "call-" + number);
        long now = System.currentTimeMillis();
        publish(new CallStarted(
                new CallInfo(stream, "CA" + number, stream.interactionId(), "+91", "+92", 8000, now), 1, now));
        publish(Shorthand.finalOf(stream, 2, now, SAID, 0.9, 0, 1000, 0, null, true, List.of()));
    }

    private void connectViewer() throws IOException {
        Socket viewer = new Socket();
        viewers.add(viewer);
        viewer.setReceiveBufferSize(4096);
        viewer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.actualPort()));
        viewer.getOutputStream()
                .write(("GET /v1/transcripts HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                + "Sec-WebSocket-Version: 13\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private double noteUnsent() {
        double unsent = meters.get("rtaa.websocket.unsent.bytes")
                .tag("endpoint", "dashboard")
                .gauge()
                .value();
        most = Math.max(most, unsent);
        return unsent;
    }

    private double opened() {
        return meters.get("rtaa.websocket.sockets.opened")
                .tag("endpoint", "dashboard")
                .counter()
                .count();
    }

    @Test
    void holdABoundedAmountTogetherWhileAViewerThatReadsGetsEverything() throws Exception {
        for (int call = 0; call < CALLS; call++) {
            publishCall(call);
        }
        for (int i = 0; i < VIEWERS; i++) {
            connectViewer();
        }
        await().until(() -> {
            noteUnsent();
            return opened() == VIEWERS;
        });
        try (DashboardClient reader =
                new DashboardClient(URI.create("ws://127.0.0.1:" + listener.actualPort() + "/v1/transcripts"))) {
            publishCall(CALLS);
            await().atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        noteUnsent();
                        return reader.events().size() >= 2 * (CALLS + 1);
                    });
            assertThat(reader.events()).hasSize(2 * (CALLS + 1));
            assertThat(reader.transcript("call-" + (CALLS - 1))).isEqualTo(SAID);
        }
        assertThat(most).isLessThan(MOST_BYTES).isGreaterThan(MOST_BYTES / 4.0);
        await().atMost(Duration.ofSeconds(60)).until(() -> noteUnsent() < MOST_BYTES / 2.0);
    }
}
