package io.rtaa.bench.machine;

import io.rtaa.testsupport.cluster.Ports;
import io.rtaa.testsupport.cluster.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A bare relay, on the JVM's own defaults like rtaa. */
public final class RelayServer extends ServerProcess implements Door {

    private final int port = Ports.free();
    private final Class<?> main;
    private final int[] ports;

    /**
     * @param main the relay's class, which takes its own port and then these as arguments
     * @param ports of what it connects to
     */
    public RelayServer(Path directory, Class<?> main, int... ports) {
        super("relay", directory);
        this.main = main;
        this.ports = ports;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    protected List<String> command() {
        List<String> command = new ArrayList<>(JavaCommand.of(main));
        command.add(Integer.toString(port));
        for (int target : ports) {
            command.add(Integer.toString(target));
        }
        return command;
    }

    @Override
    protected boolean isUp() {
        return listens(port);
    }
}
