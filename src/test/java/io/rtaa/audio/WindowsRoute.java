package io.rtaa.audio;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.CallInfo;
import io.rtaa.call.Leg;
import io.rtaa.call.LegEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.call.StreamId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;

/** The product's windows route between a test that feeds it and a recording bus. */
public final class WindowsRoute implements AutoCloseable {

    private final CamelContext context = new DefaultCamelContext();
    private final MessageOrder order;
    private final List<AudioMessage> published = Collections.synchronizedList(new ArrayList<>());
    private final ProducerTemplate producer;

    WindowsRoute(int minMillis, int maxMillis) throws Exception {
        this(minMillis, maxMillis, new MessageOrder(), exchange -> {});
    }

    /** @param bus runs before a message is recorded; what it throws the bus throws */
    WindowsRoute(int minMillis, int maxMillis, MessageOrder order, Processor bus) throws Exception {
        this.order = order;
        Properties properties = new Properties();
        properties.setProperty("rtaa.windows.min-ms", Integer.toString(minMillis));
        properties.setProperty("rtaa.windows.max-ms", Integer.toString(maxMillis));
        properties.setProperty("rtaa.bus.audio", "direct:bus");
        properties.setProperty("rtaa.bus.retry-ms", "1");
        properties.setProperty("rtaa.bus.retry-max-ms", "10");
        context.getPropertiesComponent().setInitialProperties(properties);
        context.getRegistry().bind("messageOrder", order);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:bus")
                        .errorHandler(noErrorHandler())
                        .process(bus)
                        .process(exchange -> published.add(exchange.getMessage().getBody(AudioMessage.class)));
            }
        });
        var resources = PluginHelper.getResourceLoader(context);
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(
                        resources.resolveResource("classpath:routes/shared/policies.camel.yaml"),
                        resources.resolveResource("classpath:routes/ingest/windows.camel.yaml"));
        context.start();
        producer = context.createProducerTemplate();
    }

    static Leg leg(String id, int sampleRate) {
        return new Leg(new CallInfo(new StreamId("tenant", id), null, null, null, null, sampleRate, 0));
    }

    /** Feeds a body as it comes from the connection of that name. */
    void feed(String connection, Object body) {
        producer.sendBodyAndHeader("direct:windows", body, SocketHeaders.CONNECTION_KEY, connection);
    }

    void feed(LegEvent event) {
        feed(event.leg().toString(), event);
    }

    List<AudioMessage> published() {
        synchronized (published) {
            return List.copyOf(published);
        }
    }

    MessageOrder order() {
        return order;
    }

    CamelContext context() {
        return context;
    }

    @Override
    public void close() {
        context.stop();
    }
}
