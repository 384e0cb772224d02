package io.rtaa.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

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
}
