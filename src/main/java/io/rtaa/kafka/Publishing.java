package io.rtaa.kafka;

import io.rtaa.kafka.BusCounters.Kind;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/** Counts what goes out, and how long it takes. */
final class Publishing {

    private Publishing() {}

    static AsyncCallback watch(Exchange exchange, AsyncCallback callback, Kind kind, BusCounters counters) {
        long began = System.nanoTime();
        return doneSync -> {
            if (exchange.getException() == null) {
                counters.published(kind, System.nanoTime() - began);
            } else {
                counters.failed(kind);
            }
            callback.done(doneSync);
        };
    }
}
