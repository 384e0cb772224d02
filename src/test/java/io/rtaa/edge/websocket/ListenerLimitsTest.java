package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.CidrList;
import io.rtaa.call.ClientAddress;
import io.rtaa.edge.limits.ClientLimits;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.routes.LimitMeters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much one address may have of the listener, with plain connections and with websockets. */
@Timeout(30)
class ListenerLimitsTest {

    private static final int MANY_REQUESTS = 100_000;
    private static final PublicListenerOptions OPTIONS =
            PublicListenerOptions.on("127.0.0.1", 0).withEventLoops(2);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Fixture fixture;

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private void start(PublicListenerOptions options, int connections, int requests, String proxies) throws Exception {
        fixture = new Fixture(
                options,
                new ClientLimits(
                        connections, requests, new ClientAddress(CidrList.parse(proxies)), new LimitMeters(meters)));
        fixture.listener.router().get("/page").handler(context -> context.end("page"));
        fixture.listener.router().get("/health").handler(context -> context.end("well"));
        fixture.route(Fixture.open("limited"), exchange -> {});
    }

    @Test
    void aPeerThatAsksOnAndReadsNoAnswerIsCutOff() throws Exception {
        start(OPTIONS, 0, 0, "192.0.2.1");
        fixture.listener.router().get("/large").handler(context -> context.end("x".repeat(50_000)));
        byte[] request = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.port()));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < MANY_REQUESTS; i++) {
                            socket.getOutputStream().write(request);
                        }
                    })
                    .as("500 MB of answers that nobody reads")
                    .isInstanceOf(IOException.class);
        }
        try (Socket other = fixture.rawConnection()) {
            assertThat(answers(other)).isTrue();
        }
    }

    private double refused(String limit) {
        return meters.get("rtaa.limits.refused").tag("limit", limit).counter().count();
    }

    private boolean answers(Socket socket) throws IOException {
        socket.getOutputStream().write("GET /page HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        try {
            return socket.getInputStream().read() == 'H';
        } catch (IOException reset) {
            return false;
        }
    }

    @Test
    void anAddressHasSoManyConnectionsAndWebsocketsAndPlainOnesAreGivenBackWhenTheyEnd() throws Exception {
        start(OPTIONS, 3, 0, "192.0.2.1");
        for (int round = 0; round < 3; round++) {
            Peer peer = fixture.connect("/limited");
            Socket raw = fixture.rawHandshake("/limited");
            Socket plain = fixture.rawConnection();
            assertThat(answers(plain)).isTrue();
            double before = refused("connections_per_address");
            try (Socket tooMany = fixture.rawConnection()) {
                assertThat(answers(tooMany)).isFalse();
            }
            assertThat(refused("connections_per_address")).isEqualTo(before + 1);
            peer.socket().close();
            raw.close();
            plain.close();
            await().until(() -> {
                List<Socket> again = new ArrayList<>();
                boolean all = true;
                for (int i = 0; i < 3; i++) {
                    again.add(fixture.rawConnection());
                    all &= answers(again.get(i));
                }
                for (Socket socket : again) {
                    socket.close();
                }
                return all;
            });
            await().until(() -> {
                try (Socket one = fixture.rawConnection();
                        Socket two = fixture.rawConnection();
                        Socket three = fixture.rawConnection()) {
                    return answers(one) && answers(two) && answers(three);
                }
            });
        }
    }

    @Test
    void aTrustedProxyHasAnyNumberOfConnectionsAndItsRequestsCountForItsClients() throws Exception {
        start(OPTIONS, 1, 2, "127.0.0.0/8");
        try (Socket one = fixture.rawConnection();
                Socket other = fixture.rawConnection()) {
            assertThat(answers(one)).isTrue();
            assertThat(answers(other)).isTrue();
        }
        for (String client : List.of("192.0.2.1", "192.0.2.2")) {
            assertThat(get("/page", client).statusCode()).isEqualTo(200);
            assertThat(get("/page", client).statusCode()).isEqualTo(200);
            assertThat(get("/page", client).statusCode()).isEqualTo(429);
        }
    }

    private HttpResponse<String> get(String path, String client) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + fixture.port() + path))
                                .header("X-Forwarded-For", client)
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    void requestsBeyondTheRateGet429WithRetryAfterAndHealthIsStillAnswered() throws Exception {
        start(OPTIONS, 0, 5, "192.0.2.1");
        for (int i = 0; i < 5; i++) {
            assertThat(get("/page", "").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refused = get("/page", "");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        assertThat(refused.body()).contains("too many requests");
        assertThat(get("/limited", "").statusCode())
                .as("a handshake is a request")
                .isEqualTo(429);
        assertThat(get("/health", "").body()).isEqualTo("well");
        assertThat(refused("requests_per_address")).isEqualTo(2);
    }

    @Test
    void aRequestThatTricklesInClosesItsConnectionTheFirstOneAndTheNext() throws Exception {
        start(
                OPTIONS.withHandshakeTimeout(Duration.ofMillis(500)).withIdleTimeout(Duration.ofMillis(1500)),
                0,
                0,
                "192.0.2.1");
        try (Socket first = fixture.rawConnection()) {
            trickle(first);
        }
        assertThat(refused("request_time")).isEqualTo(1);
        try (Socket next = fixture.rawConnection()) {
            assertThat(answers(next)).isTrue();
            trickle(next);
        }
    }

    @Test
    void aBodyThatTricklesInClosesItsConnectionWhateverItsRequestIsAnsweredWith() throws Exception {
        start(
                OPTIONS.withHandshakeTimeout(Duration.ofMillis(500)).withIdleTimeout(Duration.ofMillis(1500)),
                0,
                4,
                "192.0.2.1");
        int answered = 0;
        // The last one is beyond the rate, the one before has no page, and the one before that is no upgrade.
        for (String path : List.of("/page", "/page", "/limited", "/nothing", "/page")) {
            try (Socket socket = fixture.rawConnection()) {
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                trickle(socket, "x".repeat(10_000));
            }
            answered++;
            assertThat(refused("request_time")).isEqualTo(answered);
        }
        assertThat(refused("requests_per_address")).isEqualTo(1);
    }

    /** A proxy in front may have read another request, or another host. */
    @Test
    void aRequestThatCanBeReadInTwoWaysGetsOneAnswerAndClosesItsConnection() throws Exception {
        start(OPTIONS, 0, 0, "192.0.2.1");
        for (String headers : List.of(
                "Host: x\r\nTransfer-Encoding: gzip",
                "Host: x\r\nTransfer-Encoding: xchunked",
                "Host: x\r\nTransfer-Encoding: identity",
                "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
                "Host: x\r\nHost: y",
                "Host: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b")) {
            try (Socket socket = fixture.rawConnection()) {
                socket.getOutputStream()
                        .write(("GET /page HTTP/1.1\r\n" + headers + "\r\n\r\nGET /page HTTP/1.1\r\nHost: x\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer).as(headers).startsWith("HTTP/1.1 400 ");
                assertThat(answer.split("HTTP/1.1 ", -1)).as(headers).hasSize(2);
            }
        }
    }

    @Test
    void aBodyThatIsTooLongClosesItsConnectionAndOneThatIsNotKeepsIt() throws Exception {
        start(OPTIONS, 0, 0, "192.0.2.1");
        byte[] head = "GET /page HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = ("400\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket endless = fixture.rawConnection()) {
            endless.getOutputStream().write(head);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < MANY_REQUESTS; i++) {
                            endless.getOutputStream().write(chunk);
                        }
                    })
                    .as("100 MB of a body that nobody reads")
                    .isInstanceOf(IOException.class);
        }
        try (Socket whole = fixture.rawConnection()) {
            whole.getOutputStream().write(head);
            whole.getOutputStream().write(chunk);
            whole.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\r\n\r\npage") < 0) {
                answer.append((char) whole.getInputStream().read());
            }
            assertThat(answers(whole)).isTrue();
        }
    }

    private static void trickle(Socket socket) throws IOException {
        trickle(socket, "GET /page HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(10_000));
    }

    /** Sends a byte of a request whenever nothing came for 20 ms, until the connection is closed. */
    private static void trickle(Socket socket, String request) throws IOException {
        socket.setSoTimeout(20);
        byte[] head = request.getBytes(StandardCharsets.US_ASCII);
        int sent = 0;
        while (sent < head.length) {
            try {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException nothingCame) {
                try {
                    socket.getOutputStream().write(head[sent++]);
                } catch (IOException closed) {
                    return;
                }
            } catch (IOException reset) {
                return;
            }
        }
        throw new AssertionError("the whole request was taken");
    }

    @Test
    void headersAndAddressesThatAreTooLongAreRefused() throws Exception {
        start(OPTIONS.withMaxHeaderBytes(2048), 0, 0, "192.0.2.1");
        assertThat(get("/page?" + "x".repeat(1000), "").statusCode()).isEqualTo(200);
        assertThat(get("/page?" + "x".repeat(3000), "").statusCode()).isEqualTo(414);
        assertThat(get("/page", "x".repeat(3000)).statusCode()).isEqualTo(431);
    }
}
