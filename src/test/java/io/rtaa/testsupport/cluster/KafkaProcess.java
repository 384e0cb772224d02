package io.rtaa.testsupport.cluster;

import io.rtaa.testsupport.JavaCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** One Kafka node, broker and controller at once, from the jars of this class path. */
public final class KafkaProcess extends Broker {

    /** Consumers of a test wait for no further members, and few partitions are quick to make. */
    private static final String QUICK = """
            offsets.topic.num.partitions=4
            group.initial.rebalance.delay.ms=500
            """;

    private final int controllerPort = Ports.free();
    private final JavaCommand jvm;
    private final int advertisedPort;
    private final String options;

    /** Small and quick to start. Clients connect to what a broker advertises, which is the wire. */
    public KafkaProcess(Path directory) {
        super("kafka", directory);
        jvm = JavaCommand.small(384);
        advertisedPort = wire().port();
        options = QUICK;
    }

    private KafkaProcess(Path directory, JavaCommand jvm) {
        super("kafka", directory);
        this.jvm = jvm;
        advertisedPort = port();
        options = "";
    }

    /** One on Kafka's own defaults that can carry a load; it is reached without the wire. */
    public static KafkaProcess forLoad(Path directory) {
        return new KafkaProcess(directory, JavaCommand.with("-Xmx1g"));
    }

    @Override
    protected Map<String, String> settings(int at) {
        return Map.of("PUBSUB_ADAPTER", "kafka", "KAFKA_BROKERS", "127.0.0.1:" + at);
    }

    @Override
    protected List<String> command() throws IOException {
        Path properties = directory().resolve("server.properties");
        if (!Files.exists(properties)) {
            Files.writeString(properties, properties());
            format(properties);
        }
        return jvm.main(Kafka.class, properties.toString());
    }

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
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                %5$s
                """.formatted(port(), controllerPort, advertisedPort, directory().resolve("data"), options);
    }

    /** As Kafka's own command does it, without a JVM of its own. */
    private void format(Path properties) throws IOException {
        try (PrintStream output = new PrintStream(
                Files.newOutputStream(log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true,
                StandardCharsets.UTF_8)) {
            int exit = StorageTool.execute(
                    new String[] {
                        "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", properties.toString()
                    },
                    output);
            if (exit != 0) {
                throw new IOException("Kafka's storage is not formatted, see " + log());
            }
        }
    }
}
