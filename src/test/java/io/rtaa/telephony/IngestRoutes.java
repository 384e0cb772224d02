package io.rtaa.telephony;

import io.rtaa.audio.MessageOrder;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CloseCause;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.tracing.CallTracing;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/** The product's ingest routes between a test that plays the sockets and a recording bus. */
final class IngestRoutes implements AutoCloseable {

    /** When streams start, by the clock of the test. */
    static final long LEG = 1_763_800_000_000L;

    static final Principal CALLER = new Principal("caller", Role.CALLER, "acme");
    static final String STOP = "{\"event\":\"stop\",\"stop\":{\"reason\":\"callended\"}}";

    private final CamelContext context = new DefaultCamelContext();
    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final List<AudioMessage> published = Collections.synchronizedList(new ArrayList<>());
    private final TestClock clock = new TestClock();
    private final LiveLegs liveLegs;
    private final ExotelProcessor exotelProcessor;
    private final PcmProcessor pcmProcessor;

    IngestRoutes() throws Exception {
        this(CallTracing.OFF);
    }

    IngestRoutes(CallTracing tracing) throws Exception {
        liveLegs = new LiveLegs(100, clock, tracing);
        exotelProcessor = new ExotelProcessor(liveLegs, clock);
        pcmProcessor = new PcmProcessor(liveLegs, clock);
        Properties properties = new Properties();
        properties.setProperty("rtaa.windows.min-ms", "100");
        properties.setProperty("rtaa.windows.max-ms", "200");
        properties.setProperty("rtaa.bus.audio", "direct:bus");
        // A look that nobody asked for would come in between; tests look by themselves.
        properties.setProperty("rtaa.ingest.look-for-silence-ms", "86400000");
        context.getPropertiesComponent().setInitialProperties(properties);
        context.addComponent("websocket", new Sockets());
        context.getRegistry().bind("exotelProcessor", exotelProcessor);
        context.getRegistry().bind("pcmProcessor", pcmProcessor);
        context.getRegistry().bind("idleStreams", new IdleStreams(List.of(exotelProcessor, pcmProcessor)));
        context.getRegistry().bind("hasLegEvents", new HasLegEvents());
        context.getRegistry().bind("writeReply", new WriteReply());
        context.getRegistry().bind("messageOrder", new MessageOrder());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:bus")
                        .process(exchange -> published.add(exchange.getMessage().getBody(AudioMessage.class)));
            }
        });
        var resources = PluginHelper.getResourceLoader(context);
        for (String file :
                List.of("shared/policies", "ingest/windows", "ingest/exotel", "ingest/pcm", "ingest/heartbeats")) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(resources.resolveResource("classpath:routes/" + file + ".camel.yaml"));
        }
        context.start();
    }

    /** The start of a stream over Exotel's protocol, with more fields, each after a comma. */
    static String start(String sid, String more) {
        return "{\"event\":\"start\",\"stream_sid\":\"" + sid
                + "\",\"start\":{\"call_sid\":\"C\",\"account_sid\":\"acme1\"" + more + "}}";
    }

    static String media(byte[] audio) {
        return "{\"event\":\"media\",\"media\":{\"payload\":\""
                + Base64.getEncoder().encodeToString(audio) + "\"}}";
    }

    /** The start of a plain caller's stream. */
    static String ingestStart(String id) {
        return "{\"event\":\"start\",\"interaction_id\":\"" + id
                + "\",\"tenant_id\":\"theirs\",\"sample_rate\":16000,\"encoding\":\"pcm16\"}";
    }

    LiveLegs liveLegs() {
        return liveLegs;
    }

    ExotelProcessor exotelProcessor() {
        return exotelProcessor;
    }

    PcmProcessor pcmProcessor() {
        return pcmProcessor;
    }

    TestClock clock() {
        return clock;
    }

    /** Looks for calls of which nothing came since the last look. */
    void lookForSilence() throws Exception {
        Exchange exchange = context.getRoute("heartbeats").getEndpoint().createExchange();
        context.getRoute("heartbeats").getProcessor().process(exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }

    /** What was sent to sockets: {@code key: text} or {@code key: code reason}. */
    List<String> written() {
        return List.copyOf(written);
    }

    /** What was published of a stream. */
    List<AudioMessage> published(String interactionId) {
        synchronized (published) {
            return published.stream()
                    .filter(message -> message.stream().interactionId().equals(interactionId))
                    .toList();
        }
    }

    byte[] audio(String interactionId) {
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        for (AudioMessage message : published(interactionId)) {
            if (message instanceof AudioWindow window) {
                audio.writeBytes(window.pcm());
            }
        }
        return audio.toByteArray();
    }

    Socket exotel(String key, @Nullable String query) throws Exception {
        return new Socket("exotel-in", key, query, Principal.ANYONE);
    }

    Socket exotelAs(Principal principal, String key) throws Exception {
        return new Socket("exotel-in", key, null, principal);
    }

    Socket pcm(String key, Principal principal) throws Exception {
        return new Socket("pcm-in", key, null, principal);
    }

    @Override
    public void close() {
        context.stop();
    }

    /** A socket as the websocket component delivers it. */
    final class Socket {
        private final String routeId;
        private final String key;
        private final @Nullable String query;
        private final Principal principal;
        private @Nullable CloseCause closeCause;

        Socket(String routeId, String key, @Nullable String query, Principal principal) throws Exception {
            this.routeId = routeId;
            this.key = key;
            this.query = query;
            this.principal = principal;
            deliver(SocketEvent.OPEN, null);
        }

        void send(Object... messages) throws Exception {
            for (Object message : messages) {
                deliver(SocketEvent.MESSAGE, message);
            }
        }

        void drop() throws Exception {
            deliver(SocketEvent.CLOSE, null);
        }

        void close(CloseCause cause) throws Exception {
            closeCause = cause;
            drop();
        }

        private void deliver(SocketEvent event, @Nullable Object body) throws Exception {
            Exchange exchange = context.getRoute(routeId).getEndpoint().createExchange();
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader(SocketHeaders.CONNECTION_KEY, key);
            exchange.getMessage().setHeader(SocketHeaders.EVENT, event);
            if (event == SocketEvent.OPEN) {
                exchange.getMessage().setHeader(SocketHeaders.HANDSHAKE_BEGAN, Instant.ofEpochMilli(LEG));
            }
            exchange.getMessage().setHeader(SocketHeaders.PRINCIPAL, principal);
            if (query != null) {
                exchange.getMessage().setHeader(SocketHeaders.QUERY, query);
            }
            if (event == SocketEvent.CLOSE) {
                exchange.getMessage().setHeader(SocketHeaders.CLOSE_CODE, 1006);
                exchange.getMessage().setHeader(SocketHeaders.CLOSE_CAUSE, closeCause);
            }
            context.getRoute(routeId).getProcessor().process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
        }
    }

    /** Stands in for the websocket component: its consumers are fed by hand, its producers are recorded. */
    private final class Sockets extends DefaultComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            parameters.clear();
            return new DefaultEndpoint(uri, this) {
                @Override
                public Producer createProducer() {
                    return new DefaultProducer(this) {
                        @Override
                        public void process(Exchange exchange) {
                            write(exchange);
                        }
                    };
                }

                @Override
                public Consumer createConsumer(Processor processor) {
                    return new DefaultConsumer(this, processor);
                }
            };
        }

        private void write(Exchange exchange) {
            String text = exchange.getMessage().getBody(String.class);
            Integer code = exchange.getMessage().getHeader(SocketHeaders.CLOSE_CODE, Integer.class);
            Object key = exchange.getMessage().getHeader(SocketHeaders.CONNECTION_KEY);
            if (text != null) {
                written.add(key + ": " + text);
            }
            if (code != null) {
                written.add(key + ": " + code + " " + exchange.getMessage().getHeader(SocketHeaders.CLOSE_REASON));
            }
        }
    }
}
