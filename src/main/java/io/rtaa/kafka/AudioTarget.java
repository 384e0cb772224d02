package io.rtaa.kafka;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioReceipt;
import org.jspecify.annotations.Nullable;

/** Where a partition's audio goes: the route. Used by the polling thread. */
@FunctionalInterface
interface AudioTarget {

    /** @param receipt null for a message that stands in no log */
    void take(AudioMessage message, @Nullable AudioReceipt receipt);
}
