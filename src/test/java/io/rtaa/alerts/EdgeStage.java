package io.rtaa.alerts;

import io.rtaa.testsupport.JwksStandIn;
import io.rtaa.testsupport.PrivateCa;
import io.rtaa.testsupport.SigningKey;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A service with TLS, tokens of an issuer and tight limits, and what peers do to it. */
final class EdgeStage implements Stage {

    private static final String BASIC = "key:a-token-of-exotels";
    private static final int MAX_CALLS = 4;
    private static final int REQUESTS = 60;
    private static final int CALL_EVERY_MILLIS = 500;
    private static final int REQUEST_EVERY_MILLIS = 50;
    private static final int MESSAGE_EVERY_MILLIS = 5;

    private final PrivateCa ca;
    private final JwksStandIn issuer;
    private final DeepgramStandIn recogniser;
    private final Path certificate;
    private final Path key;
    private final RtaaProcess edge;
    private final HttpClient client;
    private final List<WebSocket> sockets = new ArrayList<>();
    private final Repeated peers = new Repeated();

    EdgeStage(Vertx vertx, Path directory) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("tls")).toAbsolutePath();
        ca = new PrivateCa(folder);
        certificate = folder.resolve("tls.crt");
        key = folder.resolve("tls.key");
        useCertificate("first", "365");
        client = HttpClient.newBuilder().sslContext(ca.trusting()).build();
        issuer = JwksStandIn.start();
        answerWithKeys();
        recogniser = DeepgramStandIn.start(vertx);
        edge = new RtaaProcess(
                "edge",
                directory,
                "ingest,asr,dashboard",
                Map.of(
                        "DEEPGRAM_API_KEY", "key",
                        "DEEPGRAM_URL", recogniser.url().toString(),
                        "TLS_CERTIFICATE", certificate.toString(),
                        "TLS_KEY", key.toString(),
                        "JWT_JWKS_URL", issuer.url().toString(),
                        "EXOTEL_BASIC_AUTH", BASIC,
                        "MAX_CALLS", Integer.toString(MAX_CALLS),
                        "RTAA_LIMITS_REQUESTS_PER_ADDRESS", Integer.toString(REQUESTS),
                        "RTAA_LIMITS_BURST_SECONDS", "1"));
    }

    private void useCertificate(String alias, String days) throws Exception {
        ca.signAsPem(alias, "localhost", certificate, key, "-validity", days);
    }

    private void answerWithKeys() {
        issuer.publish(JwksStandIn.key("first", SigningKey.FIRST));
    }

    @Override
    public void launch() {
        edge.launch();
    }

    @Override
    public List<RtaaProcess> processes() {
        return List.of(edge);
    }

    /** One that lasts until there are to be more. */
    @Override
    public void placeCalls() {
        sockets.add(connect());
    }

    @Override
    public List<List<Incident>> incidents() {
        return List.of(
                List.of(Incident.of(
                        "the issuer of tokens answers 503; it answers with its keys",
                        () -> issuer.answer(request -> JwksStandIn.send(request, 503, "{}")),
                        this::answerWithKeys,
                        "JwksNotRefreshed")),
                List.of(
                        Incident.of(
                                "the certificate is replaced by one of a single day; by one of a year",
                                () -> useCertificate("short", "1"),
                                () -> useCertificate("next", "365"),
                                "CertificateExpires"),
                        Incident.of(
                                "callers connect beyond MAX_CALLS; they leave",
                                this::callTooMuch,
                                this::leave,
                                "CallsRefused"),
                        Incident.of(
                                "an address asks far more often than it may; it leaves",
                                () -> peers.begin(REQUEST_EVERY_MILLIS, this::ask),
                                this::leave,
                                "LimitsRefuse"),
                        Incident.of(
                                "callers send messages without audio all the time; they leave",
                                this::flood,
                                this::leave,
                                "SocketsSendTooMuch")));
    }

    private URI address(String scheme, String path) {
        return URI.create(scheme + "://localhost:" + edge.port() + path);
    }

    private WebSocket connect() {
        String basic = "Basic " + Base64.getEncoder().encodeToString(BASIC.getBytes(StandardCharsets.UTF_8));
        return client.newWebSocketBuilder()
                .header("Authorization", basic)
                .buildAsync(address("wss", "/v1/exotel"), new WebSocket.Listener() {})
                .join();
    }

    private void callTooMuch() {
        while (sockets.size() < MAX_CALLS) {
            sockets.add(connect());
        }
        peers.begin(CALL_EVERY_MILLIS, this::connect);
    }

    private void ask() throws IOException, InterruptedException {
        client.send(HttpRequest.newBuilder(address("https", "/")).build(), HttpResponse.BodyHandlers.discarding());
    }

    private void flood() {
        while (sockets.size() < MAX_CALLS) {
            sockets.add(connect());
        }
        for (WebSocket socket : sockets) {
            peers.begin(
                    MESSAGE_EVERY_MILLIS,
                    () -> socket.sendText("{\"event\":\"mark\"}", true).join());
        }
    }

    private void leave() {
        peers.close();
        sockets.forEach(WebSocket::abort);
        sockets.clear();
    }

    @Override
    public void close() {
        leave();
        edge.close();
        issuer.close();
        recogniser.close();
    }
}
