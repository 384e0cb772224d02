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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What load balancers and whoever restarts processes are told. */
class HealthApiTest {

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<String> fault = new AtomicReference<>();
    private final AtomicReference<String> stuck = new AtomicReference<>();
    private final AtomicBoolean broken = new AtomicBoolean();
    private HttpServer server;

    @BeforeEach
    void listen() {
        Router router = Router.router(vertx);
        new HealthApi(List.of(new HealthPart("bus", this::check)), List.of(new Liveness("reader", stuck::get)))
                .mount(router);
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

    private @Nullable String check() {
        if (broken.get()) {
            throw new IllegalStateException("redis.internal:6379 has no address");
        }
        return fault.get();
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
        fault.set("redis.internal:6379 refuses");

        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body()).isEqualTo("{\"status\":\"DOWN\",\"parts\":{\"bus\":{\"status\":\"DOWN\"}}}");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void whatGetsNowhereIs() throws Exception {
        stuck.set("whoever reads audio has got nowhere for 61 s");

        assertThat(get("/health/live").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").body()).isEqualTo("{\"status\":\"DOWN\"}");
    }

    @Test
    void aCheckThatThrowsIsAFaultAndSaysNothingInPublic() throws Exception {
        broken.set(true);

        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body()).isEqualTo("{\"status\":\"DOWN\",\"parts\":{\"bus\":{\"status\":\"DOWN\"}}}");
    }
}
