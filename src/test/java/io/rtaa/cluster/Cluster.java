package io.rtaa.cluster;

import io.rtaa.testsupport.cluster.Broker;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.cluster.ServerProcess;
import io.rtaa.testsupport.cluster.Wire;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A broker, and four processes that share it: one takes calls, two recognise, one shows. The broker is reached over a wire
 * that can be cut.
 */
final class Cluster implements AutoCloseable {

    private final Broker broker;
    private final RtaaProcess ingest;
    private final RtaaProcess worker;
    private final RtaaProcess otherWorker;
    private final RtaaProcess dashboard;

    private Cluster(Bus bus, Path directory, URI deepgram) {
        broker = bus.newBroker(directory.resolve("broker"));
        Map<String, String> settings = new HashMap<>(broker.settings());
        settings.put("DEEPGRAM_API_KEY", "key");
        settings.put("DEEPGRAM_URL", deepgram.toString());
        ingest = new RtaaProcess("ingest", directory, "ingest", settings);
        worker = new RtaaProcess("worker-1", directory, "asr", settings);
        otherWorker = new RtaaProcess("worker-2", directory, "asr", settings);
        dashboard = new RtaaProcess("dashboard", directory, "dashboard", settings);
    }

    /**
     * Starts all of it and waits until everything is up. One cluster after another: several that start at once share
     * the cores, and the last of their processes is not up in time.
     */
    static synchronized Cluster start(Bus bus, Path directory, URI deepgram) {
        Cluster cluster = new Cluster(bus, directory, deepgram);
        try {
            cluster.broker.start();
            cluster.services().forEach(ServerProcess::launch);
            cluster.services().forEach(ServerProcess::awaitUp);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    Broker broker() {
        return broker;
    }

    /** The line that every process has to the broker. */
    Wire wire() {
        return broker.wire();
    }

    RtaaProcess ingest() {
        return ingest;
    }

    /** The one of the two workers that is harmed first, or alone. */
    RtaaProcess worker() {
        return worker;
    }

    RtaaProcess otherWorker() {
        return otherWorker;
    }

    RtaaProcess dashboard() {
        return dashboard;
    }

    private List<RtaaProcess> services() {
        return List.of(ingest, worker, otherWorker, dashboard);
    }

    @Override
    public void close() {
        services().forEach(ServerProcess::close);
        broker.close();
    }
}
