package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.testsupport.RecordedService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** As many calls as the process takes, at once, from one address and with one credential: so comes a telephone exchange. */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.max-calls=500",
            "rtaa.bind-address=127.0.0.1",
            "rtaa.exotel.basic-auth=KEY:TOKEN",
            "rtaa.routes=classpath:routes-under-test/recording.camel.yaml"
        })
@Import(RecordedService.Recorder.class)
class CallsAtOnceTest {

    private static final int MAX_CALLS = 500;
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    @Autowired
    private PublicListener listener;

    @Autowired
    private LiveLegs liveLegs;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private Vertx vertx;

    @Test
    void noLimitRefusesAsManyCallsAsThereAreAtOnceAndOnceMoreWhenAllHaveEnded() {
        WebSocketClient client =
                vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(MAX_CALLS + 1));
        for (int round = 0; round < 2; round++) {
            List<Future<WebSocket>> calls = IntStream.range(0, MAX_CALLS)
                    .mapToObj(call -> call(client, "KEY:TOKEN"))
                    .toList();
            assertThat(Future.join(calls).toCompletionStage()).succeedsWithin(AT_MOST);
            assertThat(liveLegs.connectionCount()).isEqualTo(MAX_CALLS);
            assertThat(refusals()).isEqualTo(round);

            assertThat(call(client, "KEY:TOKEN").toCompletionStage())
                    .failsWithin(AT_MOST)
                    .withThrowableThat()
                    .havingRootCause()
                    .isInstanceOfSatisfying(
                            UpgradeRejectedException.class,
                            refused -> assertThat(refused.getStatus()).isEqualTo(503));
            assertThat(meters.get("rtaa.limits.refused")
                            .tag("limit", "calls")
                            .counter()
                            .count())
                    .isEqualTo(round + 1);

            calls.forEach(call -> call.result().close());
            await().atMost(AT_MOST).until(() -> liveLegs.connectionCount() == 0);
        }
        client.close();
    }

    private double refusals() {
        return meters.find("rtaa.limits.refused").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private Future<WebSocket> call(WebSocketClient client, String pair) {
        return client.connect(new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(listener.actualPort())
                .setURI("/v1/exotel")
                .putHeader(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
    }
}
