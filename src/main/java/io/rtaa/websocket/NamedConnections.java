package io.rtaa.websocket;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The open connections of one named endpoint by their keys, and its counters. Thread-safety: any thread. */
final class NamedConnections {

    private final ConcurrentMap<String, WebsocketConnection> byKey = new ConcurrentHashMap<>();
    private final WebsocketCounters counters = new WebsocketCounters();

    WebsocketCounters counters() {
        return counters;
    }

    @Nullable
    WebsocketConnection find(String key) {
        return byKey.get(key);
    }

    void add(WebsocketConnection connection) {
        byKey.put(connection.key(), connection);
        counters.countOpened();
    }

    /** Does nothing if the connection was removed before. */
    void remove(WebsocketConnection connection) {
        if (byKey.remove(connection.key(), connection)) {
            counters.countClosed();
        }
    }
}
