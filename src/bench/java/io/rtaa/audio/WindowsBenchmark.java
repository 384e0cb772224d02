package io.rtaa.audio;

import io.rtaa.bench.SingleStep;
import io.rtaa.call.Leg;
import io.rtaa.call.LegEvent;
import io.rtaa.call.SocketHeaders;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One frame through the product's windows routes, the aggregate of Camel's included, to a bus that takes every window.
 */
public class WindowsBenchmark extends SingleStep {

    @Param({"20", "100"})
    public int frameMillis;

    private final Leg leg = WindowsRoute.leg("bench", 8000);
    private WindowsRoute route;
    private Endpoint door;
    private AsyncProducer frames;
    private byte[] pcm;
    private long sample;

    /** A call under way; its windows go no further, so that none are kept. */
    @Setup
    public void start() throws Exception {
        route = new WindowsRoute(100, 200, new MessageOrder(), exchange -> exchange.setRouteStop(true));
        route.feed(leg.toString(), new LegEvent.Started(leg));
        door = route.context().getEndpoint("direct:windows");
        frames = door.createAsyncProducer();
        frames.start();
        pcm = new byte[16 * frameMillis];
    }

    @TearDown
    public void stop() {
        frames.stop();
        route.close();
    }

    /** A frame with an exchange and an array of its own, as a socket brings it. */
    @Benchmark
    public Exchange frame() throws Exception {
        Exchange exchange = door.createExchange();
        exchange.getMessage().setHeader(SocketHeaders.CONNECTION_KEY, "bench");
        exchange.getMessage().setBody(new LegEvent.Audio(leg, sample, pcm.clone()));
        sample += pcm.length / 2;
        frames.process(exchange);
        return exchange;
    }
}
