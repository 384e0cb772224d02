package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.Principal;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.Optional;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests in whose paths a proxy has left its prefix: here a first segment of three letters and a number. */
class PathPrefixTest {

    private final Decision decision = new Decision();
    private final Vertx vertx = Vertx.vertx();
    private final PublicListener listener = new PublicListener(
            vertx,
            PublicListenerOptions.on("127.0.0.1", 0).withEventLoops(1),
            (path, remoteAddress, forwarded) ->
                    Optional.of(path.replaceFirst("^(/[a-z]{3}\\d+)?.*", "$1")).filter(prefix -> !prefix.isEmpty()),
            (remoteAddress, forwarded) -> false);
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        WebsocketComponent component = new WebsocketComponent();
        component.setListener(listener);
        decision.verdict.complete(new Verdict.Granted(Principal.ANYONE, null));
        camel.addComponent("websocket", component);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:who").process(decision);
                from("websocket:guarded?path=/v1/guarded&kind=caller&handshake=direct:who")
                        .stop();
            }
        });
        camel.start();
        listener.router().get("/").handler(ctx -> ctx.response().end("the page"));
        listener.router().get("/calls/:id").handler(ctx -> ctx.response().end("call " + ctx.pathParam("id")));
        listener.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
        listener.stop();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aSocketComesInWithAndWithoutAPrefixAndKeepsItsQuery() {
        for (String prefix : new String[] {"", "/abc1"}) {
            URI address = URI.create("ws://127.0.0.1:" + listener.actualPort() + prefix + "/v1/guarded?a=b%20c");
            http.newWebSocketBuilder()
                    .buildAsync(address, new WebSocket.Listener() {})
                    .join()
                    .abort();
        }
        assertThat(decision.handshakes).hasSize(2).allSatisfy(handshake -> {
            assertThat(handshake.path()).isEqualTo("/v1/guarded");
            assertThat(handshake.query()).isEqualTo("a=b%20c");
        });
    }

    @Test
    void everyRouteIsBelowThePrefixToo() throws Exception {
        assertThat(get("/abc1/calls/7?x=y")).isEqualTo("200 call 7");
        assertThat(get("/abc1/")).isEqualTo("200 the page");
        assertThat(get("/abc1")).isEqualTo("200 the page");
        assertThat(get("/abc1/abc1/calls/7")).startsWith("404");
        assertThat(get("/calls/7")).isEqualTo("200 call 7");
    }

    @Test
    void aPeerThatNamesManyPrefixesUsesUpNoneOfOthers() throws Exception {
        for (int i = 0; i < 2 * PublicListener.MAX_PREFIXES; i++) {
            assertThat(get("/abc" + i + "/calls/7")).startsWith("200");
        }
        assertThat(get("/xyz1/calls/7")).startsWith("200");
        assertThat(get("/abc0/calls/7")).startsWith("200");
        assertThat(get("/calls/7")).startsWith("200");
    }

    private String get(String path) throws Exception {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.actualPort() + path))
                        .build(),
                BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
