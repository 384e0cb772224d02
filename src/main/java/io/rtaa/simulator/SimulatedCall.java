package io.rtaa.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.rtaa.call.UrlAuthority;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call: waits for its place in the ramp, connects, and sends connected, start, media and stop as Exotel's live traffic
 * has them (numbers as strings). Where the socket is full the frames wait in the recording, not in memory, and go out late.
 *
 * <p>Thread-safety: {@link #hangUp()} and {@link #end()} from any thread; all else on the call's event loop.
 */
final class SimulatedCall {
    private static final int SID_LENGTH = 32;
    private static final short NORMAL_CLOSURE = 1000;
    private static final int ABNORMAL_CLOSURE = 1006;
    private static final int MAX_REASON_LENGTH = 300;
    private static final double GOLDEN_RATIO = 0.618033988749895;

    /**
     * Vert.x makes a URI of host and path, and never sends a handshake where that URI has no host, as with an
     * underscore. One with a host is taken as it is; only its path is sent.
     */
    private static final String ANY_HOST = "http://localhost";

    private final Vertx vertx;
    private final WebSocketClient client;
    private final CallPlan plan;
    private final int index;
    private final String streamSid = sid();
    private final String callSid = sid();
    private final Lateness lateness = new Lateness();
    private final Promise<CallReport> end = Promise.promise();
    private volatile @Nullable Context context;
    private volatile boolean hungUp;
    private @Nullable WebSocket socket;
    private long firstDeadlineNanos;
    private long framesSent;
    private long bytesSent;
    private long messagesReceived;
    private boolean stopped;
    private boolean waitingForRoom;

    SimulatedCall(Vertx vertx, WebSocketClient client, CallPlan plan, int index) {
        this.vertx = vertx;
        this.client = client;
        this.plan = plan;
        this.index = index;
    }

    Future<CallReport> end() {
        return end.future();
    }

    /** Begins on the event loop this is called on. */
    void schedule() {
        context = vertx.getOrCreateContext();
        long waitMillis = plan.ramp().toMillis() * index / plan.calls();
        after(waitMillis, this::connect);
    }

    String streamSid() {
        return streamSid;
    }

    void hangUp() {
        hungUp = true;
        Context loop = context;
        if (loop != null) {
            loop.runOnContext(ignored -> {
                if (socket != null) {
                    stop(socket);
                } else {
                    finish(null, null, "hung up before it was connected");
                }
            });
        }
    }

    private void connect() {
        if (hungUp) {
            finish(null, null, "hung up before it was connected");
            return;
        }
        client.connect(options()).onSuccess(this::connected).onFailure(this::notConnected);
    }

    private WebSocketConnectOptions options() {
        URI url = plan.url();
        UrlAuthority authority = plan.authority();
        boolean tls = isSecure();
        StringBuilder uri =
                new StringBuilder(url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath());
        String query = url.getRawQuery();
        char separator = '?';
        if (query != null) {
            uri.append('?').append(query);
            separator = '&';
        }
        int rate = plan.recording().sampleRate();
        if (rate != 8000 && (query == null || !query.matches("(^|.*&)sample[-_]rate=.*"))) {
            uri.append(separator).append("sample-rate=").append(rate);
            separator = '&';
        }
        String token = plan.token();
        if (token != null) {
            uri.append(separator).append("token=").append(URLEncoder.encode(token, StandardCharsets.UTF_8));
        }
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(authority.host().replaceAll("^\\[|]$", ""))
                .setPort(authority.port() >= 0 ? authority.port() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(url.getHost() == null ? ANY_HOST + uri : uri.toString())
                .setAllowOriginHeader(false)
                .setTimeout(plan.connectTimeout().toMillis());
        options.addHeader("Host", authority.toString());
        options.addHeader("User-Agent", "Go-http-client/1.1");
        String basic = plan.basic() != null ? plan.basic() : authority.userInfo();
        if (basic != null) {
            String encoded = Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8));
            options.addHeader("Authorization", "Basic " + encoded);
        }
        return options;
    }

    private boolean isSecure() {
        return "wss".equals(plan.url().getScheme());
    }

    private void notConnected(Throwable failure) {
        if (failure instanceof UpgradeRejectedException refusal) {
            String body = refusal.getBody() == null ? "" : refusal.getBody().toString(StandardCharsets.UTF_8);
            String reason = body.substring(0, Math.min(body.length(), MAX_REASON_LENGTH))
                    .strip();
            finish(
                    null,
                    refusal.getStatus(),
                    "refused with " + refusal.getStatus() + (reason.isEmpty() ? "" : ": " + reason));
        } else {
            String tls = TlsFailure.reason(failure);
            String hint = failure instanceof WebSocketHandshakeException && !isSecure()
                    ? "; where the server speaks TLS, wss:// may be meant"
                    : "";
            finish(null, null, "not connected: " + (tls == null ? failure.getMessage() + hint : tls));
        }
    }

    private void connected(WebSocket opened) {
        socket = opened;
        opened.textMessageHandler(text -> messagesReceived++);
        opened.binaryMessageHandler(bytes -> messagesReceived++);
        // What goes wrong on a connection ends it, and the close handler reports that.
        opened.exceptionHandler(failure -> opened.close());
        opened.closeHandler(ignored -> closed(opened));
        opened.writeTextMessage("{\"event\":\"connected\"}");
        opened.writeTextMessage(startMessage());
        if (hungUp) {
            stop(opened);
            return;
        }
        // Calls that begin together have their frames spread over the length of a frame.
        double phase = index * GOLDEN_RATIO % 1;
        firstDeadlineNanos = System.nanoTime() + (long) ((1 + phase) * frameNanos());
        schedule(opened);
    }

    private void schedule(WebSocket opened) {
        long waitNanos = firstDeadlineNanos + framesSent * frameNanos() - System.nanoTime();
        after(TimeUnit.NANOSECONDS.toMillis(waitNanos + 999_999), () -> sendDue(opened));
    }

    /** Sends every frame whose time has come: a frame held up goes out at once, and the next one when it is due. */
    private void sendDue(WebSocket opened) {
        while (!stopped && !opened.isClosed()) {
            if (framesSent * plan.frameBytes() >= plan.totalBytes()) {
                stop(opened);
                return;
            }
            long deadline = firstDeadlineNanos + framesSent * frameNanos();
            long now = System.nanoTime();
            if (now < deadline) {
                schedule(opened);
                return;
            }
            if (opened.writeQueueFull()) {
                waitForRoom(opened);
                return;
            }
            byte[] audio = plan.frame(framesSent);
            framesSent++;
            bytesSent += audio.length;
            lateness.record(now - deadline);
            opened.writeTextMessage(mediaMessage(audio));
        }
    }

    private void waitForRoom(WebSocket opened) {
        if (!waitingForRoom) {
            waitingForRoom = true;
            opened.drainHandler(ignored -> {
                waitingForRoom = false;
                sendDue(opened);
            });
        }
    }

    private void stop(WebSocket opened) {
        if (!stopped && !opened.isClosed()) {
            stopped = true;
            opened.writeTextMessage(stopMessage());
            opened.close(NORMAL_CLOSURE);
        }
    }

    private void closed(WebSocket opened) {
        Short code = opened.closeStatusCode();
        int closeCode = code == null ? ABNORMAL_CLOSURE : code;
        String reason = opened.closeReason();
        finish(
                closeCode,
                null,
                stopped
                        ? null
                        : "the server ended the call with " + closeCode
                                + (reason == null || reason.isEmpty() ? "" : ": " + reason));
    }

    private void finish(@Nullable Integer closeCode, @Nullable Integer refusalStatus, @Nullable String failure) {
        end.tryComplete(new CallReport(
                streamSid,
                callSid,
                socket != null,
                stopped,
                framesSent,
                bytesSent,
                messagesReceived,
                closeCode,
                refusalStatus,
                failure,
                lateness));
    }

    private void after(long millis, Runnable step) {
        if (millis <= 0) {
            step.run();
        } else {
            vertx.setTimer(millis, ignored -> step.run());
        }
    }

    private long frameNanos() {
        return TimeUnit.MILLISECONDS.toNanos(plan.frameMillis());
    }

    private String startMessage() {
        int rate = plan.recording().sampleRate();
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("event", "start").put("stream_sid", streamSid).put("sequence_number", "1");
        message.putObject("start")
                .put("stream_sid", streamSid)
                .put("call_sid", callSid)
                .put("account_sid", "simulator")
                .put("from", String.format(Locale.ROOT, "0999%07d", index))
                .put("to", "04446972319")
                .putObject("media_format")
                .put("encoding", "base64")
                .put("sample_rate", String.valueOf(rate))
                .put("bit_rate", rate * 16 / 1000 + "kbps");
        return message.toString();
    }

    private String mediaMessage(byte[] audio) {
        // Written by hand: fifty a second for each call, and nothing in it needs escaping.
        return "{\"event\":\"media\",\"sequence_number\":\"" + (framesSent + 1) + "\",\"stream_sid\":\"" + streamSid
                + "\",\"media\":{\"chunk\":\"" + framesSent + "\",\"timestamp\":\"" + framesSent * plan.frameMillis()
                + "\",\"payload\":\"" + Base64.getEncoder().encodeToString(audio) + "\"}}";
    }

    private String stopMessage() {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("event", "stop")
                .put("sequence_number", String.valueOf(framesSent + 2))
                .put("stream_sid", streamSid);
        message.putObject("stop")
                .put("call_sid", callSid)
                .put("account_sid", "simulator")
                .put("reason", "callended");
        return message.toString();
    }

    /** An opaque id, as long as Exotel's. */
    private static String sid() {
        StringBuilder sid = new StringBuilder(SID_LENGTH);
        ThreadLocalRandom.current()
                .ints(SID_LENGTH, 0, Character.MAX_RADIX)
                .forEach(digit -> sid.append(Character.forDigit(digit, Character.MAX_RADIX)));
        return sid.toString();
    }
}
