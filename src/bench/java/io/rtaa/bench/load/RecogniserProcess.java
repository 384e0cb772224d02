package io.rtaa.bench.load;

import java.util.Map;

/** The recogniser stand-in, as a process. Arguments: the audio in a frame, milliseconds; its port. */
public final class RecogniserProcess {

    private static final int EVENT_LOOPS = 2;

    private RecogniserProcess() {}

    /** Runs until its input ends. */
    public static void main(String[] arguments) {
        Script script = new Script(Integer.parseInt(arguments[0]));
        int port = Integer.parseInt(arguments[1]);
        Orders.serve(() -> {
            RecogniserStandIn.start(Loops.vertx(EVENT_LOOPS), script, port, EVENT_LOOPS);
            return Map.of();
        });
    }
}
