package io.rtaa.kafka;

import io.rtaa.bus.SinkName;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link TranscriptEndpoint} that are the bus' own.
 *
 * @param sink under which name it is read; null where it has none
 * @param fromNow whether a consumer without a group gets nothing of the past
 * @param keepAlives whether its reader also gets the keep-alives of quiet calls
 */
record TranscriptOptions(@Nullable SinkName sink, boolean fromNow, boolean keepAlives) {}
