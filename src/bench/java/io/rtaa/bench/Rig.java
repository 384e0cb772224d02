package io.rtaa.bench;

import io.rtaa.bench.load.GeneratorProcess;
import io.rtaa.bench.load.Histograms;
import io.rtaa.bench.load.ReaderProcess;
import io.rtaa.bench.load.RecogniserProcess;
import io.rtaa.bench.load.Script;
import io.rtaa.bench.load.WordCount;
import io.rtaa.bench.machine.LoadProcess;
import io.rtaa.bench.machine.MachineUse;
import io.rtaa.bench.machine.ProcessUse;
import io.rtaa.testsupport.cluster.Ports;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Everything that runs for one size of frame: callers, recogniser stand-in, dashboard readers, and the systems that are
 * measured, one at a time. Measures a turn from the outside.
 *
 * <p>Thread-safety: one thread.
 */
final class Rig implements AutoCloseable {

    /** From the order to place calls to the first call's first frame: connecting included. */
    private static final Duration LEAD = Duration.ofMillis(2500);

    /** So long the last words may take after the last call. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(20);

    /**
     * A JVM gives memory back to the operating system on a thread of its own, some time after its garbage was
     * collected.
     */
    private static final Duration GIVING_BACK = Duration.ofSeconds(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Script script;
    private final Path directory;
    private final int recogniserPort = Ports.free();
    private final LoadProcess generator;
    private final LoadProcess recogniser;
    private final LoadProcess reader;
    private final List<BenchSystem> systems = new ArrayList<>();
    private int nextCall = 1;
    private int rtaaStarts;

    /** Starts the load's processes; their logs, and the systems' files, go to the directory. */
    Rig(Path directory, Script script) throws IOException {
        this.directory = directory;
        this.script = script;
        Files.createDirectories(directory);
        String frame = Integer.toString(script.frameMillis());
        generator = new LoadProcess("generator", directory, GeneratorProcess.class, frame);
        recogniser = new LoadProcess(
                "recogniser", directory, RecogniserProcess.class, frame, Integer.toString(recogniserPort));
        reader = new LoadProcess("reader", directory, ReaderProcess.class);
    }

    Script script() {
        return script;
    }

    /** Starts the bare relay that belongs beside a bus. */
    BenchSystem startRelay(MeasuredBus bus) throws Exception {
        return watched(BenchSystem.relay(bus, directory, recogniserPort));
    }

    /** Stops a system for good, its broker too. */
    void stop(BenchSystem system) {
        systems.remove(system);
        system.close();
    }

    /** Starts rtaa on a bus; not while another one is there. */
    BenchSystem startRtaa(MeasuredBus bus, Path jar) throws Exception {
        rtaaStarts++;
        Path own = directory.resolve(rtaaStarts == 1 ? "rtaa" : "rtaa-" + rtaaStarts);
        return watched(BenchSystem.rtaa("rtaa", bus, own, jar, recogniserPort, Map.of()));
    }

    /** Starts an rtaa that differs by a variable, to be measured beside another one. */
    BenchSystem startBeside(MeasuredBus bus, Path jar, Map<String, String> variable) throws Exception {
        Path own = directory.resolve("beside");
        return watched(BenchSystem.rtaa("beside", bus, own, jar, recogniserPort, variable));
    }

    private BenchSystem watched(BenchSystem system) {
        systems.add(system);
        reader.order("watch", of(system).put("address", system.dashboards().toString()));
        return system;
    }

    /** Puts a load on a system while every other one stands still or idles, and measures. */
    Turn turn(BenchSystem system, Load load) throws InterruptedException {
        others(system).forEach(BenchSystem::standStill);
        try {
            Calls calls = place(system, load);
            Measured measured = measure(system, calls.fromNanos(), calls.toNanos());
            Ended ended = awaitEnd(system);
            JsonObject latency = reader.order("latency", of(system));
            return new Turn(
                    system.name(),
                    load,
                    perCallSecond(measured.cpuMillis(system.pids()), load),
                    perCallSecond(measured.cpuMillis(loadPids()), load),
                    Histograms.read(latency.getString("added")),
                    Histograms.read(latency.getString("waits")),
                    lateness(),
                    ended.verdict(),
                    Math.round(measured.allocatedBytesASecond() / load.framesASecond()),
                    ended.faults(),
                    measured.foreignPercent(allPids(system)),
                    measured.stolenPercent());
        } finally {
            others(system).forEach(BenchSystem::goOn);
        }
    }

    /**
     * What a call takes, measured by taking load away and putting it on again: what the first load left behind does not
     * count.
     */
    MemoryUse memory(BenchSystem system, Load load) throws InterruptedException {
        turn(system, load);
        TimeUnit.NANOSECONDS.sleep(LAST_WORDS.toNanos() / 4);
        long heapBefore = system.jvm().liveHeapBytes();
        TimeUnit.NANOSECONDS.sleep(GIVING_BACK.toNanos());
        long residentBefore = ProcessUse.residentKib(system.doorPid());
        Calls calls = place(system, load);
        sleepUntil(Math.max(
                calls.fromNanos(), calls.toNanos() - GIVING_BACK.multipliedBy(2).toNanos()));
        long heapWith = system.jvm().liveHeapBytes();
        TimeUnit.NANOSECONDS.sleep(GIVING_BACK.toNanos());
        long residentWith = ProcessUse.residentKib(system.doorPid());
        awaitEnd(system);
        return new MemoryUse(load.calls(), residentBefore, residentWith, heapBefore, heapWith);
    }

    /** Settles when calls start and what is measured; returns at once. */
    private Calls place(BenchSystem system, Load load) {
        long start = System.nanoTime() + LEAD.toNanos();
        long from = start + load.measuredAfter().toNanos();
        long to = from + load.measured().toNanos();
        JsonObject window = of(system).put("fromNanos", from).put("toNanos", to);
        generator.order("measure", window);
        reader.order("measure", window);
        generator.order(
                "place",
                new JsonObject()
                        .put("door", system.callers().toString())
                        .put("first", nextCall)
                        .put("calls", load.calls())
                        .put("startNanos", start)
                        .put("rampNanos", load.ramp().toNanos())
                        .put("frames", load.frames()));
        nextCall += load.calls();
        return new Calls(from, to);
    }

    private record Calls(long fromNanos, long toNanos) {}

    /** Places calls that come and go for a time; returns at once. */
    void placeTraffic(BenchSystem system, int calls, Duration time, long seed) {
        JsonObject placed = generator.order(
                "traffic",
                new JsonObject()
                        .put("door", system.callers().toString())
                        .put("first", nextCall)
                        .put("calls", calls)
                        .put("startNanos", System.nanoTime() + LEAD.toNanos())
                        .put("nanos", time.toNanos())
                        .put("seed", seed));
        nextCall += placed.getInteger("calls");
    }

    /** Measures latency and lateness from now on for a time, and waits for it to pass. */
    Interval interval(BenchSystem system, Duration time) throws InterruptedException {
        long from = System.nanoTime();
        long to = from + time.toNanos();
        JsonObject window = of(system).put("fromNanos", from).put("toNanos", to);
        generator.order("measure", window);
        reader.order("measure", window);
        sleepUntil(to);
        Histogram added = Histograms.read(reader.order("latency", of(system)).getString("added"));
        return new Interval(added, lateness(), ProcessUse.residentKib(system.doorPid()));
    }

    /**
     * A part of a soak.
     *
     * @param added added latency, microseconds
     * @param lateness of the generator, microseconds
     * @param residentKib resident memory at its end
     */
    record Interval(Histogram added, Histogram lateness, long residentKib) {}

    private Histogram lateness() {
        return Histograms.read(generator.order("lateness", new JsonObject()).getString("lateness"));
    }

    private Measured measure(BenchSystem system, long fromNanos, long toNanos) throws InterruptedException {
        sleepUntil(fromNanos - Duration.ofMillis(500).toNanos());
        long allocatedBefore = system.jvm().allocatedBytes();
        long allocatedFrom = System.nanoTime();
        sleepUntil(fromNanos);
        Map<Long, Long> cpuBefore = cpuOf(allPids(system).values());
        MachineUse machineBefore = MachineUse.now();
        long from = System.nanoTime();
        sleepUntil(toNanos);
        Map<Long, Long> cpu = cpuOf(allPids(system).values());
        MachineUse machine = MachineUse.now().since(machineBefore);
        long nanos = System.nanoTime() - from;
        long allocated = system.jvm().allocatedBytes() - allocatedBefore;
        long allocatedNanos = System.nanoTime() - allocatedFrom;
        cpu.replaceAll((pid, millis) -> millis - cpuBefore.getOrDefault(pid, 0L));
        return new Measured(cpu, machine, nanos / 1e6, allocated * 1e9 / allocatedNanos);
    }

    private static Map<Long, Long> cpuOf(Iterable<Long> pids) {
        Map<Long, Long> millis = new LinkedHashMap<>();
        pids.forEach(pid -> millis.put(pid, ProcessUse.cpuMillis(pid)));
        return millis;
    }

    private record Measured(
            Map<Long, Long> cpuMillis, MachineUse machine, double millis, double allocatedBytesASecond) {

        private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

        Map<String, Double> cpuMillis(Map<String, Long> pids) {
            Map<String, Double> byName = new LinkedHashMap<>();
            pids.forEach((name, pid) -> byName.put(name, (double) cpuMillis.getOrDefault(pid, 0L)));
            return byName;
        }

        double foreignPercent(Map<String, Long> own) {
            double ownMillis = cpuMillis(own).values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            return percent(Math.max(0, machine.processMillis() - ownMillis));
        }

        double stolenPercent() {
            return percent((double) machine.stolenMillis());
        }

        private double percent(double cpuMillis) {
            return 100 * cpuMillis / (millis * PROCESSORS);
        }
    }

    /** How a load ended. */
    record Ended(WordCount verdict, List<String> faults) {}

    /** Waits for all calls to end and for their last words. */
    Ended awaitEnd(BenchSystem system) throws InterruptedException {
        JsonObject finals = new JsonObject();
        List<String> faults = new ArrayList<>();
        for (Object outcome : generator.order("await", new JsonObject()).getJsonArray("calls")) {
            JsonObject call = (JsonObject) outcome;
            int number = call.getInteger("call");
            finals.put(Integer.toString(number), script.finalsIn(number, call.getLong("frames")));
            if (call.getString("fault") != null) {
                faults.add("call " + number + ": " + call.getString("fault"));
            }
        }
        long giveUp = System.nanoTime() + LAST_WORDS.toNanos();
        JsonObject verified = reader.order("verify", of(system).put("finals", finals));
        while (verdict(verified).missing() > 0 && System.nanoTime() < giveUp) {
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
            verified = reader.order("verify", of(system).put("finals", finals));
        }
        if (verified.getString("trouble") != null) {
            faults.add(verified.getString("trouble"));
        }
        return new Ended(verdict(verified), faults);
    }

    private static WordCount verdict(JsonObject verified) {
        return new WordCount(
                verified.getLong("words"),
                verified.getLong("missing"),
                verified.getLong("doubled"),
                verified.getLong("extra"),
                verified.getLong("outOfOrder"));
    }

    private static Map<String, Double> perCallSecond(Map<String, Double> millis, Load load) {
        Map<String, Double> cost = new LinkedHashMap<>(millis);
        cost.replaceAll((name, value) -> value / load.callSeconds());
        return cost;
    }

    private Map<String, Long> loadPids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        for (LoadProcess process : List.of(generator, recogniser, reader)) {
            pids.put(process.name(), process.pid());
        }
        return pids;
    }

    /** All processes that take part in a turn. */
    private Map<String, Long> allPids(BenchSystem system) {
        Map<String, Long> pids = loadPids();
        pids.putAll(system.pids());
        return pids;
    }

    private List<BenchSystem> others(BenchSystem system) {
        return systems.stream().filter(other -> other != system).toList();
    }

    private static JsonObject of(BenchSystem system) {
        return new JsonObject().put("system", system.name());
    }

    private static void sleepUntil(long nanoTime) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
    }

    @Override
    public void close() {
        List<AutoCloseable> parts = new ArrayList<>(systems);
        parts.addAll(List.of(generator, recogniser, reader));
        Closing.all(parts);
    }
}
