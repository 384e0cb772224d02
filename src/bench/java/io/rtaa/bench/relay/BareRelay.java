package io.rtaa.bench.relay;

import io.rtaa.bench.load.Loops;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;

/**
 * Passes audio on frame by frame, and results to every dashboard as they come: a socket to the recogniser for each
 * call, two event loops, no queue, no log. The floor under everything that rtaa does. Arguments: its port, the
 * recogniser's port.
 */
public final class BareRelay extends AbstractVerticle {

    static final int EVENT_LOOPS = 2;
    static final int MOST_CALLS = 20_000;

    private final int port;
    private final int recogniserPort;
    private final Dashboards dashboards;

    BareRelay(int port, int recogniserPort, Dashboards dashboards) {
        this.port = port;
        this.recogniserPort = recogniserPort;
        this.dashboards = dashboards;
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) {
        start(Loops.vertx(EVENT_LOOPS), Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    }

    /** Starts it and waits until it listens. */
    public static void start(Vertx vertx, int port, int recogniserPort) {
        Dashboards dashboards = new Dashboards();
        Loops.deploy(vertx, EVENT_LOOPS, () -> new BareRelay(port, recogniserPort, dashboards));
    }

    @Override
    public void start(Promise<Void> started) {
        WebSocketClient client =
                vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(MOST_CALLS));
        new Doors(dashboards, () -> new Call(new Recogniser(client, recogniserPort, dashboards::tell)))
                .listen(vertx, port)
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private record Call(Recogniser recogniser) implements CallHandler {
        @Override
        public void audio(byte[] pcm) {
            recogniser.send(pcm);
        }

        @Override
        public void end() {
            recogniser.end();
        }
    }
}
