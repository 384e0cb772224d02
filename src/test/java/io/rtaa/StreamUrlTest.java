package io.rtaa;

import static io.rtaa.ExotelSocket.media;
import static io.rtaa.ExotelSocket.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.testsupport.AudioRecorder;
import io.rtaa.testsupport.AuditLines;
import io.rtaa.testsupport.CapturedLog;
import io.rtaa.testsupport.RecordedService;
import io.rtaa.testsupport.SigningKey;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Exotel's dynamic URL, asked for and used over real connections, with every credential set. */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.bind-address=127.0.0.1",
            "rtaa.drain-seconds=0",
            "rtaa.max-calls=20",
            "rtaa.exotel.allowed-ips=127.0.0.1,192.0.2.0/24,2001:db8::/32",
            "rtaa.trusted-proxies=127.0.0.1",
            "rtaa.routes=classpath:routes-under-test/recording.camel.yaml"
        })
@Import(RecordedService.Recorder.class)
@DirtiesContext
class StreamUrlTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);
    /** What the client of this test logs with. */
    private static final String CLIENT = "jdk.";

    @TempDir
    static Path folder;

    private static SigningKey key;

    @Autowired
    private PublicListener listener;

    @Autowired
    private AudioRecorder recorder;

    @Autowired
    private LiveLegs liveLegs;

    private StreamUrlClient exotel;

    @DynamicPropertySource
    static void credentials(DynamicPropertyRegistry registry) throws Exception {
        key = SigningKey.FIRST;
        Files.writeString(folder.resolve("basic"), "old:pair, key:one\n");
        Files.writeString(folder.resolve("private.pem"), key.privatePem());
        registry.add(
                "rtaa.exotel.basic-auth-file", () -> folder.resolve("basic").toString());
        registry.add(
                "rtaa.jwt.private-key-file", () -> folder.resolve("private.pem").toString());
        registry.add("rtaa.jwt.public-key", key::publicPem);
    }

    @BeforeEach
    void connect() {
        exotel = new StreamUrlClient(listener);
    }

    @AfterEach
    void hangUp() {
        exotel.hangUp();
        await().atMost(AT_MOST).until(() -> liveLegs.connectionCount() == 0);
    }

    private String tenantOf(String id) {
        await().atMost(AT_MOST).until(() -> !recorder.messages(id).isEmpty());
        return recorder.messages(id).get(0).stream().tenantId();
    }

    @Test
    void theUrlOpensASocketForTheCallItWasAskedFor() throws Exception {
        URI url = exotel.urlFor("CA-1");

        assertThat(url.getScheme()).isEqualTo("ws");
        assertThat(url.getAuthority()).isEqualTo(exotel.authority());
        assertThat(url.getPath()).isEqualTo("/v1/exotel");
        assertThat(liveLegs.connectionCount()).isZero();
        exotel.open(url).sends("{\"event\":\"connected\"}", start("one", "CA-1"), media());
        assertThat(tenantOf("one")).isEqualTo("theirs");
    }

    @Test
    void noLogHoldsTheToken() throws Exception {
        try (CapturedLog log = CapturedLog.of(Logger.ROOT_LOGGER_NAME, Level.DEBUG)) {
            URI url = exotel.urlFor("CA-12");
            exotel.open(url).sends(start("logged", "CA-12"), media());
            tenantOf("logged");
            exotel.refused(exotel.at("/v1/ingest", url));
            ExotelSocket foreign = exotel.open(url).sends(start("logged-foreign", "CA-13"));
            assertThat(foreign.closed).succeedsWithin(AT_MOST);

            String token = url.getQuery().substring("token=".length());
            assertThat(log.events())
                    .filteredOn(line -> !line.getLoggerName().startsWith(CLIENT))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.getFormattedMessage() + line.getKeyValuePairs())
                            .doesNotContain(token));
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, ''", "POST, ?CallSid=CA-2", "GET, ?CallSid=CA-2"})
    void theCallIsNamedInTheQueryOrInAForm(String method, String query) throws Exception {
        HttpRequest.Builder request = exotel.asked(query + (query.isEmpty() ? "?" : "&") + "sample-rate=16000")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(
                        method,
                        query.isEmpty()
                                ? BodyPublishers.ofString("CallFrom=%2B91&CallSid=CA-2&Direction=incoming")
                                : BodyPublishers.noBody());

        URI url = exotel.urlOf(request);

        assertThat(url.getQuery()).endsWith("&sample-rate=16000");
        ExotelSocket caller = exotel.open(url).sends(start("form-" + method + query.length(), "CA-2"), media());
        assertThat(tenantOf("form-" + method + query.length())).isEqualTo("theirs");
        assertThat(caller.closed).isNotDone();
    }

    @Test
    void whoIsRefusedByTheEndpointIsRefusedHere() throws Exception {
        HttpResponse<String> nobody = exotel.send(exotel.request("?CallSid=CA-3"));
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"rtaa\"");
        exotel.basic = "key:two";
        assertThat(exotel.send(exotel.asked("?CallSid=CA-3")).statusCode()).isEqualTo(401);
        exotel.basic = "key:one";
        assertThat(exotel.send(exotel.asked("?CallSid=CA-3").header("X-Forwarded-For", "192.0.2.1, 198.51.100.1"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(exotel.send(exotel.asked("?CallSid=CA-3").header("X-Forwarded-For", "198.51.100.1, 2001:db8::7"))
                        .statusCode())
                .isEqualTo(200);
        String viewer = mint(new Principal("viewer", Role.VIEWER, "acme"));
        assertThat(exotel.send(exotel.request("?CallSid=CA-3&token=" + viewer)).statusCode())
                .isEqualTo(403);
        String streamToken = exotel.urlFor("CA-3").getQuery();
        assertThat(exotel.send(exotel.request("?CallSid=CA-3&" + streamToken)).statusCode())
                .isEqualTo(401);
    }

    @Test
    void theAuditLogSaysWhoAskedForTheUrlOfWhichCallAndWhoCameInByIt() throws Exception {
        try (AuditLines audit = new AuditLines()) {
            URI url = exotel.urlFor("CA-14");
            exotel.send(exotel.asked("?CallSid=a%0Ab"));
            exotel.send(exotel.asked("").POST(BodyPublishers.ofString("CallFrom=1")));
            exotel.send(exotel.asked("").POST(BodyPublishers.ofString("CallSid=x&a=" + "b".repeat(9000))));
            exotel.send(exotel.request("?CallSid=CA-14"));
            exotel.open(url);

            assertThat(audit.about("stream-url"))
                    .allSatisfy(line -> assertThat(line)
                            .containsEntry("who", "key")
                            .containsEntry("from", "127.0.0.1")
                            .containsEntry("path", StreamUrlClient.PATH))
                    .extracting(line -> line.get("call") + " " + line.get("outcome"))
                    .containsExactly("CA-14 done", "a?b refused", "null refused", "null refused");
            assertThat(audit.about("sign-in"))
                    .extracting(line -> line.get("who") + " " + line.get("call") + " " + line.get("outcome"))
                    .containsExactly("null null refused", "key CA-14 granted");
            assertThat(audit.all().toString()).doesNotContain(url.getQuery());
        }
    }

    @Test
    void behindAProxyTheUrlIsThatOfTheOutside() throws Exception {
        URI url = exotel.urlOf(exotel.asked("?CallSid=CA-4")
                .header("X-Forwarded-For", "192.0.2.1")
                .header("X-Forwarded-Host", "calls.example.org")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Prefix", "/rtaa"));

        assertThat(url.toString()).startsWith("wss://calls.example.org/rtaa/v1/exotel?token=");
    }

    @Test
    void whatIsWrongWithARequestIsSaid() throws Exception {
        assertThat(exotel.send(exotel.asked("")))
                .returns(400, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("CallSid is missing");
        assertThat(exotel.send(exotel.asked("?CallSid=" + "x".repeat(129))).statusCode())
                .isEqualTo(400);
        for (String none : List.of("a%0Ab", "..", "a%22b", "a%5Cb")) {
            assertThat(exotel.send(exotel.asked("?CallSid=" + none)).statusCode())
                    .as(none)
                    .isEqualTo(400);
        }
        assertThat(exotel.send(exotel.asked("?CallSid=x&sample-rate=often")).body())
                .contains("sample-rate");
        assertThat(exotel.send(exotel.asked("").POST(BodyPublishers.ofString("CallFrom=1")))
                        .statusCode())
                .isEqualTo(400);
        assertThat(exotel.send(exotel.asked("").POST(BodyPublishers.ofString("CallSid=x&a=" + "b".repeat(9000))))
                        .statusCode())
                .isEqualTo(413);
        HttpResponse<String> put = exotel.send(exotel.asked("?CallSid=x").PUT(BodyPublishers.noBody()));
        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(put.headers().firstValue("Allow")).contains("GET, POST");
    }

    @Test
    void aFormIsNotReadBeforeItsSenderIsKnown() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.actualPort())) {
            String head = "POST " + StreamUrlClient.PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void theTokenOpensNoOtherAddress() throws Exception {
        URI url = exotel.urlFor("CA-5");
        String token = url.getQuery().substring("token=".length());

        assertThat(exotel.refused(exotel.at("/v1/ingest", url))).isEqualTo(401);
        assertThat(exotel.refused(exotel.at("/v1/transcripts", url))).isEqualTo(401);
        for (String path : List.of("/api/calls?token=" + token, "/v1/exotel?token=" + token)) {
            HttpRequest.Builder plain = HttpRequest.newBuilder(URI.create("http://" + exotel.authority() + path));
            assertThat(exotel.http.send(plain.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
        }
        for (String path : List.of("/api/calls", "/v1/exotel", "/v1/ingest", "/v1/transcripts")) {
            HttpRequest bearer = HttpRequest.newBuilder(URI.create("http://" + exotel.authority() + path))
                    .header("Authorization", "Bearer " + token)
                    .build();
            assertThat(exotel.http.send(bearer, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aStreamOfAnotherCallIsClosedWithTheReason() throws Exception {
        ExotelSocket caller = exotel.open(exotel.urlFor("CA-6")).sends(start("foreign", "CA-7"), media());

        assertThat(caller.closed)
                .succeedsWithin(AT_MOST)
                .asString()
                .startsWith("1008 ")
                .contains("CallSid");
        assertThat(recorder.messages("foreign")).isEmpty();
    }

    @Test
    void eachRingingLegOpensASocketAndTheNinthIsRefused() throws Exception {
        URI url = exotel.urlFor("CA-8");
        for (int leg = 1; leg <= 8; leg++) {
            exotel.open(url).sends(start("leg-" + leg, "CA-8"), media());
            tenantOf("leg-" + leg);
        }

        assertThat(exotel.refused(url)).isEqualTo(403);
    }

    @Test
    void theStreamsAreOfTheTenantOfWhoAsked() throws Exception {
        String caller = mint(new Principal("pbx", Role.CALLER, "acme"));
        URI byHeader = exotel.urlOf(exotel.request("?CallSid=CA-9").header("Authorization", "Bearer " + caller));
        URI byQuery = exotel.urlOf(exotel.request("?CallSid=CA-9&token=" + caller));

        exotel.open(byHeader).sends(start("tenant-1", "CA-9"), media());
        exotel.open(byQuery).sends(start("tenant-2", "CA-9"), media());

        assertThat(tenantOf("tenant-1")).isEqualTo("acme");
        assertThat(tenantOf("tenant-2")).isEqualTo("acme");
    }

    @Test
    void aCredentialWithoutATenantMayNameTheAccountThatItsTokenIsBoundTo() throws Exception {
        URI named = exotel.urlOf(exotel.asked("?CallSid=CA-20&AccountSid=acme9"));
        URI byForm = exotel.urlOf(exotel.asked("").POST(BodyPublishers.ofString("CallSid=CA-21&AccountSid=acme8")));
        String caller = mint(new Principal("pbx", Role.CALLER, "acme"));
        URI byToken = exotel.urlOf(
                exotel.request("?CallSid=CA-22&AccountSid=acme7").header("Authorization", "Bearer " + caller));

        exotel.open(named).sends(start("account-1", "CA-20"), media());
        exotel.open(byForm).sends(start("account-2", "CA-21"), media());
        exotel.open(byToken).sends(start("account-3", "CA-22"), media());

        assertThat(tenantOf("account-1")).isEqualTo("acme9");
        assertThat(tenantOf("account-2")).isEqualTo("acme8");
        assertThat(tenantOf("account-3")).isEqualTo("acme");
        assertThat(exotel.send(exotel.asked("?CallSid=CA-20&AccountSid=a%22b")).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aSocketThatSpeaksTheOtherProtocolIsToldItsAddress() throws Exception {
        ExotelSocket plain =
                exotel.open(exotel.urlFor("CA-10")).sends("{\"event\":\"start\",\"interaction_id\":\"x\"}");
        CompletableFuture<String> closed = new CompletableFuture<>();
        exotel.http
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + mint(new Principal("pbx", Role.CALLER, "acme")))
                .buildAsync(URI.create("ws://" + exotel.authority() + "/v1/ingest"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
                        closed.complete(statusCode + " " + reason);
                        return null;
                    }
                })
                .join()
                .sendText("{\"event\":\"connected\"}", true)
                .join();

        assertThat(plain.closed)
                .succeedsWithin(AT_MOST)
                .asString()
                .startsWith("1008 ")
                .contains("/v1/ingest");
        assertThat(closed)
                .succeedsWithin(AT_MOST)
                .asString()
                .startsWith("1008 ")
                .contains("/v1/exotel");
    }

    @Test
    void pairsAndKeyAreReplacedByTheirFilesWhileACallGoesOn() throws Exception {
        URI before = exotel.urlFor("CA-11");
        ExotelSocket running = exotel.open(before).sends(start("running", "CA-11"), media());
        tenantOf("running");

        Files.writeString(folder.resolve("basic"), "key:two\nkey:three\n");
        Files.writeString(folder.resolve("private.pem"), SigningKey.SECOND.privatePem());

        await().atMost(AT_MOST)
                .until(() -> exotel.send(exotel.asked("?CallSid=CA-11")).statusCode() == 401);
        for (String pair : List.of("key:two", "key:three")) {
            exotel.basic = pair;
            await().atMost(AT_MOST)
                    .until(() -> exotel.send(exotel.asked("?CallSid=CA-11")).statusCode() == 200);
        }
        exotel.open(exotel.urlFor("CA-11")).sends(start("after", "CA-11"), media());
        exotel.open(before).sends(start("asked-before", "CA-11"), media());
        assertThat(tenantOf("after")).isEqualTo("theirs");
        assertThat(tenantOf("asked-before")).isEqualTo("theirs");
        running.sends(media());
        await().atMost(AT_MOST).until(() -> recorder.audio("running").length == 3200);
        assertThat(running.closed).isNotDone();

        Files.writeString(folder.resolve("basic"), "key:one\n");
        exotel.basic = "key:one";
        await().atMost(AT_MOST)
                .until(() -> exotel.send(exotel.asked("?CallSid=CA-11")).statusCode() == 200);
    }

    private static String mint(Principal principal) {
        return key.token(principal, Duration.ofMinutes(5));
    }
}
