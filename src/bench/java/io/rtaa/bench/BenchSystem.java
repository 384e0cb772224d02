package io.rtaa.bench;

import io.rtaa.bench.machine.Jvm;
import io.rtaa.bench.machine.MeasuredRtaa;
import io.rtaa.bench.machine.RelayServer;
import io.rtaa.bench.relay.BareRelay;
import io.rtaa.bench.relay.RedisRelay;
import io.rtaa.testsupport.JavaCommand;
import io.rtaa.testsupport.cluster.Broker;
import io.rtaa.testsupport.cluster.KafkaProcess;
import io.rtaa.testsupport.cluster.RedisProcess;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.cluster.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One side of a comparison: a process with doors, and the broker behind it.
 *
 * <p>Thread-safety: used by the driver's one thread.
 */
final class BenchSystem implements AutoCloseable {

    private final ServerProcess process;
    private final int port;
    private final @Nullable Broker broker;
    private final boolean mayStandStill;
    private final Jvm jvm;

    private BenchSystem(ServerProcess process, int port, @Nullable Broker broker, boolean mayStandStill)
            throws Exception {
        this.process = process;
        this.port = port;
        this.broker = broker;
        this.mayStandStill = mayStandStill;
        process.start();
        this.jvm = Jvm.of(process.pid());
    }

    /** The bare relay that belongs beside a bus; up when this returns. */
    static BenchSystem relay(MeasuredBus bus, Path directory, int recogniserPort) throws Exception {
        Path own = directory.resolve("relay");
        if (bus != MeasuredBus.REDIS) {
            RelayServer relay = new RelayServer(own, BareRelay.class, recogniserPort);
            return new BenchSystem(relay, relay.port(), null, true);
        }
        Broker redis = RedisProcess.thatForgets(own);
        redis.start();
        RelayServer relay = new RelayServer(own, RedisRelay.class, recogniserPort, redis.port());
        return new BenchSystem(relay, relay.port(), redis, true);
    }

    /**
     * rtaa on a bus; up when this returns. Where it holds a place with a broker it must not stand still: it would lose
     * the place and measure its recovery.
     *
     * @param name tells it from others of the same run
     * @param own where its files and its broker's go
     * @param variables further ones, by name
     */
    static BenchSystem rtaa(
            String name, MeasuredBus bus, Path own, Path jar, int recogniserPort, Map<String, String> variables)
            throws Exception {
        Broker broker = switch (bus) {
            case MEMORY -> null;
            case REDIS -> RedisProcess.thatForgets(own);
            case KAFKA -> KafkaProcess.forLoad(own);
        };
        Map<String, String> settings = new HashMap<>(variables);
        settings.put("PUBSUB_ADAPTER", bus.settingName());
        if (broker != null) {
            broker.start();
            settings.putAll(broker.directSettings());
        }
        RtaaProcess rtaa = MeasuredRtaa.of(name, own, JavaCommand.withDefaults().jar(jar), recogniserPort, settings);
        return new BenchSystem(rtaa, rtaa.port(), broker, broker == null);
    }

    String name() {
        return process.name();
    }

    URI callers() {
        return URI.create("ws://127.0.0.1:" + port + "/v1/exotel");
    }

    URI dashboards() {
        return URI.create("ws://127.0.0.1:" + port + "/v1/transcripts");
    }

    /** The process that is not a broker. */
    long doorPid() {
        return process.pid();
    }

    /** Its processes by name. */
    Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put(process.name(), process.pid());
        if (broker != null) {
            pids.put(broker.name(), broker.pid());
        }
        return pids;
    }

    Jvm jvm() {
        return jvm;
    }

    /** Takes it off the processors while another is measured, where it bears that. */
    void standStill() {
        if (mayStandStill) {
            process.suspend();
        }
    }

    void goOn() {
        if (mayStandStill) {
            process.resume();
        }
    }

    @Override
    public void close() {
        goOn();
        List<AutoCloseable> parts = new ArrayList<>(List.of(jvm, process));
        if (broker != null) {
            parts.add(broker);
        }
        Closing.all(parts);
    }
}
