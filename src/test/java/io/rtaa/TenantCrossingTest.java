package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.asr.RecogniserProvider;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.ListeningRecogniser;
import io.rtaa.testsupport.ServiceClient;
import io.rtaa.testsupport.ServiceClient.Socket;
import io.rtaa.testsupport.SigningKey;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A tenant tries to reach the calls of another one on the running service, by every way there is. */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.bind-address=127.0.0.1",
            "rtaa.drain-seconds=0",
            "rtaa.routes=classpath:routes-under-test/listening.camel.yaml"
        })
@DirtiesContext
class TenantCrossingTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final SigningKey KEY = SigningKey.FIRST;
    private static final String CALL = "of-acme";

    @Autowired
    private PublicListener listener;

    @TestConfiguration(proxyBeanMethods = false)
    static class Added {
        @Bean
        RecogniserProvider listeningRecogniser() {
            return new ListeningRecogniser();
        }
    }

    @DynamicPropertySource
    static void publicKey(DynamicPropertyRegistry properties) {
        properties.add("rtaa.jwt.public-key", KEY::publicPem);
    }

    private static String token(Role role, String tenant) {
        return KEY.token(new Principal("tester", role, tenant), Duration.ofMinutes(5));
    }

    @Test
    void neitherASocketNorTheApiShowsOrErasesTheCallOfAnotherTenant() throws Exception {
        ServiceClient client = new ServiceClient(listener.actualPort());
        Socket own = client.connectAsBrowser("/v1/transcripts", token(Role.VIEWER, "acme"));
        Socket foreign = client.connectAsBrowser("/v1/transcripts", token(Role.ADMIN, "other"));
        Socket caller = client.connect("/v1/ingest", token(Role.CALLER, "acme"));

        // The tenant that the caller names counts for nothing beside that of its token.
        caller.send("{\"event\":\"start\",\"interaction_id\":\"" + CALL
                + "\",\"tenant_id\":\"other\",\"sample_rate\":8000,\"encoding\":\"pcm16\"}");
        caller.send(ListeningRecogniser.saying(8000, 1, 8).pcm());
        caller.send("{\"event\":\"stop\"}");
        await().atMost(AT_MOST)
                .until(() -> own.received().stream().anyMatch(message -> message.contains("call_ended")));

        assertThat(own.received())
                .anyMatch(message -> message.contains("\"final\"") && message.contains("\"tenant_id\":\"acme\""));
        String otherAdmin = token(Role.ADMIN, "other");
        assertThat(client.get("/api/calls", otherAdmin).body()).doesNotContain(CALL);
        for (String path : List.of(
                "/api/calls/" + CALL,
                "/api/calls/" + CALL + "/transcript",
                "/api/calls/" + CALL + "?tenant_id=acme",
                "/api/calls/" + CALL + "/transcript?tenant_id=acme&format=txt",
                "/api/calls/acme%2F" + CALL)) {
            HttpResponse<String> answer = client.get(path, otherAdmin);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).doesNotContain("w1 w2");
        }
        for (String query : List.of("", "?tenant_id=acme", "?tenant_id=other")) {
            HttpRequest erasing = HttpRequest.newBuilder(client.address("http", "/api/calls/" + CALL + query))
                    .header("Authorization", "Bearer " + otherAdmin)
                    .DELETE()
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(erasing, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .as(query)
                    .isEqualTo(404);
        }
        assertThat(client.get("/api/calls/" + CALL, token(Role.VIEWER, "acme")).statusCode())
                .isEqualTo(200);
        assertThat(foreign.received()).noneMatch(message -> message.contains(CALL));
        caller.abort();
        own.abort();
        foreign.abort();
    }
}
