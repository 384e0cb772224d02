package io.rtaa.bench.relay;

import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sockets that get everything. Thread-safety: safe. */
final class Dashboards {

    private final List<ServerWebSocket> sockets = new CopyOnWriteArrayList<>();

    void add(ServerWebSocket socket) {
        sockets.add(socket);
        socket.closeHandler(ignored -> sockets.remove(socket));
    }

    void tell(String message) {
        for (ServerWebSocket socket : sockets) {
            socket.writeTextMessage(message);
        }
    }
}
