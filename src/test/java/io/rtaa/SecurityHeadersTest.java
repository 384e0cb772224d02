package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.edge.listener.PublicListener;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The headers of every answer of the public listener, whatever is asked and whoever answers. */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.trusted-proxies=127.0.0.1",
            "rtaa.exotel.basic-auth=key:token",
            "rtaa.limits.wrong-logins-per-address=1"
        })
@ExtendWith(OutputCaptureExtension.class)
class SecurityHeadersTest {

    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    private static final String HANDSHAKE =
            UPGRADE + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    @Autowired
    private PublicListener listener;

    @Autowired
    private CamelContext camel;

    private record Answer(int status, Map<String, String> headers) {}

    /** Plain sockets, as no client would send some of it. */
    private Answer send(String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.actualPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            int read = in.read();
            while (read >= 0) {
                answer.append((char) read);
                read = answer.toString().endsWith("\r\n\r\n") ? -1 : in.read();
            }
            List<String> lines = answer.toString().lines().toList();
            assertThat(lines).as(head).isNotEmpty();
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            lines.stream().skip(1).filter(line -> line.contains(": ")).forEach(line -> {
                String[] header = line.split(": ", 2);
                assertThat(headers.put(header[0], header[1]))
                        .as("twice: %s", line)
                        .isNull();
            });
            return new Answer(Integer.parseInt(lines.get(0).split(" ", 3)[1]), headers);
        }
    }

    private Answer get(String path, String... headers) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers));
    }

    private static void assertSecure(String what, Answer answer) {
        assertThat(answer.headers())
                .as("%s: %s", what, answer)
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Referrer-Policy", "no-referrer")
                .containsEntry("Cross-Origin-Opener-Policy", "same-origin")
                .containsEntry("Cross-Origin-Resource-Policy", "same-origin")
                .containsKey("Permissions-Policy")
                .containsKeys("Cache-Control", "X-Request-Id")
                .doesNotContainKey("Strict-Transport-Security");
        assertThat(answer.headers().get("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
                .doesNotContain("unsafe-inline", "unsafe-eval", "*");
    }

    @Test
    void everyAddressThatIsMountedAnswersWithThemByEveryMethod() throws IOException {
        TreeSet<String> paths = new TreeSet<>(List.of("/not/there", "/_static/not-there.js", "/_static/"));
        for (Route route : listener.router().getRoutes()) {
            if (route.getPath() != null) {
                paths.add(route.getPath().replace(":interaction_id", "any"));
            }
        }
        assertThat(paths)
                .contains("/", "/app.js", "/style.css", "/api/calls", "/health", "/health/live", "/api/health")
                .contains("/v1/exotel", "/v1/ingest", "/v1/transcripts");
        for (String path : paths) {
            for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "NONE")) {
                Answer answer = send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n");
                assertSecure(method + " " + path, answer);
                if (path.startsWith("/api") || path.startsWith("/v1") || path.startsWith("/health")) {
                    assertThat(answer.headers()).as(path).containsEntry("Cache-Control", "no-store");
                }
            }
        }
    }

    @Test
    void everyRefusalHasThem(CapturedOutput output) throws Exception {
        Map<String, Integer> refusals = new TreeMap<>();
        refusals.put("GET /%zz HTTP/1.1\r\nHost: localhost\r\n", 400);
        refusals.put("GET / HTTP/1.1\r\nHost: localhost\r\nno header\r\n", 400);
        refusals.put("GET health HTTP/1.1\r\nHost: localhost\r\n", 400);
        refusals.put("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n", 400);
        refusals.put("GET / HTTP/1.1\r\n", 400);
        refusals.put("GET / HTTP/1.1\r\nHost: a b\r\n", 400);
        refusals.put("nonsense\r\n", 400);
        refusals.put("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n", 414);
        refusals.put("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(20_000) + "\r\n", 431);
        refusals.put("GET /v1/exotel HTTP/1.1\r\nHost: localhost\r\n" + HANDSHAKE, 401);
        refusals.put("GET /v1/ingest HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n" + HANDSHAKE, 403);
        refusals.put("GET /api/calls HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n", 403);
        refusals.put("GET /v1/transcripts HTTP/1.1\r\nHost: localhost\r\n", 426);
        refusals.put("GET /v1/transcripts HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE, 400);
        refusals.put("GET /v1/transcripts HTTP/1.1\r\nHost: localhost\r\n" + HANDSHAKE.replace("13", "12"), 426);
        refusals.put("POST /api/calls HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n", 405);
        refusals.put("GET /api/nothing HTTP/1.1\r\nHost: localhost\r\n", 404);
        for (Map.Entry<String, Integer> refusal : refusals.entrySet()) {
            Answer answer = send(refusal.getKey());
            String what =
                    refusal.getKey().substring(0, Math.min(60, refusal.getKey().length()));
            assertThat(answer.status()).as(what).isEqualTo(refusal.getValue());
            assertSecure(what, answer);
        }
        assertThat(send("GET /health/live HTTP/1.0\r\n").status()).isEqualTo(200);
        assertThat(output).doesNotContain("ERROR");
        String wrong = HANDSHAKE + "Authorization: Basic d3Jvbmc6cGFpcg==\r\n";
        assertThat(get("/v1/exotel", wrong).status()).isEqualTo(401);
        Answer limited = get("/v1/exotel", wrong);
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.headers()).containsKey("Retry-After");
        assertSecure("a limit", limited);
        camel.getRouteController().stopRoute("pcm-in");
        try {
            Answer stopped = get("/v1/ingest", HANDSHAKE);
            assertThat(stopped.status()).isEqualTo(503);
            assertSecure("a stopped route", stopped);
        } finally {
            camel.getRouteController().startRoute("pcm-in");
        }
    }

    @Test
    void aHandshakeThatIsGrantedHasThem() throws IOException {
        Answer granted = get("/v1/transcripts", HANDSHAKE);
        assertThat(granted.status()).isEqualTo(101);
        assertSecure("101", granted);
    }

    @Test
    void browsersAreToldToUseTlsOnlyWhereATrustedProxySaysThatTheyDo() throws IOException {
        for (String value : List.of("https", "HTTPS", "wss", "https, http")) {
            for (String path : List.of("/", "/api/calls", "/api/nothing", "/health/live", "/%zz")) {
                assertThat(get(path, "X-Forwarded-Proto: " + value + "\r\n").headers())
                        .as("%s, %s", path, value)
                        .containsEntry("Strict-Transport-Security", "max-age=31536000");
            }
        }
        List<String> none = new ArrayList<>(List.of("http", "http, https", "", "httpsx"));
        for (String value : none) {
            assertThat(get("/", "X-Forwarded-Proto: " + value + "\r\n").headers())
                    .as(value)
                    .doesNotContainKey("Strict-Transport-Security");
        }
    }
}
