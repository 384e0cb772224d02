package io.rtaa.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.tracing.CallTracing;
import io.rtaa.wire.TranscriptJson;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Predicate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.stub.StubComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard's YAML routes as they are, with a stub in place of the sockets. */
class DashboardRoutesTest {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Events call = Events.of("t", "a", System.currentTimeMillis());
    private MockEndpoint browsers;

    @BeforeEach
    void start() throws Exception {
        Properties settings = new Properties();
        settings.setProperty("rtaa.bus.dashboard", "direct:transcripts");
        camel.getPropertiesComponent().setInitialProperties(settings);
        Clock clock = Clock.systemUTC();
        TranscriptFanOut fanOut = new TranscriptFanOut(
                new CallBook(clock, CallBook.Limits.DEFAULT, Duration.ZERO), clock, CallTracing.OFF);
        camel.getRegistry().bind("transcriptFanOut", fanOut);
        camel.getRegistry().bind("snapshotsPending", (Predicate) exchange -> fanOut.isAnybodyBehind());
        camel.addComponent("websocket", new StubComponent());
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(PluginHelper.getResourceLoader(camel)
                        .resolveResource("classpath:routes/dashboard/transcripts.camel.yaml"));
        AdviceWith.adviceWith(
                camel,
                "dashboard-fan-out",
                route -> route.weaveById("fan-out-to-browsers").replace().to("mock:browsers"));
        AdviceWith.adviceWith(camel, "dashboard-subscriptions", route -> route.replaceFromWith("direct:sockets"));
        camel.start();
        browsers = camel.getEndpoint("mock:browsers", MockEndpoint.class);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void socket(SocketEvent event, Role role, String query) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(SocketHeaders.EVENT, event);
        headers.put(SocketHeaders.CONNECTION_KEY, "k");
        headers.put(SocketHeaders.PRINCIPAL, new Principal("somebody", role, "t"));
        headers.put(SocketHeaders.QUERY, query);
        camel.createFluentProducerTemplate()
                .to("direct:sockets")
                .withHeaders(headers)
                .send();
    }

    private void publish(Object event) {
        camel.createFluentProducerTemplate()
                .to("direct:transcripts")
                .withBody(event)
                .send();
    }

    @Test
    void aBrowserGetsThePastAsOneListAndThenEachEventAsItComes() throws Exception {
        browsers.expectedMessageCount(2);

        publish(call.started(1));
        publish(call.said(2, "Hello."));
        socket(SocketEvent.OPEN, Role.VIEWER, null);
        publish(call.said(3, "Live."));

        browsers.assertIsSatisfied();
        assertThat(browsers.getExchanges().get(0).getMessage().getBody())
                .isEqualTo(
                        List.of(TranscriptJson.write(call.started(1)), TranscriptJson.write(call.said(2, "Hello."))));
        assertThat(browsers.getExchanges().get(1).getMessage().getBody())
                .isEqualTo(TranscriptJson.write(call.said(3, "Live.")));
        assertThat(browsers.getExchanges().get(1).getMessage().getHeader(SocketHeaders.CONNECTION_KEYS))
                .isEqualTo(List.of("k"));
    }

    @Test
    void aBadQueryAndACallersTokenAreClosedWith1008AndAReason() throws Exception {
        browsers.expectedMessageCount(2);
        browsers.expectedHeaderReceived(SocketHeaders.CLOSE_CODE, 1008);

        socket(SocketEvent.OPEN, Role.VIEWER, "interaction_id=a&interaction_id=b");
        socket(SocketEvent.OPEN, Role.CALLER, null);
        socket(SocketEvent.MESSAGE, Role.VIEWER, null);
        socket(SocketEvent.CLOSE, Role.VIEWER, null);

        browsers.assertIsSatisfied();
        assertThat(browsers.getExchanges())
                .extracting(exchange -> exchange.getMessage().getHeader(SocketHeaders.CLOSE_REASON, String.class))
                .allMatch(reason -> reason.contains("allowed"));
    }

    @Test
    void whatIsOnItsWayToTheBrowsersIsNotOvertaken() throws Exception {
        publish(call.started(1));
        socket(SocketEvent.OPEN, Role.VIEWER, null);
        List<String> sent = new CopyOnWriteArrayList<>();
        Thread overtaking = new Thread(() -> publish(call.said(3, "Second.")));
        browsers.whenAnyExchangeReceived(exchange -> {
            if (sent.isEmpty()) {
                overtaking.start();
                await().until(() -> overtaking.getState() == Thread.State.WAITING);
            }
            sent.add(exchange.getMessage().getBody(String.class));
        });

        publish(call.said(2, "First."));
        overtaking.join();

        assertThat(sent)
                .containsExactly(
                        TranscriptJson.write(call.said(2, "First.")), TranscriptJson.write(call.said(3, "Second.")));
    }
}
