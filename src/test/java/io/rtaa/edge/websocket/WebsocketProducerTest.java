package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WebsocketProducerTest {

    private static final int LIMIT_BYTES = 100_000;

    private final Queue<String> keys = new ConcurrentLinkedQueue<>();
    private final Queue<Object> closeCodes = new ConcurrentLinkedQueue<>();
    private Fixture fixture;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture().routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(Fixture.open("dashboard") + "&writeQueueBytes=" + LIMIT_BYTES)
                        .process(exchange -> {
                            Map<String, Object> headers = exchange.getMessage().getHeaders();
                            if (headers.get(SocketHeaders.EVENT) == SocketEvent.OPEN) {
                                keys.add((String) headers.get(SocketHeaders.CONNECTION_KEY));
                            } else if (headers.get(SocketHeaders.EVENT) == SocketEvent.CLOSE) {
                                closeCodes.add(headers.get(SocketHeaders.CLOSE_CODE));
                            }
                        });
                from(Fixture.open("exotel"))
                        .process(exchange ->
                                exchange.getMessage().setHeader(SocketHeaders.CONNECTION_KEYS, List.copyOf(keys)))
                        .filter(body().isNotNull())
                        .to("websocket:dashboard");
                from("direct:send").to("websocket:dashboard");
            }
        });
        template = fixture.camel.createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void sendsTextAndBinaryToTheKeyItIsGivenAndToNobodyElse() throws Exception {
        Peer one = connect();
        Peer other = connect();

        send("text", keyOf(0));
        send(new byte[] {1, 2}, keyOf(0));
        send("else", keyOf(1));

        await().until(() -> one.received.size() == 2 && other.received.size() == 1);
        assertThat(one.received).containsExactly("text", new byte[] {1, 2});
        assertThat(other.received).containsExactly("else");
    }

    @Test
    void sendsAListAsSeveralMessagesInOrderToAllKeys() throws Exception {
        Peer one = connect();
        Peer other = connect();
        List<String> several =
                IntStream.range(0, 500).mapToObj(Integer::toString).toList();

        template.sendBodyAndHeader("direct:send", several, SocketHeaders.CONNECTION_KEYS, List.copyOf(keys));

        await().until(() -> one.received.size() == 500 && other.received.size() == 500);
        assertThat(one.received).isEqualTo(several);
        assertThat(other.received).isEqualTo(several);
    }

    @Test
    void keepsTheOrderOfWhatOneThreadSends() throws Exception {
        Peer peer = connect();
        List<Object> sent = new ArrayList<>();

        for (int n = 0; n < 2000; n++) {
            send("n" + n, keyOf(0));
            sent.add("n" + n);
        }

        await().until(() -> peer.received.size() == 2000);
        assertThat(peer.received).isEqualTo(sent);
    }

    @Test
    void sendsFromARouteToTheSocketsOfAnotherEndpoint() throws Exception {
        Peer browser = connect();
        Peer caller = fixture.connect("/exotel");

        caller.send("words");
        await().until(() -> browser.received.size() == 1);
        // The close code of the caller's socket is an event, no order to close the browser's.
        caller.socket().close((short) 1000);
        send("more", keyOf(0));

        await().until(() -> browser.received.size() == 2);
        assertThat(browser.received).containsExactly("words", "more");
        assertThat(caller.received).isEmpty();
        assertThat(browser.closeCode).isNotDone();
    }

    @Test
    void countsAndIgnoresAKeyThatIsNotThere() throws Exception {
        send("into the void", "gone");

        assertThat(fixture.count("dashboard", "sends.dropped")).isEqualTo(1);
    }

    @Test
    void closesWithCodeAndReasonAfterTheBody() throws Exception {
        Peer peer = connect();

        template.sendBodyAndHeaders(
                "direct:send",
                "last words",
                Map.of(
                        SocketHeaders.CONNECTION_KEY,
                        keyOf(0),
                        SocketHeaders.CLOSE_CODE,
                        1008,
                        SocketHeaders.CLOSE_REASON,
                        "é".repeat(100)));

        assertThat(peer.awaitClose()).isEqualTo(1008);
        assertThat(peer.received).containsExactly("last words");
        assertThat(peer.socket().closeReason().getBytes(StandardCharsets.UTF_8).length)
                .isEqualTo(122);
        await().until(() -> closeCodes.size() == 1);
        assertThat(closeCodes).containsExactly(1008);
        send("too late", keyOf(0));
        assertThat(fixture.count("dashboard", "sends.dropped")).isEqualTo(1);
    }

    @Test
    void closesASlowReaderWith1013WhileOthersGoOn() throws Exception {
        Peer slow = connect();
        Peer quick = connect();
        slow.stopReading();
        Collection<String> both = List.copyOf(keys);
        String message = "x".repeat(50_000);

        int sent = 0;
        while (fixture.count("dashboard", "slow.readers.closed") == 0) {
            template.sendBodyAndHeader("direct:send", message, SocketHeaders.CONNECTION_KEYS, both);
            sent++;
            int expected = sent;
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> quick.received.size() == expected);
        }
        send("still here", keyOf(1));

        int total = sent + 1;
        await().until(() -> quick.received.size() == total);
        assertThat(fixture.count("dashboard", "slow.readers.closed")).isEqualTo(1);
        await().until(() -> closeCodes.contains(1013));
        assertThat(fixture.gauge("dashboard", "sockets.open")).isEqualTo(1);
        assertThat(quick.closeCode).isNotDone();
        assertThat(slow.received.size()).isLessThan(sent);
        slow.socket().resume();
    }

    @Test
    void saysWhatIsWrongWithABodyAKeyOrACode() throws Exception {
        connect();

        assertFails(42, Map.of(SocketHeaders.CONNECTION_KEY, keyOf(0)), "java.lang.Integer; allowed: String, byte[]");
        assertFails(List.of("a", 1), Map.of(SocketHeaders.CONNECTION_KEY, keyOf(0)), "allowed: String, byte[]");
        assertFails(null, Map.of(SocketHeaders.CONNECTION_KEY, keyOf(0)), "body is absent");
        assertFails("x", Map.of(), "set header RtaaWebsocketConnectionKey");
        assertFails("x", Map.of(SocketHeaders.CONNECTION_KEYS, "a,b"), "allowed: a java.util.Collection");
        assertFails(
                "x",
                Map.of(SocketHeaders.CONNECTION_KEY, keyOf(0), SocketHeaders.CLOSE_CODE, 1006),
                "is 1006; allowed: 1000 to 1003");
    }

    private void assertFails(Object body, Map<String, Object> headers, String message) {
        assertThatThrownBy(() -> template.sendBodyAndHeaders("direct:send", body, headers))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining(message);
    }

    private void send(Object body, String key) {
        template.sendBodyAndHeader("direct:send", body, SocketHeaders.CONNECTION_KEY, key);
    }

    private Peer connect() throws Exception {
        int before = keys.size();
        Peer peer = fixture.connect("/dashboard");
        await().until(() -> keys.size() == before + 1);
        return peer;
    }

    private String keyOf(int index) {
        return List.copyOf(keys).get(index);
    }
}
