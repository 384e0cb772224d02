package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CallResume;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** What a worker says of calls of which it has nothing to publish. */
class QuietCallsTest extends SessionFixture {

    private static final Duration QUIET = Duration.ofSeconds(30);

    @Test
    void saysOfAQuietCallOnceInAWhileThatItIsThere() {
        RecogniserSession session = session();
        assertThat(session.keepAlive(QUIET)).isNull();

        nowNanos += QUIET.toNanos();
        assertThat(session.keepAlive(QUIET)).isEqualTo(new KeepAlive(STREAM, 1_763_800_000_000L, null));
        assertThat(session.keepAlive(QUIET)).isNull();

        nowNanos += QUIET.toNanos() - 1;
        speak(session, 10);
        recogniser.last().says(0, 1000, "hello");
        nowNanos += 1;
        assertThat(session.keepAlive(QUIET))
                .as("an event was published meanwhile")
                .isNull();
    }

    @Test
    void saysNothingOfACallThatIsOver() {
        RecogniserSession session = session();
        hangUp(session);
        nowNanos += QUIET.toNanos();

        assertThat(session.isOver()).isTrue();
        assertThat(session.keepAlive(QUIET)).isNull();
    }

    @Test
    void saysAtOnceOfACallThatWasTakenOver() {
        RecogniserSession session = unstarted(SessionOptions.DEFAULTS);
        session.resume(new CallResume(INFO, 0, 6, 0, false, 0, List.of(), List.of()), null);

        assertThat(session.keepAlive(QUIET)).isNotNull();
        assertThat(session.keepAlive(QUIET)).isNull();
    }

    private static DefaultCamelContext routes(String keepAliveSeconds, KeepAlive quiet, String bus) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        Properties settings = new Properties();
        settings.setProperty("rtaa.asr.keep-alive-seconds", keepAliveSeconds);
        settings.setProperty("rtaa.asr.look-for-quiet-ms", "1");
        settings.setProperty("rtaa.bus.transcripts", bus);
        PropertiesComponent properties = context.getPropertiesComponent();
        properties.setInitialProperties(settings);
        context.getRegistry().bind("quietCalls", new ExpressionAdapter() {
            @Override
            public Object evaluate(org.apache.camel.Exchange exchange) {
                return List.of(quiet);
            }
        });
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.resolveMandatoryResource(
                        context, "classpath:routes/asr/keep-alives.camel.yaml"));
        context.start();
        return context;
    }

    @Test
    void theRoutePublishesThemAndOnlyOnABusBetweenProcesses() throws Exception {
        KeepAlive quiet = new KeepAlive(new StreamId("t", "hold"), 1, null);
        try (DefaultCamelContext context = routes("30", quiet, "mock:bus")) {
            MockEndpoint bus = context.getEndpoint("mock:bus", MockEndpoint.class);
            bus.expectedMinimumMessageCount(2);
            bus.assertIsSatisfied();
            assertThat(bus.getExchanges().get(0).getMessage().getBody()).isEqualTo(quiet);
        }
        try (DefaultCamelContext context = routes("0", quiet, "mock:bus")) {
            assertThat(context.getRoute("asr-keep-alives")).isNull();
        }
    }
}
