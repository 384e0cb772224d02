package io.rtaa.edge.websocket;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the sockets of one endpoint on one event loop, all at once and at a fixed interval: one timer for any number
 * of sockets. The timer runs while there are sockets.
 *
 * <p>A look counts at most {@link #MOST_INTERVALS} intervals as passed. So a standstill of the process, in a long
 * collection of garbage or stopped from outside, does not count as silence of the peers: what they sent meanwhile is
 * still to be read.
 *
 * <p>Thread-safety: the event loop's own.
 */
final class SocketSweep {

    /** The longest time between two looks: how exact the times of an endpoint are that are longer. */
    static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

    /** The shortest time between two looks. */
    static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

    /** An endpoint's shortest time is looked at so many times while it passes. */
    private static final int LOOKS_PER_TIME = 4;

    /** A look that comes later than this many intervals tells of a standstill. */
    private static final int MOST_INTERVALS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SocketSweep.class);

    private final EventLoop loop;
    private final long intervalNanos;
    private final Set<WebsocketConnection> sockets = new LinkedHashSet<>();
    private @Nullable ScheduledFuture<?> timer;
    private long lookedNanos;

    /**
     * @param loop the event loop of the sockets
     * @param shortest the shortest of the times that are to be kept, above zero
     */
    SocketSweep(EventLoop loop, Duration shortest) {
        this.loop = loop;
        this.intervalNanos = Math.max(
                SHORTEST_INTERVAL.toNanos(), Math.min(LONGEST_INTERVAL.toNanos(), shortest.toNanos() / LOOKS_PER_TIME));
    }

    void add(WebsocketConnection socket) {
        sockets.add(socket);
        if (timer == null) {
            lookedNanos = System.nanoTime();
            timer = loop.scheduleWithFixedDelay(this::look, intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Does nothing for a socket that is not there. */
    void remove(WebsocketConnection socket) {
        if (sockets.remove(socket) && sockets.isEmpty() && timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void look() {
        long now = System.nanoTime();
        long passedNanos = Math.min(now - lookedNanos, MOST_INTERVALS * intervalNanos);
        lookedNanos = now;
        // A copy, as a socket that is closed leaves.
        for (WebsocketConnection socket : List.copyOf(sockets)) {
            try {
                socket.look(now, passedNanos);
            } catch (Throwable e) {
                // The timer would stop with it, for all sockets of the loop.
                remove(socket);
                LOG.atError()
                        .addKeyValue("request_id", socket.requestId())
                        .setCause(e)
                        .log("A socket could not be looked at, and is not watched any more");
            }
        }
    }
}
