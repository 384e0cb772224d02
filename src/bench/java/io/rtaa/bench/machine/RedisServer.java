package io.rtaa.bench.machine;

import io.rtaa.testsupport.cluster.Ports;
import io.rtaa.testsupport.cluster.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** A Redis that keeps nothing on disk: a disk would be measured with it. */
public final class RedisServer extends ServerProcess {

    private final int port = Ports.free();

    public RedisServer(String name, Path directory) {
        super(name, directory);
    }

    public int port() {
        return port;
    }

    @Override
    protected List<String> command() throws IOException {
        return List.of(
                ExecutableProvider.newJarResourceProvider().get().getAbsolutePath(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--dir",
                directory().toString(),
                "--save",
                "",
                "--appendonly",
                "no");
    }

    @Override
    protected boolean isUp() {
        return listens(port);
    }
}
