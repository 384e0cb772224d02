package io.rtaa.bench.load;

import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.Map;

/** The recogniser stand-in, as a process. Arguments: the audio in a frame, milliseconds; its port. */
public final class RecogniserProcess {

    private static final int EVENT_LOOPS = 2;

    /** No call idles here, and looking for one that does would cost as much as the audio. */
    private static final Duration NEVER_IDLE = Duration.ofDays(1);

    private RecogniserProcess() {}

    /** Runs until its input ends. */
    public static void main(String[] arguments) {
        Script script = new Script(Integer.parseInt(arguments[0]));
        int port = Integer.parseInt(arguments[1]);
        Orders.serve(() -> {
            start(Loops.vertx(EVENT_LOOPS), script, port, EVENT_LOOPS);
            return Map.of();
        });
    }

    /** Starts it at a port of the loopback address, on so many event loops, and waits until it listens. */
    static void start(Vertx vertx, Script script, int port, int eventLoops) {
        Loops.deploy(vertx, eventLoops, () -> new Listener(script, port));
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
            DeepgramStandIn.Config config = DeepgramStandIn.Config.standard()
                    .withServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                    .withIdleTimeout(NEVER_IDLE);
            DeepgramStandIn.listen(vertx, config, () -> new MarkTranscriber(script))
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}
