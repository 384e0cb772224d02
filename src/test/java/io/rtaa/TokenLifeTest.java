package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.call.Role;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.ListeningRecogniser;
import io.rtaa.testsupport.ServiceClient;
import io.rtaa.testsupport.ServiceClient.Socket;
import io.rtaa.testsupport.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * What becomes of tokens on the running service while calls go on: they expire, their key is rotated, they stay
 * secret.
 */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.bind-address=127.0.0.1",
            "rtaa.drain-seconds=0",
            "rtaa.jwt.role-claim=https://id.example/role",
            "rtaa.jwt.tenant-claim=org.id",
            "rtaa.routes=classpath:routes-under-test/listening.camel.yaml"
        })
@DirtiesContext
class TokenLifeTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final SigningKey FIRST = SigningKey.FIRST;
    private static final SigningKey SECOND = SigningKey.SECOND;
    private static final String TRANSCRIPTS = "/v1/transcripts";

    @TempDir
    private static Path folder;

    @Autowired
    private PublicListener listener;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private SeenExchanges exchanges;

    private ServiceClient client;

    @TestConfiguration(proxyBeanMethods = false)
    static class Added {
        @Bean
        RecogniserProvider listeningRecogniser() {
            return new ListeningRecogniser();
        }

        @Bean
        SeenExchanges seenExchanges() {
            return new SeenExchanges();
        }
    }

    @DynamicPropertySource
    static void publicKey(DynamicPropertyRegistry properties) {
        properties.add("rtaa.jwt.public-key-file", () -> {
            publish(FIRST.publicPem());
            return folder.resolve("public.pem").toString();
        });
    }

    /** Replaces the file as a whole, as tools do that rotate keys. */
    private static void publish(String pem) {
        try {
            Path next = Files.writeString(folder.resolve("next.pem"), pem);
            Files.move(next, folder.resolve("public.pem"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void connect() {
        client = new ServiceClient(listener.actualPort());
    }

    @AfterEach
    void restoreKey() {
        publish(FIRST.publicPem());
        await().atMost(AT_MOST).until(() -> client.status(TRANSCRIPTS, viewer(FIRST)) == 101);
    }

    @Test
    void aDashboardSocketEndsWithItsTokenAndACallGoesOn() {
        Socket caller = startCall("outlives", token(FIRST, Role.CALLER, Duration.ofSeconds(3)));
        Socket viewer = client.connectAsBrowser(TRANSCRIPTS, token(FIRST, Role.VIEWER, Duration.ofSeconds(3)));
        Socket later = client.connectAsBrowser(TRANSCRIPTS, viewer(FIRST));
        caller.send(ListeningRecogniser.saying(8000, 1, 4).pcm());

        assertThat(viewer.closeCode().join()).isEqualTo(4401);
        assertThat(viewer.received())
                .anySatisfy(message -> assertThat(message).matches("\\{\"type\":\"expiring\",\"expires_at_ms\":\\d+}"));

        caller.send(ListeningRecogniser.saying(8000, 5, 4).pcm());
        caller.send("{\"event\":\"stop\"}");
        await().atMost(AT_MOST)
                .until(() -> later.received().stream()
                        .anyMatch(message -> message.contains("call_ended") && message.contains("outlives")));
        assertThat(said(later, "outlives")).isEqualTo(ListeningRecogniser.transcript(1, 8));
        assertThat(later.closeCode()).isNotDone();
        assertThat(later.received()).noneMatch(message -> message.contains("expiring"));
        later.abort();
        caller.abort();
    }

    @Test
    void aKeyIsRotatedByItsFileWhileACallGoesOn() {
        Socket viewer = client.connectAsBrowser(TRANSCRIPTS, viewer(FIRST));
        Socket caller = startCall("rotated", token(FIRST, Role.CALLER, Duration.ofMinutes(5)));
        caller.send(ListeningRecogniser.saying(8000, 1, 4).pcm());
        assertThat(client.status(TRANSCRIPTS, viewer(SECOND))).isEqualTo(401);

        publish(FIRST.publicPem() + SECOND.publicPem());
        await().atMost(AT_MOST).until(() -> client.status(TRANSCRIPTS, viewer(SECOND)) == 101);
        assertThat(client.status(TRANSCRIPTS, viewer(FIRST))).isEqualTo(101);

        publish(SECOND.publicPem());
        await().atMost(AT_MOST).until(() -> client.status(TRANSCRIPTS, viewer(FIRST)) == 401);
        assertThat(client.status(TRANSCRIPTS, viewer(SECOND))).isEqualTo(101);

        double refused = reloads("refused");
        publish("-----BEGIN PUBLIC KEY-----\nbm8=\n-----END PUBLIC KEY-----\n");
        await().atMost(AT_MOST).until(() -> reloads("refused") == refused + 1);
        assertThat(client.status(TRANSCRIPTS, viewer(SECOND))).isEqualTo(101);

        caller.send(ListeningRecogniser.saying(8000, 5, 4).pcm());
        caller.send("{\"event\":\"stop\"}");
        await().atMost(AT_MOST)
                .until(() -> viewer.received().stream()
                        .anyMatch(message -> message.contains("call_ended") && message.contains("rotated")));
        assertThat(said(viewer, "rotated")).isEqualTo(ListeningRecogniser.transcript(1, 8));
        viewer.abort();
        caller.abort();
    }

    @Test
    void noTokenReachesALogOrAHeaderOrAnAnswer() throws Exception {
        String caller = token(FIRST, Role.CALLER, Duration.ofMinutes(5));
        String reader = viewer(FIRST);
        String foreign = token(SECOND, Role.ADMIN, Duration.ofMinutes(5));
        String expired = token(FIRST, Role.ADMIN, Duration.ofHours(-1));
        List<String> answers = new ArrayList<>();
        try (CapturedLogs logs = new CapturedLogs()) {
            exchanges.begin();
            for (String token : List.of(caller, reader, foreign, expired)) {
                for (String path : List.of("/v1/exotel", "/v1/ingest", TRANSCRIPTS)) {
                    client.status(path, token);
                    client.statusAsBrowser(path, token);
                    client.status(path + "?sample-rate=8000&token=" + token, null);
                    client.status(path + "?%74oken=" + token + "&a=b", null);
                    for (HttpResponse<String> answer : List.of(
                            client.get(path, token),
                            client.get(path + "?token=" + token, null),
                            client.get("/api/calls", token),
                            client.get("/api/calls?token=" + token, null),
                            client.get("/nowhere?token=" + token, token))) {
                        answers.add(answer.body() + answer.headers().map());
                    }
                }
            }
            Socket call = startCall("secret", caller);
            call.send("{\"event\":\"stop\"}");
            await().atMost(AT_MOST)
                    .until(() -> client.get("/api/calls/secret", reader).body().contains("\"state\":\"ended\""));
            call.abort();

            Set<String> seen = exchanges.end();
            assertThat(seen).contains("RtaaWebsocketPath: /v1/exotel", "RtaaWebsocketQuery: sample-rate=8000");
            assertThat(logs.lines()).anyMatch(line -> line.startsWith("DEBUG"));
            for (String token : List.of(caller, reader, foreign, expired)) {
                for (String secret : List.of(token, token.split("\\.", 3)[1], token.split("\\.", 3)[2])) {
                    assertThat(answers).noneMatch(answer -> answer.contains(secret));
                    assertThat(seen).noneMatch(header -> header.contains(secret));
                    assertThat(logs.lines()).noneMatch(line -> line.contains(secret));
                }
            }
        }
    }

    private Socket startCall(String id, String token) {
        Socket caller = client.connect("/v1/ingest", token);
        caller.send(
                "{\"event\":\"start\",\"interaction_id\":\"" + id + "\",\"sample_rate\":8000,\"encoding\":\"pcm16\"}");
        await().atMost(AT_MOST).until(() -> caller.received().stream().anyMatch(text -> text.contains("started")));
        return caller;
    }

    private static String said(Socket viewer, String id) {
        ObjectMapper json = new ObjectMapper();
        List<String> texts = new ArrayList<>();
        for (String message : viewer.received()) {
            try {
                JsonNode event = json.readTree(message);
                if (event.path("type").asText().equals("final")
                        && event.path("interaction_id").asText().equals(id)
                        && !event.path("text").asText().isEmpty()) {
                    texts.add(event.path("text").asText());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return String.join(" ", texts);
    }

    private double reloads(String result) {
        return meters.get("rtaa.settings.files.reloads")
                .tag("result", result)
                .counter()
                .count();
    }

    private static String viewer(SigningKey key) {
        return token(key, Role.VIEWER, Duration.ofMinutes(5));
    }

    /** A token of an issuer that has its own names for role and tenant. */
    private static String token(SigningKey key, Role role, Duration life) {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.RS256),
                new JWTClaimsSet.Builder()
                        .subject("tester")
                        .claim("https://id.example/role", List.of("offline_access", role.wireName()))
                        .claim("org", Map.of("id", "acme"))
                        .expirationTime(Date.from(Instant.now().plus(life)))
                        .build());
        try {
            token.sign(new RSASSASigner(key.pair().getPrivate()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    /** Notes the headers and properties that each step of each route can see. */
    static final class SeenExchanges implements InterceptStrategy {

        private final Set<String> seen = ConcurrentHashMap.newKeySet();
        private volatile boolean noting;

        void begin() {
            noting = true;
        }

        Set<String> end() {
            noting = false;
            return seen;
        }

        @Override
        public Processor wrapProcessorInInterceptors(
                CamelContext context, NamedNode step, Processor target, @Nullable Processor nextTarget) {
            return new DelegateAsyncProcessor(target) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    if (noting) {
                        note(exchange.getMessage().getHeaders());
                        note(exchange.getProperties());
                        note(exchange.getVariables());
                        seen.add("body: " + exchange.getMessage().getBody());
                    }
                    return super.process(exchange, callback);
                }
            };
        }

        private void note(Map<String, Object> values) {
            values.forEach((name, value) -> seen.add(name + ": " + value));
        }
    }

    /** All that is logged from DEBUG on, whoever logs it. */
    private static final class CapturedLogs extends AppenderBase<ILoggingEvent> implements AutoCloseable {

        private final List<String> lines = new ArrayList<>();
        private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
        private final Map<Logger, Level> levels = new ConcurrentHashMap<>();
        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

        CapturedLogs() {
            for (Logger logger : root.getLoggerContext().getLoggerList()) {
                if (logger.getLevel() != null) {
                    levels.put(logger, logger.getLevel());
                    logger.setLevel(Level.DEBUG);
                }
            }
            // Else the console of the tests would show it all.
            root.iteratorForAppenders().forEachRemaining(others::add);
            others.forEach(root::detachAppender);
            setContext(root.getLoggerContext());
            start();
            root.addAppender(this);
        }

        @Override
        protected synchronized void append(ILoggingEvent event) {
            if (event.getLoggerName().startsWith("jdk.internal.httpclient")) {
                // The client of this test.
                return;
            }
            IThrowableProxy thrown = event.getThrowableProxy();
            lines.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + " "
                    + event.getKeyValuePairs()
                    + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown)));
        }

        synchronized List<String> lines() {
            return List.copyOf(lines);
        }

        @Override
        public void close() {
            root.detachAppender(this);
            others.forEach(root::addAppender);
            levels.forEach(Logger::setLevel);
        }
    }
}
