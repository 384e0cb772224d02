package io.rtaa.edge.websocket;

import io.rtaa.call.PeerKind;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of what a viewer proved itself with. A minute before, the viewer gets {@code
 * {"type":"expiring","expires_at_ms":…}}, so that it can open a new socket; at the end the socket is closed with
 * {@value #CLOSE_CODE}. One that has less than a minute gets the message at once. A caller's call is worth more than
 * its token: its socket stays.
 *
 * <p>Thread-safety: the event loop of the socket.
 */
final class ViewerExpiry {

    /** The close code of sockets that have expired, of the range for applications (RFC 6455, 7.4.2). */
    static final int CLOSE_CODE = 4401;

    /** How long before the end a viewer is told. */
    static final Duration NOTICE = Duration.ofMinutes(1);

    /** The clock is looked at again at least this often: it may be set, or stand still with the machine. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final WebsocketConnection connection;
    private final Context context;
    private final Instant expiresAt;
    private boolean announced;
    private boolean ended;
    private @Nullable Long timer;

    private ViewerExpiry(WebsocketConnection connection, Context context, Instant expiresAt) {
        this.connection = connection;
        this.context = context;
        this.expiresAt = expiresAt;
    }

    /**
     * The expiry of a connection; null for one that has none.
     *
     * @param context of the event loop of the socket
     * @param expiresAt null where nothing expires
     */
    static @Nullable ViewerExpiry of(
            WebsocketConnection connection, Context context, PeerKind kind, @Nullable Instant expiresAt) {
        return kind == PeerKind.VIEWER && expiresAt != null ? new ViewerExpiry(connection, context, expiresAt) : null;
    }

    /** The socket is open. */
    void begin() {
        if (!ended) {
            look();
        }
    }

    private void look() {
        timer = null;
        Duration left = Duration.between(Instant.now(), expiresAt);
        if (left.isNegative() || left.isZero()) {
            connection.expired();
            return;
        }
        if (!announced && left.compareTo(NOTICE) <= 0) {
            announced = true;
            connection.announceExpiry("{\"type\":\"expiring\",\"expires_at_ms\":" + expiresAt.toEpochMilli() + "}");
        }
        Duration wait = announced ? left : left.minus(NOTICE);
        long millis = wait.compareTo(LONGEST_WAIT) < 0 ? wait.toMillis() : LONGEST_WAIT.toMillis();
        // A timer may come a moment early.
        timer = context.owner().setTimer(millis + 1, now -> look());
    }

    /** The socket is gone. */
    void end() {
        ended = true;
        if (timer != null) {
            context.owner().cancelTimer(timer);
        }
    }
}
