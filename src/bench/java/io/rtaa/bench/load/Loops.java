package io.rtaa.bench.load;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.function.Supplier;

/**
 * How the benchmark's own processes run Vert.x: on the operating system's own transport, as the relay does they
 * measure.
 */
public final class Loops {

    private Loops() {}

    /** @throws IllegalStateException if there is no native transport: then nothing here would be comparable */
    public static Vertx vertx(int eventLoops) {
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(eventLoops));
        if (!vertx.isNativeTransportEnabled()) {
            throw new IllegalStateException("no epoll on this machine; allowed: Linux on x86-64 or ARM 64");
        }
        return vertx;
    }

    /**
     * Starts so many verticles, each on an event loop of its own as far as there are any, and waits until all are up.
     */
    public static void deploy(Vertx vertx, int instances, Supplier<Verticle> verticle) {
        vertx.deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
