package io.rtaa.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.asr.RecogniserRequest;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.ConnectProxy;
import io.rtaa.testsupport.Jdk;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.JksOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the provider trusts: a certificate of its own making names {@code localhost}. */
class DeepgramTlsTest {

    private static final String PASSWORD = "changeit";

    /** Tests share it: the key store is made once. */
    @TempDir
    static Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final RecordingListener heard = new RecordingListener();

    @AfterEach
    void stop() {
        vertx.close();
    }

    @Test
    void connectsWhereCertificateAndNameAreRight() throws Exception {
        open("localhost", new WebSocketClientOptions().setTrustOptions(keyStore()));

        await().until(() -> !heard.all.isEmpty());
        assertThat(heard.names()).containsExactly("opened");
    }

    @Test
    void refusesACertificateOfAnotherHost() throws Exception {
        open("127.0.0.1", new WebSocketClientOptions().setTrustOptions(keyStore()));

        assertRefusedByTls();
    }

    @Test
    void refusesACertificateNobodyVouchesFor() throws Exception {
        open("localhost", new WebSocketClientOptions());

        assertRefusedByTls();
    }

    @Test
    void tunnelsThroughAnHttpProxyWithItsCredentials() throws Exception {
        ConnectProxy proxy = ConnectProxy.start(vertx);

        open(
                "localhost",
                new WebSocketClientOptions()
                        .setTrustOptions(keyStore())
                        .setProxyOptions(HttpProxy.of("http://user:pa%20ss@127.0.0.1:" + proxy.port())
                                .options()));

        await().until(() -> !heard.all.isEmpty());
        assertThat(heard.names()).containsExactly("opened");
        assertThat(proxy.requests())
                .singleElement()
                .asString()
                .startsWith("CONNECT localhost:")
                .containsIgnoringCase("proxy-authorization: Basic dXNlcjpwYSBzcw==");
    }

    @Test
    void saysThatTheProxyRefusedTheTunnel() throws Exception {
        ConnectProxy proxy = ConnectProxy.refusing(vertx, "407 Proxy Authentication Required");

        open(
                "localhost",
                new WebSocketClientOptions()
                        .setTrustOptions(keyStore())
                        .setProxyOptions(
                                HttpProxy.of("127.0.0.1:" + proxy.port()).options()));

        await().until(heard::isClosed);
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
        assertThat(heard.failure().reason()).contains("407");
    }

    private void assertRefusedByTls() {
        await().until(heard::isClosed);
        assertThat(heard.failure().kind()).isEqualTo(Kind.RETRYABLE);
        assertThat(heard.failure().reason()).contains("SSLHandshakeException");
        assertThat(heard.names()).containsExactly("closed");
    }

    private void open(String host, WebSocketClientOptions trust) throws Exception {
        DeepgramStandIn standIn = DeepgramStandIn.start(
                vertx,
                DeepgramStandIn.Config.standard()
                        .withServer(new HttpServerOptions()
                                .setHost("localhost")
                                .setPort(0)
                                .setSsl(true)
                                .setKeyCertOptions(keyStore())));
        new DeepgramProvider(
                        vertx,
                        new SimpleMeterRegistry(),
                        DeepgramTransport.to(
                                URI.create("wss://" + host + ":" + standIn.url().getPort())),
                        DeepgramOptions.DEFAULTS,
                        DeepgramKeys.of("key"),
                        trust)
                .open(
                        new RecogniserRequest(
                                new CallInfo(new StreamId("acme", "call-1"), null, null, null, null, 8000, 0)),
                        heard);
    }

    /** Made by the JDK's own tool, as Java has no public way to make a certificate. */
    private static JksOptions keyStore() throws Exception {
        Path file = directory.resolve("keys.jks");
        if (!file.toFile().exists()) {
            Process keytool = new ProcessBuilder(
                            Jdk.program("keytool"),
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-alias",
                            "stand-in",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=dns:localhost",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            PASSWORD)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(keytool.exitValue()).isZero();
        }
        return new JksOptions().setPath(file.toString()).setPassword(PASSWORD);
    }
}
