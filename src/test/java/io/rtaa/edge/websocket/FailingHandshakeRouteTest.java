package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.testsupport.CapturedLog;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A route of handshakes that fails on each of them. */
@Timeout(30)
class FailingHandshakeRouteTest {

    @Test
    void isLoggedOnceAMinuteWithItsTrace() throws Exception {
        try (CapturedLog log = CapturedLog.of(HandshakeGate.class);
                Fixture fixture = new Fixture()) {
            fixture.routes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:fails")
                            .errorHandler(noErrorHandler())
                            .throwException(new IllegalStateException("on purpose"));
                    from("websocket:failing?path=/v1/failing&kind=viewer&handshake=direct:fails")
                            .to("log:never");
                }
            });
            HttpClient client = HttpClient.newHttpClient();
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> client.newWebSocketBuilder()
                                .buildAsync(
                                        URI.create("ws://127.0.0.1:" + fixture.port() + "/v1/failing"),
                                        new WebSocket.Listener() {})
                                .join())
                        .cause()
                        .isInstanceOfSatisfying(
                                WebSocketHandshakeException.class,
                                refused -> assertThat(refused.getResponse().statusCode())
                                        .isEqualTo(503));
            }

            assertThat(log.events())
                    .filteredOn(line -> line.getFormattedMessage().contains("/v1/failing"))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.getKeyValuePairs().toString()).contains("times=\"1\"");
                        assertThat(line.getThrowableProxy()).isNotNull();
                    });
        }
    }
}
