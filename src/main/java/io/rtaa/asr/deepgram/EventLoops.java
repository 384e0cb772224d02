package io.rtaa.asr.deepgram;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A context on each event loop, in turn. {@link Vertx#getOrCreateContext()} alone gives a thread that is no event loop
 * the same context each time, and so would put all connections that it opens on one event loop.
 *
 * <p>Thread-safety: any thread; never blocks.
 */
final class EventLoops implements AutoCloseable {

    private final Vertx vertx;
    private final List<Context> contexts = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Future<String> deployed;

    /** Takes as many contexts as there are cores, which Vert.x spreads over its event loops. */
    EventLoops(Vertx vertx) {
        this.vertx = vertx;
        // A verticle is Vert.x' public way to an event loop of one's own.
        deployed = vertx.deployVerticle(
                () -> new AbstractVerticle() {
                    @Override
                    public void start() {
                        contexts.add(context);
                    }
                },
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()));
    }

    /** The event loop that this is called on where it is one of this Vert.x, else the next in turn. */
    Context currentOrNext() {
        Context current = Vertx.currentContext();
        if (current != null && current.isEventLoopContext() && current.owner() == vertx) {
            return current;
        }
        int known = contexts.size();
        return known == 0 ? vertx.getOrCreateContext() : contexts.get(Math.floorMod(turn.getAndIncrement(), known));
    }

    /** Gives the contexts back; returns at once. What still runs on them goes on. */
    @Override
    public void close() {
        deployed.onSuccess(vertx::undeploy);
    }
}
