package io.rtaa.bench.machine;

import io.rtaa.testsupport.JavaCommand;
import io.rtaa.testsupport.cluster.Ports;
import io.rtaa.testsupport.cluster.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A bare relay, on the JVM's own defaults like rtaa. */
public final class RelayServer extends ServerProcess {

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

    /** The port of its doors, on the loopback address. */
    public int port() {
        return port;
    }

    @Override
    protected List<String> command() {
        String[] arguments = IntStream.concat(IntStream.of(port), IntStream.of(ports))
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
        return JavaCommand.withDefaults().main(main, arguments);
    }

    @Override
    protected boolean isUp() {
        return listens(port);
    }
}
