package io.rtaa.testsupport.deepgram;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.impl.WebSocketInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection of the stand-in.
 *
 * <p>Thread-safety: lives on the server's event loop; the public methods may be called from any thread.
 */
public final class StandInConnection {

    /** The most the service takes, as a factor of real time. */
    static final double MAX_PACE = 1.25;

    /** Audio that may come early, as windows are sent whole. */
    private static final long PACE_SLACK_MILLIS = 500;

    /** It looks so many times within the idle timeout whether the client is idle. */
    private static final int LOOKS_AT_IDLENESS = 500;

    private static final Set<String> CONTROL_TYPES = Set.of("KeepAlive", "Finalize", "CloseStream");

    private final Vertx vertx;
    private final Context context;
    private final ServerWebSocket socket;
    private final Transcriber transcriber;
    private final int sampleRate;
    private final LongSupplier nanoTime;
    private final Duration idleTimeout;
    private final Consumer<String> breaches;
    private final List<Fault> faults;
    private final List<String> controlMessages = new CopyOnWriteArrayList<>();
    private final long acceptedNanos;
    private final long timerId;

    private long lastFrameNanos;
    private final AtomicLong audioBytes = new AtomicLong();
    private volatile long lastAudioNanos;
    private boolean paceBroken;
    private boolean frozen;
    private boolean streamClosed;
    private volatile @Nullable Short closeCode;
    private volatile boolean closed;

    /** @param acceptedNanos when the handshake was about to be answered, by the clock */
    StandInConnection(
            Vertx vertx,
            ServerWebSocket socket,
            Transcriber transcriber,
            int sampleRate,
            LongSupplier nanoTime,
            Duration idleTimeout,
            long acceptedNanos,
            List<Fault> faults,
            Consumer<String> breaches) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.socket = socket;
        this.transcriber = transcriber;
        this.sampleRate = sampleRate;
        this.nanoTime = nanoTime;
        this.idleTimeout = idleTimeout;
        this.faults = new ArrayList<>(faults);
        this.breaches = breaches;
        this.acceptedNanos = acceptedNanos;
        this.lastFrameNanos = acceptedNanos;
        socket.frameHandler(this::onFrame);
        socket.exceptionHandler(e -> {});
        this.timerId =
                vertx.setPeriodic(Math.max(1, idleTimeout.toMillis() / LOOKS_AT_IDLENESS), id -> closeWhenIdle());
        socket.closeHandler(v -> onClosed());
        applyFaults();
    }

    /** The text messages received, in order. */
    public List<String> controlMessages() {
        return List.copyOf(controlMessages);
    }

    /** How much audio was received. */
    public long audioMillis() {
        return audioBytes.get() / 2 * 1000 / sampleRate;
    }

    /** Whether audio came within the last so much time. */
    public boolean hearsWithin(Duration last) {
        return !closed && audioBytes.get() > 0 && nanoTime.getAsLong() - lastAudioNanos < last.toNanos();
    }

    /** Whether the connection is over, whoever ended it. */
    public boolean isClosed() {
        return closed;
    }

    /** The code the client closed with; null where it did not, or not yet. */
    public @Nullable Short closeCode() {
        return closeCode;
    }

    /** Does something wrong from now on; called from any thread. */
    void hit(Fault fault) {
        context.runOnContext(ignored -> {
            faults.add(fault);
            applyFaults();
        });
    }

    private void onFrame(WebSocketFrame frame) {
        if (frame.isText()) {
            lastFrameNanos = audioBytes.get() == 0 ? lastFrameNanos : nanoTime.getAsLong();
            onText(frame.textData());
        } else if (frame.isBinary() || frame.isContinuation()) {
            lastFrameNanos = nanoTime.getAsLong();
            onAudio(frame.binaryData());
        }
    }

    private void onAudio(Buffer data) {
        if (data.length() == 0) {
            breaches.accept("an empty binary frame");
            return;
        }
        if (looksLikeControl(data)) {
            breaches.accept("a control message sent as binary: " + data.toString(StandardCharsets.UTF_8));
            return;
        }
        if (data.length() % 2 != 0) {
            breaches.accept("a frame of " + data.length() + " bytes cuts a sample");
            return;
        }
        if (streamClosed) {
            breaches.accept("audio after CloseStream");
        }
        audioBytes.addAndGet(data.length());
        lastAudioNanos = nanoTime.getAsLong();
        checkPace();
        say(transcriber.hear(data.getBytes()));
        applyFaults();
    }

    private static boolean looksLikeControl(Buffer data) {
        return data.getByte(0) == '{'
                && data.getByte(data.length() - 1) == '}'
                && data.toString(StandardCharsets.UTF_8).contains("\"type\"");
    }

    private void checkPace() {
        double elapsedMillis = (nanoTime.getAsLong() - acceptedNanos) / 1e6;
        if (!paceBroken && audioMillis() > elapsedMillis * MAX_PACE + PACE_SLACK_MILLIS) {
            paceBroken = true;
            breaches.accept("audio too fast: " + audioMillis() + " ms within " + Math.round(elapsedMillis) + " ms");
        }
    }

    private void onText(String text) {
        controlMessages.add(text);
        String type = typeOf(text);
        if (type == null || !CONTROL_TYPES.contains(type)) {
            breaches.accept("no control message: " + text);
        } else if (streamClosed) {
            breaches.accept(type + " after CloseStream");
        } else if (type.equals("Finalize")) {
            say(transcriber.flush(true));
        } else if (type.equals("CloseStream")) {
            streamClosed = true;
            if (faults.stream().noneMatch(Fault.IgnoreCloseStream.class::isInstance)) {
                say(transcriber.flush(false));
                say(List.of(transcriber.metadata()));
                close(1000, null);
            }
        }
    }

    private static @Nullable String typeOf(String text) {
        try {
            return new JsonObject(text).getString("type");
        } catch (DecodeException | ClassCastException e) {
            return null;
        }
    }

    private void closeWhenIdle() {
        if (!frozen && !streamClosed && nanoTime.getAsLong() - lastFrameNanos >= idleTimeout.toNanos()) {
            hit(Fault.net0001(Duration.ZERO));
        }
    }

    private void applyFaults() {
        for (Fault fault : List.copyOf(faults)) {
            Duration afterAudio = afterAudio(fault);
            if (afterAudio != null && audioMillis() >= afterAudio.toMillis() && faults.remove(fault)) {
                apply(fault);
            }
        }
    }

    private static @Nullable Duration afterAudio(Fault fault) {
        if (fault instanceof Fault.Close close) {
            return close.afterAudio();
        } else if (fault instanceof Fault.Drop drop) {
            return drop.afterAudio();
        } else if (fault instanceof Fault.Freeze freeze) {
            return freeze.afterAudio();
        } else if (fault instanceof Fault.StopReading stop) {
            return stop.afterAudio();
        } else if (fault instanceof Fault.Say say) {
            return say.afterAudio();
        }
        return null;
    }

    private void apply(Fault fault) {
        if (fault instanceof Fault.Close close) {
            if (close.metadataFirst()) {
                say(List.of(transcriber.metadata()));
            }
            close(close.code(), close.payload());
        } else if (fault instanceof Fault.Drop) {
            // Lingering for no time sends a reset; past the pipeline, no handler says good-bye.
            channel().config().setOption(ChannelOption.SO_LINGER, 0);
            channel().unsafe().close(channel().voidPromise());
        } else if (fault instanceof Fault.Freeze) {
            frozen = true;
        } else if (fault instanceof Fault.StopReading) {
            frozen = true;
            channel().config().setAutoRead(false);
        } else if (fault instanceof Fault.Say say && !socket.isClosed()) {
            socket.writeTextMessage(say.text());
        }
    }

    private Channel channel() {
        return ((WebSocketInternal) socket).channelHandlerContext().channel();
    }

    private void say(List<JsonObject> messages) {
        for (JsonObject message : messages) {
            if (!frozen && !socket.isClosed()) {
                socket.writeTextMessage(message.encode());
            }
        }
    }

    private void close(int code, @Nullable String payload) {
        if (!frozen && !socket.isClosed()) {
            socket.close((short) code, payload);
        }
    }

    private void onClosed() {
        vertx.cancelTimer(timerId);
        closeCode = socket.closeStatusCode();
        closed = true;
    }
}
