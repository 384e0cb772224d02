package io.rtaa.bench;

import io.rtaa.bench.machine.Door;
import io.rtaa.bench.machine.Jvm;
import io.rtaa.bench.machine.KafkaServer;
import io.rtaa.bench.machine.RedisServer;
import io.rtaa.bench.machine.RelayServer;
import io.rtaa.bench.machine.RtaaServer;
import io.rtaa.bench.relay.BareRelay;
import io.rtaa.bench.relay.RedisRelay;
import io.rtaa.testsupport.cluster.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private final String name;
    private final Door door;
    private final @Nullable ServerProcess broker;
    private final boolean mayStandStill;
    private final Jvm jvm;

    private BenchSystem(String name, Door door, @Nullable ServerProcess broker, boolean mayStandStill)
            throws Exception {
        this.name = name;
        this.door = door;
        this.broker = broker;
        this.mayStandStill = mayStandStill;
        door.start();
        this.jvm = Jvm.of(door.pid());
    }

    /** The bare relay that belongs beside a bus; up when this returns. */
    static BenchSystem relay(Bus bus, Path directory, int recogniserPort) throws Exception {
        Path own = directory.resolve("relay");
        if (bus != Bus.REDIS) {
            return new BenchSystem("relay", new RelayServer(own, BareRelay.class, recogniserPort), null, true);
        }
        RedisServer redis = new RedisServer("relay-redis", own);
        redis.start();
        return new BenchSystem(
                "relay", new RelayServer(own, RedisRelay.class, recogniserPort, redis.port()), redis, true);
    }

    /**
     * rtaa on a bus; up when this returns. Where it holds a place with a broker it must not stand still: it would lose the place
     * and measure its recovery.
     */
    static BenchSystem rtaa(Bus bus, Path directory, Path jar, int recogniserPort) throws Exception {
        Path own = directory.resolve("rtaa");
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("PUBSUB_ADAPTER", bus.settingName());
        ServerProcess broker = switch (bus) {
            case MEMORY -> null;
            case REDIS -> {
                RedisServer redis = new RedisServer("rtaa-redis", own);
                settings.put("REDIS_URL", "redis://127.0.0.1:" + redis.port());
                yield redis;
            }
            case KAFKA -> {
                KafkaServer kafka = new KafkaServer(own);
                settings.put("KAFKA_BROKERS", "127.0.0.1:" + kafka.port());
                yield kafka;
            }
        };
        if (broker != null) {
            broker.start();
        }
        return new BenchSystem("rtaa", new RtaaServer(own, jar, recogniserPort, settings), broker, broker == null);
    }

    String name() {
        return name;
    }

    URI callers() {
        return URI.create("ws://127.0.0.1:" + door.port() + "/v1/exotel");
    }

    URI dashboards() {
        return URI.create("ws://127.0.0.1:" + door.port() + "/v1/transcripts");
    }

    /** The process that is not a broker. */
    long doorPid() {
        return door.pid();
    }

    /** Its processes by name. */
    Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put(name, door.pid());
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
            door.suspend();
        }
    }

    void goOn() {
        if (mayStandStill) {
            door.resume();
        }
    }

    @Override
    public void close() {
        goOn();
        List<AutoCloseable> parts = new ArrayList<>(List.of(jvm, door));
        if (broker != null) {
            parts.add(broker);
        }
        Closing.all(parts);
    }
}
