package io.rtaa.bench.load;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.impl.WebSocketInternal;
import org.jspecify.annotations.Nullable;

/**
 * One call under way: its frames are due on a fixed grid, whatever becomes of them.
 *
 * <p>Thread-safety: none; used on the generator's event loop.
 */
final class GeneratedCall {

    /** What a caller does when it hangs up; the socket is closed when it has taken that. */
    private static final short NORMAL_CLOSURE = 1000;

    private static final long CONNECT_TIMEOUT_MILLIS = 30_000;

    /**
     * How a call went.
     *
     * @param number the call's number
     * @param frames the frames it sent
     * @param fault what cut it short; null where nothing did
     */
    record Outcome(int number, long frames, @Nullable String fault) {}

    private final PlannedCall plan;
    private final Script script;
    private final MediaMessages messages;
    private final String streamSid;
    private final Promise<Outcome> outcome = Promise.promise();
    private @Nullable WebSocket socket;
    private long sent;
    private boolean hungUp;
    private @Nullable String fault;

    GeneratedCall(PlannedCall plan, Script script, MediaMessages messages, String streamSid) {
        this.plan = plan;
        this.script = script;
        this.messages = messages;
        this.streamSid = streamSid;
    }

    PlannedCall plan() {
        return plan;
    }

    /** Completes when the connection is gone. */
    Future<Outcome> outcome() {
        return outcome.future();
    }

    /** When the next frame, or the end after the last, is due. */
    long dueNanos() {
        return plan.firstDueNanos() + sent * script.frameNanos();
    }

    Future<WebSocket> connect(WebSocketClient client) {
        return client.connect(new WebSocketConnectOptions()
                        .setHost(plan.door().getHost())
                        .setPort(plan.door().getPort())
                        .setURI(plan.door().getPath())
                        .setTimeout(CONNECT_TIMEOUT_MILLIS)
                        .setAllowOriginHeader(false))
                .onSuccess(this::connected)
                .onFailure(cause -> end("not connected: " + cause.getMessage()));
    }

    private void connected(WebSocket opened) {
        socket = opened;
        opened.exceptionHandler(cause -> fault = cause.toString());
        opened.closeHandler(ignored -> end(
                hungUp ? null : "closed with " + opened.closeStatusCode() + " " + opened.closeReason() + ", " + fault));
        opened.writeTextMessage(MediaMessages.connected());
        opened.writeTextMessage(MediaMessages.start(streamSid));
    }

    /**
     * Sends the frame that is due, or hangs up after the last one. What the socket does not take now waits in it,
     * without a bound: the next frame is due all the same.
     *
     * @return false where nothing is due any more
     */
    boolean sendNext() {
        WebSocket open = socket;
        if (open == null || open.isClosed()) {
            return false;
        }
        if (sent == plan.frames()) {
            hangUp(open);
            return false;
        }
        Mark mark = script.completesFinal(plan.number(), sent)
                ? new Mark(plan.number(), script.finalsIn(plan.number(), sent), dueNanos())
                : null;
        open.writeTextMessage(messages.media(streamSid, sent, mark));
        sent++;
        return true;
    }

    private void hangUp(WebSocket open) {
        hungUp = true;
        if (plan.dropped()) {
            // Past the websocket's own close: the other side sees the line go, after all that was sent.
            Channel channel = ((WebSocketInternal) open).channelHandlerContext().channel();
            channel.unsafe().close(channel.voidPromise());
        } else {
            open.writeTextMessage(MediaMessages.stop(streamSid, sent));
            open.close(NORMAL_CLOSURE);
        }
    }

    private void end(@Nullable String cause) {
        outcome.tryComplete(new Outcome(plan.number(), sent, cause));
    }
}
