package io.rtaa.cluster;

import io.rtaa.testsupport.cluster.Broker;
import io.rtaa.testsupport.cluster.KafkaProcess;
import io.rtaa.testsupport.cluster.RedisProcess;
import java.nio.file.Path;

/** The buses that processes share. */
enum Bus {
    REDIS,
    KAFKA;

    Broker newBroker(Path directory) {
        return switch (this) {
            case REDIS -> new RedisProcess(directory);
            case KAFKA -> new KafkaProcess(directory);
        };
    }
}
