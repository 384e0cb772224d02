package io.rtaa.madeup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.testsupport.ListeningRecogniser;
import io.rtaa.testsupport.SigningKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A caller protocol that is added with a decoder, a step and a route file gets what the built-in ones have, although its
 * route says nothing of it.
 */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.bind-address=127.0.0.1",
            "rtaa.max-calls=1",
            "rtaa.routes=classpath:routes-under-test/listening.camel.yaml,classpath:routes-under-test/line.camel.yaml"
        })
class AddedProtocolTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final SigningKey KEY = SigningKey.FIRST;

    @Autowired
    private PublicListener listener;

    @Autowired
    private LiveLegs liveLegs;

    @Autowired
    private MeterRegistry meters;

    private final HttpClient http = HttpClient.newHttpClient();

    @TestConfiguration(proxyBeanMethods = false)
    static class Added {
        @Bean
        RecogniserProvider listeningRecogniser() {
            return new ListeningRecogniser();
        }

        @Bean
        LineCallers lineCallers(LiveLegs liveLegs, Clock clock) {
            return new LineCallers(liveLegs, clock);
        }
    }

    @DynamicPropertySource
    static void publicKey(DynamicPropertyRegistry properties) {
        properties.add("rtaa.jwt.public-key", KEY::publicPem);
    }

    @Test
    void itsCallersAreJudgedHeardAndCounted() throws Exception {
        assertThat(refused(null)).isEqualTo(401);
        assertThat(refused(token(Role.VIEWER))).isEqualTo(403);

        WebSocket caller = connect(token(Role.CALLER));
        caller.sendText("HELLO line-1", true).join();
        await().atMost(AT_MOST)
                .untilAsserted(() -> assertThat(
                                meters.get("rtaa.telephony.calls.live").gauge().value())
                        .isEqualTo(1));
        assertThat(refused(token(Role.CALLER))).as("MAX_CALLS").isEqualTo(503);
        byte[] pcm = ListeningRecogniser.saying(8000, 1, 8).pcm();
        for (int from = 0; from < pcm.length; from += 320) {
            caller.sendBinary(ByteBuffer.wrap(pcm, from, Math.min(320, pcm.length - from)), true)
                    .join();
        }
        caller.sendText("BYE", true).join();

        await().atMost(AT_MOST)
                .untilAsserted(
                        () -> assertThat(call("line-1").path("state").asText()).isEqualTo("ended"));
        assertThat(call("line-1").path("last_text").asText()).isEqualTo(ListeningRecogniser.transcript(5, 4));
        caller.abort();
        await().atMost(AT_MOST).until(() -> liveLegs.connectionCount() == 0);
    }

    private JsonNode call(String id) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address("http", "/api/calls/" + id))
                .header("Authorization", "Bearer " + token(Role.VIEWER))
                .build();
        return new ObjectMapper()
                .readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private WebSocket connect(@Nullable String token) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return builder.buildAsync(address("ws", "/v1/line"), new WebSocket.Listener() {})
                .join();
    }

    private int refused(@Nullable String token) {
        try {
            connect(token).abort();
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
        throw new AssertionError("the handshake was not refused");
    }

    private URI address(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + listener.actualPort() + path);
    }

    private static String token(Role role) {
        return KEY.token(new Principal("tester", role, "acme"), Duration.ofMinutes(5));
    }
}
