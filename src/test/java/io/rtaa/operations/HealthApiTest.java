package io.rtaa.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What load balancers and whoever restarts processes are told. */
class HealthApiTest {

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<String> fault = new AtomicReference<>();
    private final AtomicReference<String> stuck = new AtomicReference<>();
    private HttpServer server;

    @BeforeEach
    void listen() {
        Router router = Router.router(vertx);
        new HealthApi(List.of(new HealthPart("bus", fault::get)), List.of(new Liveness(stuck::get))).mount(router);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + server.actualPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aProcessThatCanDoItsJobIsReadyAndAlive() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aPartThatIsAwayIsNoReasonToRestart() throws Exception {
        fault.set("Redis is away");

        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body()).contains("\"bus\":{\"status\":\"DOWN\",\"reason\":\"Redis is away\"}");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void whatGetsNowhereIs() throws Exception {
        stuck.set("whoever reads audio has got nowhere for 61 s");

        assertThat(get("/health/live").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").body()).contains("got nowhere for 61 s");
    }
}
