package io.rtaa.bench.machine;

import io.rtaa.testsupport.JavaCommand;
import io.rtaa.testsupport.cluster.Ports;
import io.rtaa.testsupport.cluster.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** One Kafka node, broker and controller at once, from the jars of this class path, on Kafka's own defaults. */
public final class KafkaServer extends ServerProcess {

    private static final JavaCommand JVM = JavaCommand.with("-Xmx1g");

    private final int port = Ports.free();
    private final int controllerPort = Ports.free();

    public KafkaServer(Path directory) {
        super("kafka", directory);
    }

    public int port() {
        return port;
    }

    @Override
    protected List<String> command() throws IOException {
        Path properties = directory().resolve("server.properties");
        Files.writeString(properties, properties());
        format(properties);
        return JVM.main(Kafka.class, properties.toString());
    }

    @Override
    protected boolean isUp() {
        return listens(port);
    }

    private String properties() {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=CLIENTS://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=CLIENTS://127.0.0.1:%1$d
                listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=CLIENTS
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                """.formatted(port, controllerPort, directory().resolve("data"));
    }

    private void format(Path properties) throws IOException {
        Process tool = new ProcessBuilder(JVM.main(
                        StorageTool.class,
                        "format",
                        "--cluster-id",
                        Uuid.randomUuid().toString(),
                        "--config",
                        properties.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        try {
            if (tool.waitFor() != 0) {
                throw new IOException("Kafka's storage is not formatted, see " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Kafka's storage was formatted", e);
        }
    }
}
