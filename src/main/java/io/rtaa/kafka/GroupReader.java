package io.rtaa.kafka;

import java.util.Set;

/** What this process reads for a group. Any thread may ask. */
interface GroupReader {

    /** The partitions it reads. */
    Set<Integer> partitions();

    /** The age of the oldest record it has read and has to acknowledge, milliseconds; 0 where there is none. */
    long lagMillis();
}
