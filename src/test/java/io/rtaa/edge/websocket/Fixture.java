package io.rtaa.edge.websocket;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.edge.limits.ClientLimits;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A listener on a free port with two event loops, a Camel context with the component, and clients. */
final class Fixture implements AutoCloseable {

    final Vertx vertx;
    final Vertx clientVertx = Vertx.vertx();
    final PublicListener listener;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final WebsocketComponent component = new WebsocketComponent();
    final DefaultCamelContext camel = new DefaultCamelContext();

    Fixture() {
        this(PublicListenerOptions.on("127.0.0.1", 0).withEventLoops(2));
    }

    Fixture(PublicListenerOptions options) {
        this(options, ClientLimits.none());
    }

    Fixture(PublicListenerOptions options, ClientLimits limits) {
        this(Vertx.vertx(), options, limits);
    }

    private Fixture(Vertx vertx, PublicListenerOptions options, ClientLimits limits) {
        this.vertx = vertx;
        listener = new PublicListener(vertx, options);
        listener.limit(limits);
        component.setListener(listener);
        component.setMeterRegistry(meters);
        component.setOpenAllowed(true);
        camel.addComponent("websocket", component);
        listener.start();
    }

    /** On epoll where the machine has it, as the service is: with the options of TCP that Java does not know. */
    static Fixture onEpoll() {
        return new Fixture(
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)),
                PublicListenerOptions.on("127.0.0.1", 0).withEventLoops(2),
                ClientLimits.none());
    }

    /** Parameters with which a socket may send as fast as it likes. */
    static final String AT_ANY_RATE = "&maxFrameRate=0&maxByteRate=0&maxRateWithoutAudio=0";

    /** The address of an endpoint that takes everybody in on the path {@code /NAME}. */
    static String open(String name) {
        return "websocket:" + name + "?path=/" + name + "&kind=caller&handshake=none";
    }

    Fixture routes(RouteBuilder routes) throws Exception {
        camel.addRoutes(routes);
        camel.start();
        return this;
    }

    /** Starts a route from an address to a processor, with one more step behind it. */
    void route(String uri, Processor processor) throws Exception {
        routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("under-test").process(processor).process(exchange -> {});
            }
        });
    }

    /** What a counter of an endpoint says; its further tags are names and values in turn. */
    double count(String endpoint, String what, String... tags) {
        return meters.get("rtaa.websocket." + what)
                .tag("endpoint", endpoint)
                .tags(tags)
                .counter()
                .count();
    }

    /** What a gauge of an endpoint says. */
    double gauge(String endpoint, String what) {
        return meters.get("rtaa.websocket." + what)
                .tag("endpoint", endpoint)
                .gauge()
                .value();
    }

    int port() {
        return listener.actualPort();
    }

    Peer connect(String pathAndQuery) throws Exception {
        return Peer.connect(clientVertx, port(), pathAndQuery);
    }

    /** A plain TCP connection that has sent nothing yet. */
    Socket rawConnection() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    /** A plain TCP connection that has sent a whole websocket handshake. */
    Socket rawHandshake(String path) throws Exception {
        Socket socket = rawConnection();
        handshake(socket, path);
        return socket;
    }

    /** Sends a whole websocket handshake, and reads the answer. */
    void handshake(Socket socket, String path) throws IOException {
        String handshake =
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        socket.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = socket.getInputStream().read();
            if (read < 0) {
                throw new IllegalStateException("closed after: " + head);
            }
            head.append((char) read);
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IllegalStateException("no upgrade: " + head);
        }
    }

    @Override
    public void close() throws IOException {
        camel.close();
        listener.stop();
        close(clientVertx);
        close(vertx);
    }

    private static void close(Vertx vertx) {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
