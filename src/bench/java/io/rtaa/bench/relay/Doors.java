package io.rtaa.bench.relay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.function.Supplier;

/** The two doors of a relay, at rtaa's addresses: callers come in at one, dashboards at the other. */
final class Doors {

    static final String CALLERS = "/v1/exotel";
    static final String DASHBOARDS = "/v1/transcripts";

    private final Dashboards dashboards;
    private final Supplier<CallHandler> calls;

    /** @param calls makes the handler of a call that comes in, on its event loop */
    Doors(Dashboards dashboards, Supplier<CallHandler> calls) {
        this.dashboards = dashboards;
        this.calls = calls;
    }

    /** Listens on the event loop this is called on; several may share a port. */
    Future<HttpServer> listen(Vertx vertx, int port) {
        return vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
                .webSocketHandler(this::onSocket)
                .listen(port);
    }

    private void onSocket(ServerWebSocket socket) {
        switch (socket.path()) {
            case CALLERS -> onCaller(socket);
            case DASHBOARDS -> dashboards.add(socket);
            default -> socket.close();
        }
    }

    private void onCaller(ServerWebSocket socket) {
        CallHandler call = calls.get();
        socket.frameHandler(frame -> onFrame(frame, call));
        socket.closeHandler(ignored -> call.end());
    }

    private static void onFrame(WebSocketFrame frame, CallHandler call) {
        if (frame.isText()) {
            byte[] audio = Media.audio(frame.binaryData().getBytes());
            if (audio != null) {
                call.audio(audio);
            }
        }
    }
}
