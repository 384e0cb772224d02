package io.rtaa.testsupport;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer of tokens with a JWK set at an address of its own, which answers as a test says. */
public final class JwksStandIn implements AutoCloseable {

    /** How a request is answered. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange request) throws IOException;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final HttpServer server;
    private volatile Answer answer = request -> send(request, 200, "{\"keys\":[]}");

    private JwksStandIn(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", request -> {
            requests.incrementAndGet();
            try (request) {
                answer.to(request);
            }
        });
        server.start();
    }

    /** On a free port. */
    public static JwksStandIn start() throws IOException {
        return new JwksStandIn(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** A key under a name. */
    public static RSAKey key(String id, SigningKey key) {
        return new RSAKey.Builder((RSAPublicKey) key.pair().getPublic())
                .privateKey(key.pair().getPrivate())
                .keyID(id)
                .build();
    }

    /** A token that names the key that signs it. */
    public static String sign(RSAKey key, JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the JWK set is. */
    public URL url() {
        try {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks")
                    .toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on the set has these keys. */
    public void publish(JWK... keys) {
        String set = new JWKSet(List.of(keys)).toString(true);
        answer(request -> send(request, 200, set));
    }

    /** From now on requests are answered so. */
    public void answer(Answer how) {
        answer = how;
    }

    /** From now on requests are answered with nothing, until the stand-in closes. */
    public void hang() {
        answer(request -> hold());
    }

    /** Waits until the stand-in closes. */
    public void hold() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers a request. */
    public static void send(HttpExchange request, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        request.getResponseHeaders().add("Content-Type", "application/json");
        request.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = request.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** How often the set was asked for. */
    public int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
