package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.PeerKind;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.PropertyBindingSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WebsocketLifecycleTest {

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void closesTheSocketsOfAStoppedRouteWithItsOwnCode() throws Exception {
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(Fixture.open("three") + "&stopCode=1012").routeId("three").log("${body}");
            }
        });
        Peer peer = fixture.connect("/three");

        fixture.camel.getRouteController().stopRoute("three");

        assertThat(peer.awaitClose()).isEqualTo(1012);
    }

    @Test
    void stopsAndStartsOneRouteWhileTheOtherKeepsItsSockets() throws Exception {
        fixture.routes(echoes());
        Peer one = fixture.connect("/one");
        Peer two = fixture.connect("/two");

        fixture.camel.getRouteController().stopRoute("one");

        assertThat(one.awaitClose()).isEqualTo(1001);
        await().until(() -> seen.contains("one CLOSE 1001"));
        assertThat(status("/one")).isEqualTo(503);
        two.send("still");
        await().until(() -> two.received.contains("still"));
        assertThat(two.closeCode).isNotDone();

        fixture.camel.getRouteController().startRoute("one");

        Peer again = fixture.connect("/one");
        again.send("back");
        await().until(() -> again.received.contains("back"));
        assertThat(status("/one")).isEqualTo(426);
        assertThat(fixture.count("one", "handshakes.refused", "status", "503")).isEqualTo(1);
        assertThat(fixture.count("one", "handshakes.refused", "status", "426")).isEqualTo(1);
    }

    @Test
    void answers503OnThePathOfARouteThatHasNotStartedYet() throws Exception {
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(Fixture.open("one")).autoStartup(false).log("never");
            }
        });

        assertThat(status("/one")).isEqualTo(503);
        assertThat(status("/nowhere")).isEqualTo(404);
    }

    @Test
    void refusesASecondRouteOnOnePath() {
        assertThatThrownBy(() -> fixture.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(Fixture.open("one")).routeId("first").log("a");
                        from("websocket:other?path=/one&kind=caller&handshake=none")
                                .routeId("second")
                                .log("b");
                    }
                }))
                .hasMessageContaining("path /one of websocket:other is served by route first already");
    }

    @Test
    void refusesWhatIsNoOptionAndSaysWhichThereAre() {
        assertThatThrownBy(() -> fixture.camel.getEndpoint("websocket:one?mesageBytes=7"))
                .rootCause()
                .hasMessageStartingWith("'mesageBytes' is no option of websocket:; allowed: bridgeErrorHandler, ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allowedOriginPattern=.*",
                "allowOriginHeader=true",
                "clientOptions=#bean",
                "clientSubProtocols=a",
                "consumeAsClient=true",
                "fireWebSocketConnectionEvents=true",
                "handshake.a=b",
                "host=localhost",
                "maxReconnectAttempts=1",
                "originHeaderUrl=http://a",
                "port=80",
                "reconnectInitialDelay=1",
                "reconnectInterval=1",
                "router=#bean",
                "sendToAll=true",
                "serverOptions=#bean",
                "sslContextParameters=#bean"
            })
    void refusesTheOptionsOfCamelVertxWebsocketThatDoNothingHere(String option) {
        assertThatThrownBy(() -> fixture.camel.getEndpoint("websocket:one?" + option))
                .rootCause()
                .hasMessageContaining(
                        "'" + option.substring(0, option.indexOf('=')) + "' is no option of websocket:; allowed: ");
    }

    @Test
    void refusesTheOptionsOfTheComponentThatDoNothingHere() {
        Map<String, Object> unused = Map.of(
                "allowOriginHeader", "true",
                "defaultHost", "localhost",
                "defaultPort", "80",
                "originHeaderUrl", "http://a",
                "router", Router.router(fixture.vertx),
                "useGlobalSslContextParameters", "true",
                "vertxOptions", new VertxOptions());
        unused.forEach((name, value) -> assertThatThrownBy(() -> PropertyBindingSupport.build()
                        .withTarget(fixture.component)
                        .withProperty(name, value)
                        .withCamelContext(fixture.camel)
                        .bind())
                .hasStackTraceContaining(
                        "'" + name + "' is no option of the component websocket; allowed: listener, openAllowed"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "websocket:three; by which path and from whom; path: /v1/three, kind: caller (or viewer)",
                "websocket:three?path=/three; from whom; kind: caller (or viewer)",
                "websocket:three?kind=caller; by which path; path: /v1/three",
            })
    void refusesToTakeInSocketsThatTheRouteDoesNotDeclare(String uri, String lacking, String lines) {
        assertThatThrownBy(() -> fixture.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri).stop();
                    }
                }))
                .rootCause()
                .hasMessage("websocket:three takes sockets in and does not say " + lacking
                        + "; to add to the parameters of its from: " + lines);
    }

    @Test
    void refusesToBeOpenWhereOtherMachinesCanConnect() {
        fixture.component.setOpenAllowed(false);

        assertThatThrownBy(() -> fixture.routes(echoes()))
                .rootCause()
                .hasMessageContaining(
                        "handshake of websocket:one is 'none' although other machines can connect; allowed: ");
    }

    @Test
    void sendsToTheSocketsOfItsNameWithoutDeclaringThem() {
        assertThatCode(() -> fixture.camel.getEndpoint("websocket:three").createProducer())
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAnOptionOutOfItsRange() {
        assertThatThrownBy(() -> fixture.camel.getEndpoint("websocket:one?maxMessageBytes=0"))
                .rootCause()
                .hasMessageContaining("maxMessageBytes is 0; allowed: 1 to 16777216");
        assertThatThrownBy(() -> fixture.camel.getEndpoint("websocket:one?maxMessageBytes=1000000"))
                .rootCause()
                .hasMessageContaining("the listener allows at most 262144");
        assertThatThrownBy(() -> fixture.camel.getEndpoint("websocket:one?peerTimeout=-1"))
                .rootCause()
                .hasMessageContaining("peerTimeout is PT-0.001S; allowed: zero or more");
        assertThatThrownBy(() -> fixture.camel.getEndpoint("websocket:x?path=/a/*"))
                .rootCause()
                .hasMessageContaining("path is '/a/*'; allowed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            peerTimeout=60s                   | pingInterval is PT0S and peerTimeout is PT1M; allowed: pings
            peerTimeout=60s&pingInterval=31s  | pingInterval is PT31S and peerTimeout is PT1M; allowed: pings
            tcpUserTimeout=30s                | pingInterval is PT0S and tcpUserTimeout is PT30S; allowed: pings
            """)
    void refusesATimeOutWithoutPingsInTime(String options, String reason) {
        assertThatThrownBy(() -> fixture.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(Fixture.open("late") + "&" + options).stop();
                    }
                }))
                .rootCause()
                .hasMessageContaining(reason);
    }

    @Test
    void takesItsOptionsFromTheRoute() {
        WebsocketEndpoint endpoint = fixture.camel.getEndpoint(
                "websocket:one?path=/one&kind=viewer&handshake=direct:who&maxMessageBytes=5000&maxFrameBytes=4000&writeQueueBytes=9000&idleTimeout=15s&pingInterval=5s"
                        + "&peerTimeout=45s&tcpUserTimeout=20s&maxFailuresInARow=7"
                        + "&dispatch=worker&workerThreads=2",
                WebsocketEndpoint.class);

        WebsocketEndpointOptions options = endpoint.getOptions();
        assertThat(options.getPath()).isEqualTo("/one");
        assertThat(options.getMaxMessageBytes()).isEqualTo(5000);
        assertThat(options.getMaxFrameBytes()).isEqualTo(4000);
        assertThat(options.getWriteQueueBytes()).isEqualTo(9000);
        assertThat(options.getIdleTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(options.getPingInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.getPeerTimeout()).isEqualTo(Duration.ofSeconds(45));
        assertThat(options.getTcpUserTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(options.getMaxFailuresInARow()).isEqualTo(7);
        assertThat(options.getDispatch()).isEqualTo(Dispatch.WORKER);
        assertThat(options.getWorkerThreads()).isEqualTo(2);
        assertThat(options.getKind()).isEqualTo(PeerKind.VIEWER);
        assertThat(options.handshakeRoute()).isEqualTo("direct:who");
    }

    @Test
    void servesPlainHttpWithoutAnyRoute() throws Exception {
        fixture.listener
                .router()
                .get("/health")
                .handler(routing -> routing.response().end("fine"));

        assertThat(status("/health")).isEqualTo(200);
    }

    @Test
    void saysWhichAddressIsTaken() throws Exception {
        int taken = fixture.port();
        Vertx otherVertx = Vertx.vertx();
        try {
            PublicListener second = new PublicListener(otherVertx, PublicListenerOptions.on("127.0.0.1", taken));
            assertThatThrownBy(second::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken);
        } finally {
            otherVertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void canBeStoppedAndStartedAgain() throws Exception {
        fixture.routes(echoes());
        fixture.listener.stop();
        assertThatThrownBy(fixture.listener::actualPort).hasMessageContaining("is not running");

        fixture.listener.start();

        Peer peer = fixture.connect("/one");
        peer.send("hello");
        await().until(() -> peer.received.contains("hello"));
    }

    @Test
    void validatesTheListenersOptions() {
        assertThatThrownBy(() -> PublicListenerOptions.on("127.0.0.1", 70000))
                .hasMessage("port is 70000; allowed: 0 to 65535");
        assertThatThrownBy(() -> PublicListenerOptions.on(" ", 0)).hasMessageContaining("host is blank");
        assertThatThrownBy(() -> PublicListenerOptions.on("::1", 0).withHandshakeTimeout(Duration.ZERO))
                .hasMessageContaining("handshakeTimeout is PT0S; allowed: 1 ms or more");
    }

    private RouteBuilder echoes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                for (String name : new String[] {"one", "two"}) {
                    from(Fixture.open(name))
                            .routeId(name)
                            .process(exchange -> seen.add(name + " "
                                    + exchange.getMessage().getHeader(SocketHeaders.EVENT) + " "
                                    + exchange.getMessage().getHeader(SocketHeaders.CLOSE_CODE)))
                            .filter(header(SocketHeaders.EVENT).isEqualTo(SocketEvent.MESSAGE))
                            .to("websocket:" + name);
                }
            }
        };
    }

    private int status(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + fixture.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
