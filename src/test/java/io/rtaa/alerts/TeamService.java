package io.rtaa.alerts;

import com.sun.net.httpserver.HttpServer;
import io.rtaa.testsupport.cluster.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A service of a team's to which routes of the team's post what is said. */
final class TeamService implements AutoCloseable {

    private static final String ROUTE = """
            - route:
                id: %1$s
                description: Posts each final
                from:
                  uri: "%2$s"
                  steps:
                    - filter:
                        simple: "${body.type} == 'final'"
                        steps:
                          - convertBodyTo:
                              type: String
                          - setHeader:
                              name: Content-Type
                              constant: application/json
                          - to:
                              uri: http://127.0.0.1:%3$d/finals
                              parameters:
                                httpMethod: POST
            """;

    /** Seldom runs, beside the others, and fails as a whole when its one step does. */
    private static final String ROTA = """
            - route:
                id: rota
                description: Asks a team's service who is on duty
                from:
                  uri: timer:rota
                  parameters:
                    period: 2000
                  steps:
                    - to:
                        uri: http://127.0.0.1:%d/rota
            """;

    private final HttpServer server;
    private final Wire wire;
    private volatile int status = 200;

    TeamService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", request -> {
            try (request) {
                request.getRequestBody().readAllBytes();
                request.sendResponseHeaders(status, -1);
            }
        });
        server.start();
        wire = new Wire(server.getAddress().getPort());
    }

    /**
     * Writes the team's route file: a sink, which gets every event, a route that only shows what is said, and one that asks
     * the service every two seconds.
     *
     * @return the folder, for {@code RTAA_ROUTES}
     */
    Path routes(Path directory) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("routes")).toAbsolutePath();
        String routes = ROUTE.formatted("crm", "{{rtaa.bus.sink:crm}}", wire.port())
                + ROUTE.formatted("board", "{{rtaa.bus.transcripts}}", wire.port())
                + ROTA.formatted(wire.port());
        Files.writeString(folder.resolve("team.camel.yaml"), routes);
        return folder;
    }

    /** The line to it, which can be cut. */
    Wire wire() {
        return wire;
    }

    /** From now on it answers with this status. */
    void answer(int newStatus) {
        status = newStatus;
    }

    @Override
    public void close() {
        wire.close();
        server.stop(0);
    }
}
