package io.rtaa.kafka;

import io.rtaa.call.StreamId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** Where a stream's records go: the partition that Kafka's own producers would choose for the key. */
final class StreamPartition {

    private StreamPartition() {}

    /** The key of a stream's records: tenant and interaction. */
    static byte[] key(StreamId stream) {
        return stream.toString().getBytes(StandardCharsets.UTF_8);
    }

    static int of(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
