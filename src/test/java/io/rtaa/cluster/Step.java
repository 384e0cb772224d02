package io.rtaa.cluster;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Something done to a cluster.
 *
 * @param after when, from the moment at which all calls kept up
 * @param action what
 * @param isReturn whether what was away is back with it, so that the time to recover counts from here and not from the
 *     first step
 */
record Step(Duration after, Consumer<Cluster> action, boolean isReturn) {

    static <T> Step at(int seconds, Function<Cluster, T> whom, Consumer<? super T> what) {
        return new Step(Duration.ofSeconds(seconds), cluster -> what.accept(whom.apply(cluster)), false);
    }

    /** The return of what was away. */
    static <T> Step backAt(int seconds, Function<Cluster, T> whom, Consumer<? super T> what) {
        return new Step(Duration.ofSeconds(seconds), cluster -> what.accept(whom.apply(cluster)), true);
    }
}
