package io.rtaa.call;

import org.jspecify.annotations.Nullable;

/**
 * Says that a worker still has a stream of which it published nothing for a while: the call is on hold, not lost. It is
 * no transcript event; browsers and teams' routes never see it.
 *
 * @param stream which call
 * @param timestampMillis when the worker said so, epoch milliseconds
 * @param origin where the stream's audio comes from, by which a bus fences a worker that has lost it; null where its
 *     bus has no such thing, and where the keep-alive was read from a bus
 */
public record KeepAlive(
        StreamId stream, long timestampMillis, @Nullable AudioOrigin origin) {}
