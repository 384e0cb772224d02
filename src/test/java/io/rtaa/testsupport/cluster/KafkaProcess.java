package io.rtaa.testsupport.cluster;

import io.rtaa.testsupport.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** One Kafka node, broker and controller at once, from the jars of the test classpath. */
public final class KafkaProcess extends Broker {

    private static final JavaCommand JVM = JavaCommand.small(384);

    private final int controllerPort = Ports.free();

    public KafkaProcess(Path directory) {
        super("kafka", directory);
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("PUBSUB_ADAPTER", "kafka", "KAFKA_BROKERS", "127.0.0.1:" + wire().port());
    }

    @Override
    protected List<String> command() throws IOException {
        Path properties = directory().resolve("server.properties");
        if (!Files.exists(properties)) {
            Files.writeString(properties, properties());
            format(properties);
        }
        return JVM.main(Kafka.class, properties.toString());
    }

    /** Clients connect to what is advertised, so that is the wire. */
    private String properties() {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=CLIENTS://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=CLIENTS://127.0.0.1:%3$d
                listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=CLIENTS
                controller.listener.names=CONTROLLER
                log.dirs=%4$s
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=500
                """.formatted(port(), controllerPort, wire().port(), directory().resolve("data"));
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
                throw new UncheckedIOException(new IOException("Kafka's storage is not formatted, see " + log()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
