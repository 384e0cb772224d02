package io.rtaa.bench.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Places calls open-loop: what is sent when is settled before, and no answer, no full socket and no hold-up changes it.
 * Latencies that count from the due time so miss nothing.
 *
 * <p>Thread-safety: safe; all calls live on one event loop.
 */
final class Generator {

    /** Calls connect so long before their first frame is due. */
    static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    private static final int MOST_CALLS = 20_000;

    private final Script script;
    private final MediaMessages messages;
    private final ContextInternal context;
    private final WebSocketClient client;
    private final FramePacer pacer;
    private final String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
    private final List<Future<GeneratedCall.Outcome>> outcomes = new ArrayList<>();

    Generator(Vertx vertx, Script script) {
        this.script = script;
        this.messages = new MediaMessages(script);
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(MOST_CALLS));
        this.pacer = new FramePacer(context.nettyEventLoop());
    }

    /**
     * Calls that start one after another and end one after another, all of the same length, their frames spread evenly.
     *
     * @param door the address to call
     * @param first the first call's number; the others count up from it
     * @param calls how many
     * @param startNanos when the first call's first frame is due; at least {@link #LEAD_NANOS} from now
     * @param rampNanos over what time they start
     * @param frames how many frames each sends
     */
    void place(URI door, int first, int calls, long startNanos, long rampNanos, long frames) {
        for (int i = 0; i < calls; i++) {
            // Starts are whole frames apart, so that the phases alone decide when in a frame a call sends.
            long rampFrames = rampNanos * i / calls / script.frameNanos();
            long due = startNanos + rampFrames * script.frameNanos() + Phases.nanos(i, calls, script.frameNanos());
            place(new PlannedCall(door, first + i, due, frames, false));
        }
    }

    void place(PlannedCall plan) {
        GeneratedCall call = new GeneratedCall(plan, script, messages, "bench-" + plan.number() + "-" + run);
        synchronized (outcomes) {
            outcomes.add(call.outcome());
        }
        long delayNanos = plan.firstDueNanos() - LEAD_NANOS - System.nanoTime();
        long delayMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(delayNanos));
        context.runOnContext(now -> context.owner().setTimer(delayMillis, then -> connect(call)));
    }

    private void connect(GeneratedCall call) {
        call.connect(client).onSuccess(opened -> pacer.add(call));
    }

    /** Measures lateness of frames that are due in this time only. */
    void measure(long fromNanos, long toNanos) {
        onLoop(() -> {
            pacer.measure(fromNanos, toNanos);
            return true;
        });
    }

    /** By how much frames went out after they were due; microseconds. */
    Histogram lateness() {
        return onLoop(pacer::lateness);
    }

    /** Waits for every call placed so far to end, and says how each went; the next time they are forgotten. */
    List<GeneratedCall.Outcome> await() {
        List<Future<GeneratedCall.Outcome>> all;
        synchronized (outcomes) {
            all = List.copyOf(outcomes);
            outcomes.clear();
        }
        return all.stream()
                .map(outcome ->
                        outcome.toCompletionStage().toCompletableFuture().join())
                .toList();
    }

    private <T> T onLoop(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, context.nettyEventLoop()).join();
    }
}
