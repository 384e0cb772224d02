package io.rtaa.testsupport.cluster;

import java.nio.file.Path;
import java.util.Map;

/** A broker in a process of its own that rtaa reaches over a {@link Wire}. What it was given outlives its restart. */
public abstract class Broker extends ServerProcess {

    private final int port = Ports.free();
    private final Wire wire = new Wire(port);

    protected Broker(String name, Path directory) {
        super(name, directory);
    }

    /** The settings with which rtaa uses it as its bus, at a port. */
    protected abstract Map<String, String> settings(int at);

    /** The settings with which rtaa uses it as its bus, over the wire. */
    public final Map<String, String> settings() {
        return settings(wire.port());
    }

    /** The settings without the wire, which takes processor time of this process for every byte. */
    public final Map<String, String> directSettings() {
        return settings(port);
    }

    /** Where it listens itself, without the wire. */
    public final int port() {
        return port;
    }

    /** The line that rtaa's connections take. */
    public final Wire wire() {
        return wire;
    }

    @Override
    protected boolean isUp() {
        return listens(port);
    }

    @Override
    public final void close() {
        wire.close();
        super.close();
    }
}
