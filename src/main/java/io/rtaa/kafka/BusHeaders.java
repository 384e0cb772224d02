package io.rtaa.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The record headers of the bus; each holds a number of 8 bytes, big-endian. Any other header is left alone. */
final class BusHeaders {

    /** On an event: under which claim it was made. Absent where the audio of its stream came over no Kafka. */
    static final String EPOCH = "rtaa-epoch";

    /** On a partial: the {@code seq} of the last event of its stream that was published before it and is no partial. */
    static final String AFTER = "rtaa-after";

    /** Makes a record of partials a keep-alive; holds the time it was made, epoch milliseconds. */
    static final String KEEP_ALIVE = "rtaa-keep-alive";

    /** Makes a record a claim; its offset is the epoch of whoever wrote it. The value says nothing. */
    static final String CLAIM = "rtaa-claim";

    /** Makes a record a take-over under the epoch that it holds. */
    static final String TAKE_OVER = "rtaa-take-over";

    /** What {@link #number} answers where there is no such header. */
    static final long NONE = -1;

    private BusHeaders() {}

    static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** The number in a header; {@link #NONE} where it is missing or holds something else. */
    static long number(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null || header.value().length != Long.BYTES
                ? NONE
                : ByteBuffer.wrap(header.value()).getLong();
    }
}
