package io.rtaa.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.CidrList;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.Principal;
import io.rtaa.dashboard.CallBook;
import io.rtaa.dashboard.DashboardApi;
import io.rtaa.dashboard.DashboardPage;
import io.rtaa.dashboard.PageWorkers;
import io.rtaa.dashboard.UnsentAnswers;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.edge.security.CredentialParsing;
import io.rtaa.edge.security.ForwardedSchemes;
import io.rtaa.edge.security.OutsideAddress;
import io.rtaa.edge.security.PathPrefixes;
import io.rtaa.edge.security.StreamTokenMeters;
import io.rtaa.edge.security.StreamTokens;
import io.rtaa.edge.security.StreamUrlApi;
import io.vertx.core.Vertx;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever address and query a request has, the page and the API answer it with what they document, and go on. */
class HttpFuzzTest {

    private static final List<byte[]> SEEDS = Stream.of(
                    "/api/calls?state=live&tenant_id=acme",
                    "/api/calls/a%20b/transcript?format=srt&tenant_id=a",
                    "/api/calls/call-1",
                    "/api/nothing",
                    "/v1/exotel/stream-url?CallSid=call-1&sample-rate=16000",
                    "/v1/exotel/stream-url",
                    "/_static/lit/3.3.0/index.js",
                    "/rtaa/app.js",
                    "/",
                    "/_static" + "/a".repeat(7000),
                    "/_static" + "/a".repeat(7000) + ".js",
                    "/a".repeat(7000))
            .map(text -> text.getBytes(ISO_8859_1))
            .toList();

    private static final List<byte[]> FORMS = Stream.of("CallSid=call-1&CallFrom=0999", "a=b&&=%&CallSid=%ff", "")
            .map(text -> text.getBytes(ISO_8859_1))
            .toList();

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "DELETE", "OPTIONS", "get", "G\u00ffT");

    private static Vertx vertx;
    private static PublicListener listener;
    private static PageWorkers workers;

    @BeforeContainer
    static void start() {
        vertx = Vertx.vertx();
        CidrList proxies = CidrList.parse("127.0.0.1");
        PathPrefixes prefixes = new PathPrefixes(null, proxies);
        listener = new PublicListener(
                vertx,
                PublicListenerOptions.on("127.0.0.1", 0).withEventLoops(1),
                prefixes::of,
                new ForwardedSchemes(proxies)::isSecure);
        workers = new PageWorkers();
        Clock clock = Clock.systemUTC();
        new DashboardApi(
                        new CallBook(clock, CallBook.Limits.DEFAULT, Duration.ZERO),
                        handshake -> CompletableFuture.completedFuture(new Granted(Principal.ANYONE, null)),
                        null,
                        erasure -> CompletableFuture.completedFuture(null),
                        clock,
                        workers,
                        new UnsentAnswers(UnsentAnswers.DEFAULT_MOST_BYTES))
                .mount(listener.router());
        new DashboardPage(workers).mount(listener.router());
        new StreamUrlApi(
                        StreamTokens.ofPem(CredentialParsing.pem().get(1)),
                        path -> Optional.of(
                                handshake -> CompletableFuture.completedFuture(new Granted(Principal.ANYONE, null))),
                        new OutsideAddress(null, proxies),
                        new StreamTokenMeters(new SimpleMeterRegistry()),
                        Duration.ofSeconds(10))
                .mount(listener);
        listener.start();
    }

    @AfterContainer
    static void stop() {
        listener.stop();
        workers.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Property(seed = "1", tries = 400, shrinking = ShrinkingMode.OFF)
    void everyRequestIsAnsweredAsDocumented(@ForAll long number) throws IOException {
        Random random = Mutations.random(number);
        byte[] address = Mutations.mutated(SEEDS, random);
        byte[] prefix = Mutations.mutated(SEEDS, random);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes((METHODS.get(random.nextInt(METHODS.size())) + " ").getBytes(ISO_8859_1));
        request.writeBytes(address);
        request.writeBytes(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".getBytes(ISO_8859_1));
        if (random.nextBoolean()) {
            request.writeBytes("X-Forwarded-Prefix: ".getBytes(ISO_8859_1));
            request.writeBytes(prefix);
            request.writeBytes("\r\n".getBytes(ISO_8859_1));
        }
        if (random.nextBoolean()) {
            byte[] form = Mutations.mutated(FORMS, random);
            request.writeBytes(("Content-Length: " + form.length + "\r\n\r\n").getBytes(ISO_8859_1));
            request.writeBytes(form);
        } else {
            request.writeBytes("\r\n".getBytes(ISO_8859_1));
        }

        String status = statusOf(request.toByteArray());

        // Nothing where the request could not be told from the beginning of another one.
        assertThat(status).as("request %s", number).matches("|HTTP/1\\.[01] (200|204|304|4\\d\\d) .*");
        assertThat(statusOf(
                        "GET /api/calls HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1)))
                .isEqualTo("HTTP/1.1 200 OK");
    }

    @Example
    void aPathOfThousandsOfNamesIsNoneOfThePage() throws IOException {
        String names = "/a".repeat(8000);

        assertThat(statusOf(("GET /_static" + names + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(ISO_8859_1)))
                .isEqualTo("HTTP/1.1 404 Not Found");
    }

    private static String statusOf(byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.actualPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request);
            InputStream answer = new BufferedInputStream(socket.getInputStream());
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = answer.read(); c >= 0 && c != '\r'; c = answer.read()) {
                line.write(c);
            }
            return line.toString(ISO_8859_1);
        }
    }
}
