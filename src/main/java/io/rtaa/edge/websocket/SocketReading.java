package io.rtaa.edge.websocket;

import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one socket is read now. It is not while the route is busy with a message, and rests for a while where more comes
 * than {@link ReadingPace} allows. What a peer sent before it left is handed out without such rests.
 *
 * <p>Thread-safety: none; it belongs to the socket's event loop.
 */
final class SocketReading {

    private static final Logger LOG = LoggerFactory.getLogger(SocketReading.class);

    /** How many frames of a peer that has left are handed out before other sockets of the event loop have their turn. */
    private static final int FRAMES_PER_TURN = 500;

    /** The shortest rest of a socket that is read too fast, so that a flood costs ten timers a second. */
    private static final long SHORTEST_REST_MILLIS = 100;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final String requestId;
    private final ServerWebSocket socket;
    private final Context context;
    private final ReadingPace pace;
    private final WebsocketMeters meters;
    private final PeerWatch watch;
    private final Runnable afterRest;
    private boolean paused;
    private boolean resting;
    private @Nullable Long restTimer;
    /** Nothing more comes than what was read already. */
    private boolean gone;
    /** No more messages are wanted: a close began here. */
    private boolean closing;

    private int framesOfTurn;
    private boolean paceLogged;

    /** @param afterRest called after each rest, which has to resume the reading if the route is not busy */
    SocketReading(
            String requestId,
            ServerWebSocket socket,
            Context context,
            ReadingPace pace,
            WebsocketMeters meters,
            PeerWatch watch,
            Runnable afterRest) {
        this.requestId = requestId;
        this.socket = socket;
        this.context = context;
        this.pace = pace;
        this.meters = meters;
        this.watch = watch;
        this.afterRest = afterRest;
    }

    /** A frame of so many bytes came. */
    void frame(int bytes) {
        framesOfTurn++;
        pace.frame(bytes);
    }

    /** Whether messages still go to the route: until a close begins here. */
    boolean wantsMessages() {
        return !closing;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isResting() {
        return resting;
    }

    /** The route is busy with a message. */
    void pause() {
        paused = true;
        watch.heldBack();
        if (!closing) {
            socket.pause();
        }
    }

    /** The route is done. */
    void resume() {
        if (paused) {
            paused = false;
            socket.resume();
        }
    }

    /** Rests where more came than the endpoint allows. */
    void restIfUsedUp() {
        if (resting || closing) {
            return;
        }
        if (gone) {
            restForATurn();
            return;
        }
        if (!pace.isUsedUp()) {
            return;
        }
        long restMillis = pace.restNanos() / NANOS_PER_MILLI;
        if (restMillis == 0) {
            return;
        }
        ReadingPace.Limit limit = pace.tightest();
        meters.slowed(limit).increment();
        if (!paceLogged) {
            paceLogged = true;
            LOG.atInfo()
                    .addKeyValue("request_id", requestId)
                    .log("Reading a socket more slowly than its peer sends: too much of {}", limit);
        }
        resting = true;
        pause();
        restTimer = context.owner().setTimer(Math.max(SHORTEST_REST_MILLIS, restMillis), rested -> endRest());
    }

    /** A peer that has left is not slowed down any more: that would only keep its place from others. */
    private void restForATurn() {
        if (framesOfTurn < FRAMES_PER_TURN) {
            return;
        }
        framesOfTurn = 0;
        resting = true;
        pause();
        context.runOnContext(rested -> endRest());
    }

    private void endRest() {
        cancelRest();
        afterRest.run();
    }

    private void cancelRest() {
        resting = false;
        if (restTimer != null) {
            context.owner().cancelTimer(restTimer);
            restTimer = null;
        }
    }

    /**
     * The peer has left: what was read of it is handed out without further rests.
     *
     * @return whether that ended a rest, after which the caller has to resume the reading if the route is not busy
     */
    boolean peerIsGone() {
        gone = true;
        framesOfTurn = 0;
        boolean rested = resting;
        cancelRest();
        return rested;
    }

    /** A close began here: the peer's answer to it is to be read, whatever the route is doing. */
    void closing() {
        closing = true;
        cancelRest();
        socket.resume();
    }
}
