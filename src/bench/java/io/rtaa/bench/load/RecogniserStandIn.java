package io.rtaa.bench.load;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/**
 * Speaks the wire of <a href="https://developers.deepgram.com/reference/speech-to-text/listen-streaming">Deepgram's live
 * service</a> (read July 2026) as far as a call that goes well needs it, at a fixed small cost a frame: looks for a {@link
 * Mark} in each, and tells a final the moment the frame has come that completes it. Quirks and faults are for the stand-in of
 * the tests.
 */
final class RecogniserStandIn {

    private RecogniserStandIn() {}

    /** Starts it at a port of the loopback address, on so many event loops, and waits until it listens. */
    static void start(Vertx vertx, Script script, int port, int eventLoops) {
        vertx.deployVerticle(() -> new Listener(script, port), new DeploymentOptions().setInstances(eventLoops))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static final class Listener extends AbstractVerticle {
        private final Script script;
        private final int port;

        Listener(Script script, int port) {
            this.script = script;
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"));
            server.webSocketHandler(socket -> {
                        Ear ear = new Ear(script, socket);
                        socket.frameHandler(ear::onFrame);
                    })
                    .listen(port)
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}
