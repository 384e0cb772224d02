package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import io.rtaa.call.Role;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.JwksStandIn;
import io.rtaa.testsupport.ServiceClient;
import io.rtaa.testsupport.ServiceClient.Socket;
import io.rtaa.testsupport.SigningKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The running service with the keys of an issuer: a key is rotated while a call goes on. */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.bind-address=127.0.0.1",
            "rtaa.drain-seconds=0",
            "rtaa.jwt.issuer=https://id.example",
            "rtaa.jwt.audience=rtaa"
        })
@DirtiesContext
class JwksServiceTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final JwksStandIn ISSUER = start();
    private static final RSAKey FIRST = JwksStandIn.key("first", SigningKey.FIRST);
    private static final RSAKey SECOND = JwksStandIn.key("second", SigningKey.SECOND);

    @Autowired
    private PublicListener listener;

    private static JwksStandIn start() {
        try {
            return JwksStandIn.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry properties) {
        ISSUER.publish(FIRST);
        properties.add("rtaa.jwt.jwks-url", () -> ISSUER.url().toString());
    }

    @AfterAll
    static void close() {
        ISSUER.close();
    }

    private static String token(RSAKey key, Role role) {
        return token(key, role, "https://id.example", "rtaa");
    }

    private static String token(RSAKey key, Role role, @Nullable String issuer, @Nullable String audience) {
        return JwksStandIn.sign(
                key,
                new JWTClaimsSet.Builder()
                        .subject("tester")
                        .issuer(issuer)
                        .audience(audience)
                        .claim("role", role.wireName())
                        .claim("tenant", "acme")
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .build());
    }

    @Test
    void aKeyIsRotatedWhileACallGoesOnAndOtherHandshakesAreAnswered() throws Exception {
        ServiceClient client = new ServiceClient(listener.actualPort());
        Socket caller = client.connect("/v1/ingest", token(FIRST, Role.CALLER));
        caller.send("{\"event\":\"start\",\"interaction_id\":\"jwks\",\"sample_rate\":8000,\"encoding\":\"pcm16\"}");
        await().atMost(AT_MOST).until(() -> !caller.received().isEmpty());
        assertThat(client.status("/v1/transcripts", token(FIRST, Role.VIEWER, "https://evil.example", "rtaa")))
                .isEqualTo(401);
        assertThat(client.status("/v1/transcripts", token(FIRST, Role.VIEWER, "https://id.example", "crm")))
                .isEqualTo(401);

        CompletableFuture<Void> go = new CompletableFuture<>();
        String both = new JWKSet(List.of(FIRST, SECOND)).toString(true);
        ISSUER.answer(request -> {
            go.join();
            JwksStandIn.send(request, 200, both);
        });
        int asked = ISSUER.requests();
        CompletableFuture<Integer> ofNewKey =
                CompletableFuture.supplyAsync(() -> client.status("/v1/transcripts", token(SECOND, Role.VIEWER)));
        await().atMost(AT_MOST).until(() -> ISSUER.requests() > asked);
        // Each event loop takes one of these while the fetch is under way.
        for (int each = 0; each < 2 * Runtime.getRuntime().availableProcessors(); each++) {
            assertThat(client.status("/v1/transcripts", token(FIRST, Role.VIEWER)))
                    .isEqualTo(101);
        }
        caller.send("{\"event\":\"stop\"}");
        assertThat(ofNewKey).isNotDone();
        go.complete(null);

        assertThat(ofNewKey.join()).isEqualTo(101);
        assertThat(client.get("/health", null).body()).contains("\"tokens\"");
        caller.abort();
    }
}
