package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.ClientAddress;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.routes.LimitMeters;
import io.rtaa.testsupport.PrivateCa;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The public listener with TLS, over real sockets. */
@ExtendWith(OutputCaptureExtension.class)
class ListenerCertificateTest {

    private static final String APPLIED = "applied";
    private static final String REFUSED = "refused";
    private static final String FIRST = "first";
    private static final String SECOND = "second";

    /** Has the certificates that tests use, as making one takes a process. */
    @TempDir
    private static Path issued;

    private static PrivateCa ca;

    @TempDir
    private Path folder;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final FileWatch watch = new FileWatch(Duration.ofMillis(20), registry);
    private final ListenerConfiguration listening = new ListenerConfiguration();
    private final Vertx vertx = listening.vertx();
    private Path certificate;
    private Path key;
    private PublicListener listener;

    @BeforeAll
    static void issue() throws Exception {
        ca = new PrivateCa(issued);
        for (String alias : List.of(FIRST, SECOND)) {
            ca.signAsPem(alias, "localhost", issued.resolve(alias + ".crt"), issued.resolve(alias + ".key"));
        }
    }

    private void use(String alias) throws IOException {
        replace(issued.resolve(alias + ".key"), key);
        replace(issued.resolve(alias + ".crt"), certificate);
    }

    private static void replace(Path source, Path file) throws IOException {
        Path next = Files.copy(source, file.resolveSibling("next"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @BeforeEach
    void start() throws Exception {
        certificate = folder.resolve("tls.crt");
        key = folder.resolve("tls.key");
        use(FIRST);
        RtaaSettings settings = TestSettings.read(
                Map.of("PORT", "0", "TLS_CERTIFICATE", certificate.toString(), "TLS_KEY", key.toString()));
        listener = listening.publicListener(
                vertx, settings, List.of(), List.of(), ClientAddress.OF_THE_CONNECTION, LimitMeters.unmeasured());
        listening.listenerCertificate(listener, settings, Clock.systemUTC(), registry, watch);
        listener.start();
    }

    @AfterEach
    void stop() {
        watch.close();
        listener.stop();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Connects as a client that was never here: one that was would resume its session, and be shown no certificate. */
    private SSLSocket connect() throws Exception {
        return (SSLSocket) ca.trusting().getSocketFactory().createSocket("localhost", listener.actualPort());
    }

    private List<X509Certificate> chain() throws Exception {
        try (SSLSocket socket = connect()) {
            socket.startHandshake();
            return Arrays.stream(socket.getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        }
    }

    private X509Certificate seen() throws Exception {
        return chain().get(0);
    }

    private double reloads(String result) {
        return registry.counter("rtaa.settings.files.reloads", "result", result).count();
    }

    private static String request(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[4096];
        int read = socket.getInputStream().read(answer);
        return read < 0 ? "" : new String(answer, 0, read, StandardCharsets.UTF_8);
    }

    @Test
    void whoConnectsAfterAChangeSeesTheNewCertificateAndWhoIsConnectedStays() throws Exception {
        X509Certificate first = seen();
        try (SSLSocket old = connect()) {
            assertThat(request(old)).startsWith("HTTP/1.1 200 ");

            use(SECOND);

            await().until(() -> !seen().equals(first));
            assertThat(request(old)).startsWith("HTTP/1.1 200 ");
            assertThat(old.getSession().getPeerCertificates()[0]).isEqualTo(first);
        }
        // Every event loop has it.
        X509Certificate second = seen();
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            assertThat(seen()).isEqualTo(second);
        }
        assertThat(reloads(APPLIED)).isPositive();
    }

    @Test
    void noHandshakeFailsWhileCertificatesAreReplaced() throws Exception {
        List<String> aliases = List.of(SECOND, FIRST, SECOND);
        for (int i = 0; i < aliases.size(); i++) {
            use(aliases.get(i));
            int due = i + 1;
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                seen();
                return reloads(APPLIED) == due;
            });
        }
        assertThat(registry.get("rtaa.tls.handshakes.failed").counter().count()).isZero();
    }

    @Test
    void aPairThatIsBrokenOrOfTwoCertificatesLeavesTheOneBeforeAndIsCounted(CapturedOutput output) throws Exception {
        X509Certificate first = seen();

        Files.writeString(certificate, "nothing");
        await().until(() -> reloads(REFUSED) == 1);
        assertThat(seen()).isEqualTo(first);

        replace(issued.resolve(SECOND + ".crt"), certificate);
        await().until(() -> reloads(REFUSED) == 2);
        assertThat(seen()).isEqualTo(first);

        Files.delete(key);
        await().until(() -> reloads(REFUSED) == 3);
        assertThat(seen()).isEqualTo(first);
        assertThat(output.getAll())
                .contains("no certificate can be read", "the private key is not that of the first certificate");

        replace(issued.resolve(SECOND + ".key"), key);
        await().until(() -> reloads(APPLIED) == 1);
        assertThat(seen()).isNotEqualTo(first);
    }

    @Test
    void aCertificateThatHasExpiredLeavesTheOneBefore() throws Exception {
        X509Certificate first = seen();
        Path past = Files.createDirectories(folder.resolve("past"));
        ca.signAsPem("past", "localhost", past.resolve("c"), past.resolve("k"), "-startdate", "-2d", "-validity", "1");
        ListenerCertificate own = new ListenerCertificate(listener, null, Clock.systemUTC(), new SimpleMeterRegistry());

        assertThatThrownBy(() ->
                        own.replace(List.of(FileContent.read(past.resolve("c")), FileContent.read(past.resolve("k")))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the certificate expired at ");
        assertThat(seen()).isEqualTo(first);
    }

    @Test
    void aMetricSaysWhenTheCertificateExpires() throws Exception {
        double expires = registry.get("rtaa.tls.certificate.expires").gauge().value();
        assertThat(expires)
                .as("when the first certificate of the chain expires")
                .isEqualTo(chain().stream()
                        .mapToDouble(each -> each.getNotAfter().toInstant().getEpochSecond())
                        .min()
                        .orElseThrow());

        ca.signAsPem("longer", "localhost", certificate, key, "-validity", "20");

        await().until(() -> registry.get("rtaa.tls.certificate.expires").gauge().value() < expires);
        assertThat(registry.get("rtaa.tls.certificate.expires").gauge().value())
                .isGreaterThan((double) Instant.now().getEpochSecond());
    }

    @Test
    void onlyVersionsFromTls12OnAndCiphersWithForwardSecrecyAreSpoken() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = connect()) {
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            }
        }
        try (SSLSocket socket = connect()) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
        await().until(() -> registry.get("rtaa.tls.handshakes.failed").counter().count() == 1);
    }

    @Test
    void http11IsWhatIsAgreedOn() throws Exception {
        try (SSLSocket socket = connect()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void plainHttpIsClosedAndCounted(CapturedOutput output) throws Exception {
        try (Socket socket = new Socket("localhost", listener.actualPort())) {
            assertThat(request(socket)).doesNotContain("HTTP/1.1 200");
        }
        await().until(() -> registry.get("rtaa.tls.handshakes.failed").counter().count() == 1);
        assertThat(output.getAll()).doesNotContain("Exception");
    }
}
