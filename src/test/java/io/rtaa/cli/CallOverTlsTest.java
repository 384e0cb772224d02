package io.rtaa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.PrivateCa;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rtaa call} to a {@code wss://} server whose certificate Java does not know. */
class CallOverTlsTest {

    @TempDir
    private static Path directory;

    private static PrivateCa ca;
    private static PfxOptions certificate;

    private final Vertx vertx = Vertx.vertx();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void makeACertificate() throws Exception {
        ca = new PrivateCa(directory);
        certificate = ca.sign("server", "localhost");
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private int serve(@Nullable PfxOptions identity) throws Exception {
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
        if (identity != null) {
            options.setSsl(true).setKeyCertOptions(identity);
        }
        HttpServer server = vertx.createHttpServer(options)
                .webSocketHandler(socket -> {})
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return server.actualPort();
    }

    /** The exit code; what was printed is in {@link #out} and {@link #err}. */
    private int call(String url, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("call", "--url", url, "--seconds", "100ms"));
        arguments.addAll(List.of("--audio", "src/main/resources/demo/conversation.wav"));
        arguments.addAll(List.of(options));
        return RtaaCommand.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    }

    private void assertNotConnected(String reason) {
        assertThat(out.toString()).contains("1 × not connected: ", reason).doesNotContain("\tat ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void trustsThePrivateCaItIsGiven() throws Exception {
        int code = call(
                "wss://localhost:" + serve(certificate),
                "--ca",
                ca.certificate().toString());

        assertThat(code).as("%s%s", out, err).isZero();
        assertThat(out.toString()).contains("connected 1, complete 1");
    }

    @Test
    void saysThatACertificateIsNotTrusted() throws Exception {
        assertThat(call("wss://localhost:" + serve(certificate))).isEqualTo(1);

        assertNotConnected("the server's certificate is not trusted; --ca names the file");
    }

    @Test
    void saysThatACertificateIsForAnotherHost() throws Exception {
        assertThat(call(
                        "wss://127.0.0.1:" + serve(certificate),
                        "--ca",
                        ca.certificate().toString()))
                .isEqualTo(1);

        assertNotConnected("the server's certificate is for another host: No subject alternative names");
    }

    @Test
    void saysThatACertificateIsOutOfDate() throws Exception {
        PfxOptions old = ca.sign("old", "localhost", "-startdate", "-3d", "-validity", "1");

        assertThat(call(
                        "wss://localhost:" + serve(old),
                        "--ca",
                        ca.certificate().toString()))
                .isEqualTo(1);

        assertNotConnected("the server's certificate is out of date: NotAfter: ");
    }

    @Test
    void saysThatAServerDoesNotSpeakTls() throws Exception {
        assertThat(call("wss://localhost:" + serve(null))).isEqualTo(1);

        assertNotConnected("the server does not speak TLS on this port; ws:// may be meant");
    }

    @Test
    void saysThatAServerMaySpeakTls() throws Exception {
        assertThat(call("ws://localhost:" + serve(certificate))).isEqualTo(1);

        assertNotConnected("wss:// may be meant");
    }

    @Test
    void aFileWithoutACertificateIsWrongUsage() throws Exception {
        Path none = Files.writeString(directory.resolve("none.pem"), "no certificate");

        assertThat(call("wss://localhost:1", "--ca", none.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--ca: " + none + " holds no certificate; allowed: PEM");
        assertThat(call("wss://localhost:1", "--ca", directory + "/nowhere.pem"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("nowhere.pem cannot be read");
    }
}
