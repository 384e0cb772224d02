package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.simulator.RunningCalls;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.ImageHealthCheck;
import io.rtaa.testsupport.PrivateCa;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole service with TLS, by a certificate of a private CA. */
@SpringBootTest(
        properties = {"rtaa.port=0", "rtaa.drain-seconds=0", "rtaa.asr.provider=deepgram", "rtaa.deepgram.api-key=any"})
@DirtiesContext
class TlsServiceTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final int RATE = 8000;
    private static final Vertx VERTX = Vertx.vertx();
    private static final DeepgramStandIn STAND_IN = DeepgramStandIn.start(VERTX);

    @TempDir
    private static Path folder;

    private static PrivateCa ca;

    @Autowired
    private PublicListener listener;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) throws Exception {
        ca = new PrivateCa(folder);
        ca.signAsPem("first", "localhost", certificate(), key());
        registry.add("rtaa.deepgram.url", STAND_IN::url);
        registry.add("rtaa.tls.certificate", () -> certificate().toString());
        registry.add("rtaa.tls.key", () -> key().toString());
    }

    @AfterAll
    static void close() {
        STAND_IN.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Path certificate() {
        return folder.resolve("tls.crt");
    }

    private static Path key() {
        return folder.resolve("tls.key");
    }

    private URI address(String scheme, String path) {
        return URI.create(scheme + "://localhost:" + listener.actualPort() + path);
    }

    private static HttpClient client() throws Exception {
        return HttpClient.newBuilder().sslContext(ca.trusting()).build();
    }

    private Certificate seen() throws Exception {
        try (SSLSocket socket =
                (SSLSocket) ca.trusting().getSocketFactory().createSocket("localhost", listener.actualPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void aCallGoesOnAndLosesNothingWhileTheCertificateIsReplaced() throws Exception {
        Certificate first = seen();
        Path nextCertificate = folder.resolve("next.crt");
        Path nextKey = folder.resolve("next.key");
        ca.signAsPem("second", "localhost", nextCertificate, nextKey);
        SpokenAudio audio = SpokenAudio.speak(RATE, 1, 12, 1);
        try (DashboardClient dashboard = new DashboardClient(address("wss", "/v1/transcripts"), client())) {
            RunningCalls running = new ExotelCaller(VERTX, 1, ca.certificate())
                    .place(CallPlan.of(address("wss", "/v1/exotel"), new Recording(RATE, audio.pcm())));
            String id = running.streamSids().get(0);
            await().atMost(AT_MOST).until(() -> !dashboard.transcript(id).isEmpty());

            Files.move(nextKey, key(), StandardCopyOption.REPLACE_EXISTING);
            Files.move(nextCertificate, certificate(), StandardCopyOption.REPLACE_EXISTING);

            await().atMost(AT_MOST).until(() -> !seen().equals(first));
            assertThat(dashboard.hasEnded(id)).as("the call has ended already").isFalse();
            await().atMost(AT_MOST).until(() -> dashboard.hasEnded(id));
            assertThat(running.report().toCompletableFuture().get().succeeded()).isTrue();
            assertThat(words(dashboard.transcript(id)))
                    .isEqualTo(
                            audio.words().stream().map(SpokenAudio.Spoken::text).toList());
            assertThat(dashboard.events(id))
                    .extracting(event -> event.path("type").asText())
                    .doesNotContain("gap");
        }
    }

    private static List<String> words(String transcript) {
        return Pattern.compile("w\\d+")
                .matcher(transcript.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void aDemoCallComesInByTls() throws Exception {
        HttpResponse<String> placed = client().send(
                        HttpRequest.newBuilder(address("https", "/api/demo-calls"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(placed.statusCode()).isEqualTo(202);
        String id = placed.body().replaceAll(".*:\"|\".*", "");
        try (DashboardClient dashboard = new DashboardClient(address("wss", "/v1/transcripts"), client())) {
            await().atMost(AT_MOST).until(() -> !dashboard.events(id).isEmpty());
        }
    }

    /** The very command, with variables as the image has them; the name in the certificate is not 127.0.0.1. */
    @Test
    void theHealthCheckOfTheImageWorksWithTls() throws Exception {
        URI check = ImageHealthCheck.address(Map.of(
                "PORT",
                Integer.toString(listener.actualPort()),
                "TLS_CERTIFICATE",
                certificate().toString()));
        assertThat(check).hasScheme("https").hasHost("127.0.0.1").hasPath("/health/live");
        assertThat(client().send(
                                HttpRequest.newBuilder(address("https", check.getPath()))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }
}
