/** The component {@code redis-streams:}, the bus on Redis Streams: partitions, leases on them, and what is not final kept. */
@NullMarked
package io.rtaa.redis;

import org.jspecify.annotations.NullMarked;
