package io.rtaa.edge.websocket;

import io.rtaa.call.PeerKind;
import io.rtaa.call.SocketEndListener;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.routes.HandshakeNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/**
 * The options of an endpoint, set in its route.
 *
 * <p>Thread-safety: set by one thread before the route starts.
 */
@UriParams
public final class WebsocketEndpointOptions {

    /** The largest write queue that can be allowed, bytes. */
    public static final int MAX_WRITE_QUEUE_BYTES = 256 * 1024 * 1024;

    /** The write queue that is allowed unless another limit is set, bytes: minutes of transcript for one browser. */
    public static final int DEFAULT_WRITE_QUEUE_BYTES = 1024 * 1024;

    /**
     * What may wait to be sent to all sockets of an endpoint together unless another limit is set, bytes: what a process
     * with a heap of 500 MB has to spare.
     */
    public static final int DEFAULT_MAX_UNSENT_BYTES = 64 * 1024 * 1024;

    /** The least that can be allowed to wait for all sockets of an endpoint, bytes. */
    public static final int MIN_MAX_UNSENT_BYTES = 64 * 1024;

    /** How long a peer may take nothing of what waits for it, unless another time is set. */
    public static final Duration DEFAULT_SEND_TIMEOUT = Duration.ofSeconds(30);

    /** The close code of sockets whose route stops, unless another is set: going away (RFC 6455, 7.4.1). */
    public static final int DEFAULT_STOP_CODE = 1001;

    /** The threads of an endpoint with {@link Dispatch#WORKER}, unless another number is set. */
    public static final int DEFAULT_WORKER_THREADS = 4;

    /** The most threads that an endpoint can have. */
    public static final int MAX_WORKER_THREADS = 64;

    /** The frames a second of one socket that are read, unless another number is set: 20 ms frames ten times as fast. */
    public static final int DEFAULT_FRAME_RATE = 500;

    /** The most frames a second that can be allowed. */
    public static final int MAX_FRAME_RATE = 1_000_000;

    /**
     * The bytes a second of one socket that are read, unless another number is set: twice the fastest PCM, 48 kHz in
     * base64, with room for what is around it.
     */
    public static final int DEFAULT_BYTE_RATE = 512 * 1024;

    /** The most bytes a second that can be allowed. */
    public static final int MAX_BYTE_RATE = 1_000_000_000;

    /**
     * The messages without audio a second of one socket that are read, unless another number is set: the frames of a
     * second track, of which none is audio of the call, twice as fast.
     */
    public static final int DEFAULT_RATE_WITHOUT_AUDIO = 100;

    /** How fast audio is read, unless another speed is set, times real time: a stall of a minute is made up in another. */
    public static final int DEFAULT_AUDIO_SPEED = 2;

    /** The highest speed that can be set, times real time. */
    public static final int MAX_AUDIO_SPEED = 1000;

    /** What may come at once, unless another time is set. */
    public static final Duration DEFAULT_BURST = Duration.ofSeconds(10);

    private static final Duration LEAST_BURST = Duration.ofMillis(100);
    private static final Duration MOST_BURST = Duration.ofHours(1);

    /** How long a caller may take for its first message, unless another time is set. */
    public static final Duration DEFAULT_FIRST_MESSAGE_TIMEOUT = Duration.ofSeconds(30);

    /** What {@code handshake} is where everybody is let in. */
    public static final String NONE = HandshakeNames.NONE;

    @UriParam(label = "consumer")
    private @Nullable String path;

    @UriParam(label = "consumer", defaultValue = "" + PublicListenerOptions.DEFAULT_MAX_MESSAGE_BYTES)
    private int maxMessageBytes = PublicListenerOptions.DEFAULT_MAX_MESSAGE_BYTES;

    @UriParam(label = "consumer", defaultValueNote = "as large as a message")
    private int maxFrameBytes;

    @UriParam(defaultValue = "" + DEFAULT_WRITE_QUEUE_BYTES)
    private int writeQueueBytes = DEFAULT_WRITE_QUEUE_BYTES;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_MAX_UNSENT_BYTES)
    private int maxUnsentBytes = DEFAULT_MAX_UNSENT_BYTES;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "30s")
    private Duration sendTimeout = DEFAULT_SEND_TIMEOUT;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "0")
    private Duration idleTimeout = Duration.ZERO;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "0")
    private Duration pingInterval = Duration.ZERO;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "0")
    private Duration peerTimeout = Duration.ZERO;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "0")
    private Duration tcpUserTimeout = Duration.ZERO;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValueNote = "30s for callers, else 0")
    private @Nullable Duration firstMessageTimeout;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_FRAME_RATE)
    private int maxFrameRate = DEFAULT_FRAME_RATE;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_BYTE_RATE)
    private int maxByteRate = DEFAULT_BYTE_RATE;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_RATE_WITHOUT_AUDIO)
    private int maxRateWithoutAudio = DEFAULT_RATE_WITHOUT_AUDIO;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_AUDIO_SPEED)
    private int maxAudioSpeed = DEFAULT_AUDIO_SPEED;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "10s")
    private Duration burst = DEFAULT_BURST;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "60s")
    private Duration maxAudioLead = Duration.ofSeconds(60);

    @UriParam(label = "consumer", defaultValue = "0")
    private int maxFailuresInARow;

    @UriParam(label = "consumer,advanced")
    private @Nullable SocketEndListener endListener;

    @UriParam(label = "consumer,security")
    private @Nullable PeerKind kind;

    @UriParam(label = "consumer,security", defaultValueNote = "direct:caller-handshake or direct:viewer-handshake")
    private @Nullable String handshake;

    @UriParam(label = "consumer", defaultValue = "EVENT_LOOP")
    private Dispatch dispatch = Dispatch.EVENT_LOOP;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_WORKER_THREADS)
    private int workerThreads = DEFAULT_WORKER_THREADS;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_STOP_CODE)
    private int stopCode = DEFAULT_STOP_CODE;

    public @Nullable String getPath() {
        return path;
    }

    /**
     * The path peers connect to, for example {@code /v1/exotel}: exact, without patterns. A consumer needs one.
     */
    public WebsocketEndpointOptions setPath(String path) {
        if (!path.matches("(/[\\w.~-]+)+")) {
            throw new IllegalArgumentException(
                    "path is '" + path + "'; allowed: segments of letters, digits and -._~, each after a slash");
        }
        this.path = path;
        return this;
    }

    public int getMaxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * The largest message a peer may send, bytes, over all its frames; default 256 KiB. One that is larger closes its
     * socket with 1009. At most the listener's own limit.
     */
    public WebsocketEndpointOptions setMaxMessageBytes(int maxMessageBytes) {
        this.maxMessageBytes = PublicListenerOptions.requireRange(
                "maxMessageBytes", maxMessageBytes, 1, PublicListenerOptions.MAX_MESSAGE_BYTES);
        return this;
    }

    public int getMaxFrameBytes() {
        return maxFrameBytes == 0 ? maxMessageBytes : maxFrameBytes;
    }

    /** The largest single frame a peer may send, bytes; 0, the default, means as large as a message. Closes with 1009 too. */
    public WebsocketEndpointOptions setMaxFrameBytes(int maxFrameBytes) {
        this.maxFrameBytes = PublicListenerOptions.requireRange(
                "maxFrameBytes", maxFrameBytes, 0, PublicListenerOptions.MAX_MESSAGE_BYTES);
        return this;
    }

    public int getWriteQueueBytes() {
        return writeQueueBytes;
    }

    /**
     * How much may wait to be sent to one peer, bytes; default 1 MiB. A peer that has more waiting when the next send
     * comes is closed with 1013. What one send brings is always taken, so a snapshot may be larger than this.
     */
    public WebsocketEndpointOptions setWriteQueueBytes(int writeQueueBytes) {
        this.writeQueueBytes =
                PublicListenerOptions.requireRange("writeQueueBytes", writeQueueBytes, 1, MAX_WRITE_QUEUE_BYTES);
        return this;
    }

    public int getMaxUnsentBytes() {
        return maxUnsentBytes;
    }

    /**
     * How much may wait to be sent to all peers of the endpoint together, bytes, with 512 bytes for each message; from 64
     * KiB to 2 GiB, default 64 MiB. When a send takes it over that, the peers that have taken nothing for the longest time are
     * cut off. While more than half of it waits, snapshots wait, and a peer that takes nothing for 2 s is closed
     * with 1013.
     */
    public WebsocketEndpointOptions setMaxUnsentBytes(int maxUnsentBytes) {
        this.maxUnsentBytes = PublicListenerOptions.requireRange(
                "maxUnsentBytes", maxUnsentBytes, MIN_MAX_UNSENT_BYTES, Integer.MAX_VALUE);
        return this;
    }

    public Duration getSendTimeout() {
        return sendTimeout;
    }

    /**
     * How long a peer may take nothing of what waits to be sent to it before its socket is closed with 1013; default 30
     * s, zero means for ever. A peer that reads slowly takes something. Time in which the process stood still does not
     * count.
     */
    public WebsocketEndpointOptions setSendTimeout(Duration sendTimeout) {
        this.sendTimeout = requireNotNegative("sendTimeout", sendTimeout);
        return this;
    }

    public Duration getIdleTimeout() {
        return idleTimeout;
    }

    /**
     * How long a peer may send no message before its socket is closed with 1000; zero, the default, means for ever. For
     * peers that send all the time, as callers do. A ping of the peer's own counts as a message, a pong does not: a
     * peer whose program hangs still answers pings. Time in which the route holds the socket back does not count, nor
     * does time in which the process stood still.
     */
    public WebsocketEndpointOptions setIdleTimeout(Duration idleTimeout) {
        this.idleTimeout = requireNotNegative("idleTimeout", idleTimeout);
        return this;
    }

    public Duration getPingInterval() {
        return pingInterval;
    }

    /**
     * How often the peer is sent a ping; zero, the default, means never. A peer that has something unsent is not pinged
     * until that is sent.
     */
    public WebsocketEndpointOptions setPingInterval(Duration pingInterval) {
        this.pingInterval = requireNotNegative("pingInterval", pingInterval);
        return this;
    }

    public Duration getPeerTimeout() {
        return peerTimeout;
    }

    /**
     * After how much silence a peer counts as dead and its socket is closed with 1001; zero, the default, means never.
     * Silence is time in which nothing came from the peer, no part of a frame and no pong, while the server read the
     * socket at full speed and had nothing unsent for it. Time in which the process stood still does not count. It
     * needs a {@link #setPingInterval pingInterval} well below it, and peers that answer pings.
     */
    public WebsocketEndpointOptions setPeerTimeout(Duration peerTimeout) {
        this.peerTimeout = requireNotNegative("peerTimeout", peerTimeout);
        return this;
    }

    /** @throws IllegalArgumentException if a time-out needs pings that do not come, or not in time */
    void requirePingsInTime() {
        boolean twoPings =
                !pingInterval.isZero() && pingInterval.multipliedBy(2).compareTo(peerTimeout) <= 0;
        if (!peerTimeout.isZero() && !twoPings) {
            throw new IllegalArgumentException("pingInterval is " + pingInterval + " and peerTimeout is " + peerTimeout
                    + "; allowed: pings, at least two of them in the time-out, as a healthy peer may say nothing but"
                    + " pongs");
        }
        if (!tcpUserTimeout.isZero() && pingInterval.isZero()) {
            throw new IllegalArgumentException("pingInterval is " + pingInterval + " and tcpUserTimeout is "
                    + tcpUserTimeout + "; allowed: pings, as the system looks after what was written only");
        }
    }

    public Duration getTcpUserTimeout() {
        return tcpUserTimeout;
    }

    /**
     * How long the peer's host may leave unacknowledged, or not accept, what was sent to it, before the system drops
     * the connection ({@code TCP_USER_TIMEOUT}, milliseconds precision); zero, the default, leaves that to the system,
     * which on Linux takes about 15 minutes. It finds a host that is gone without a pong of the peer's, once something
     * was written: it needs a {@link #setPingInterval pingInterval}. Only Linux with Netty's epoll transport has it;
     * elsewhere a warning says so once.
     */
    public WebsocketEndpointOptions setTcpUserTimeout(Duration tcpUserTimeout) {
        this.tcpUserTimeout = requireNotNegative("tcpUserTimeout", tcpUserTimeout);
        return this;
    }

    public Duration getFirstMessageTimeout() {
        if (firstMessageTimeout != null) {
            return firstMessageTimeout;
        }
        return kind == PeerKind.CALLER ? DEFAULT_FIRST_MESSAGE_TIMEOUT : Duration.ZERO;
    }

    /**
     * How long a peer may take for its first whole message before its socket is closed with 1008; zero means for ever.
     * Unless set it is 30 s for callers, who begin at once, and zero for viewers, who need not send anything.
     */
    public WebsocketEndpointOptions setFirstMessageTimeout(Duration firstMessageTimeout) {
        this.firstMessageTimeout = requireNotNegative("firstMessageTimeout", firstMessageTimeout);
        return this;
    }

    public int getMaxFrameRate() {
        return maxFrameRate;
    }

    /**
     * How many frames a second of one socket are read, whole messages, parts of them, pings and pongs; default 500. What
     * comes faster than that, beyond a {@link #setBurst burst}, is read later: nothing is lost. 0 is any number.
     */
    public WebsocketEndpointOptions setMaxFrameRate(int maxFrameRate) {
        this.maxFrameRate = PublicListenerOptions.requireRange("maxFrameRate", maxFrameRate, 0, MAX_FRAME_RATE);
        return this;
    }

    public int getMaxByteRate() {
        return maxByteRate;
    }

    /** How many bytes a second of one socket are read; default 512 KiB. As with maxFrameRate, the rest waits. 0 is any. */
    public WebsocketEndpointOptions setMaxByteRate(int maxByteRate) {
        this.maxByteRate = PublicListenerOptions.requireRange("maxByteRate", maxByteRate, 0, MAX_BYTE_RATE);
        return this;
    }

    public int getMaxRateWithoutAudio() {
        return maxRateWithoutAudio;
    }

    /**
     * How many messages a second of one socket are read that hold no audio of a call; default 100. As with maxFrameRate,
     * the rest waits. 0 is any number.
     */
    public WebsocketEndpointOptions setMaxRateWithoutAudio(int maxRateWithoutAudio) {
        this.maxRateWithoutAudio =
                PublicListenerOptions.requireRange("maxRateWithoutAudio", maxRateWithoutAudio, 0, MAX_FRAME_RATE);
        return this;
    }

    public int getMaxAudioSpeed() {
        return maxAudioSpeed;
    }

    /**
     * How fast audio of one socket is read, as a multiple of the time it plays; default 2. As with maxFrameRate, the rest
     * waits, so that a caller that makes up for a stall loses nothing. 0 is any speed.
     */
    public WebsocketEndpointOptions setMaxAudioSpeed(int maxAudioSpeed) {
        this.maxAudioSpeed = PublicListenerOptions.requireRange("maxAudioSpeed", maxAudioSpeed, 0, MAX_AUDIO_SPEED);
        return this;
    }

    public Duration getBurst() {
        return burst;
    }

    /**
     * How much of each of these rates may come at once, as the time they would take, of audio as the time it plays; 100
     * ms to 1 h, default 10 s.
     */
    public WebsocketEndpointOptions setBurst(Duration burst) {
        if (burst.compareTo(LEAST_BURST) < 0 || burst.compareTo(MOST_BURST) > 0) {
            throw new IllegalArgumentException("burst is " + burst + "; allowed: 100ms to 1h");
        }
        this.burst = burst;
        return this;
    }

    public Duration getMaxAudioLead() {
        return maxAudioLead;
    }

    /**
     * How far the audio of a stream may be ahead of the time since its start, before the caller is refused and its socket
     * closed with 1008; default 60 s. Zero is any lead, for callers that send files.
     */
    public WebsocketEndpointOptions setMaxAudioLead(Duration maxAudioLead) {
        this.maxAudioLead = requireNotNegative("maxAudioLead", maxAudioLead);
        return this;
    }

    public int getMaxFailuresInARow() {
        return maxFailuresInARow;
    }

    /**
     * How many events of one socket may fail in a row in the route before the socket is closed with 1011; 0, the
     * default, means any number. A failed event is dropped, and the socket goes on with the next one.
     */
    public WebsocketEndpointOptions setMaxFailuresInARow(int maxFailuresInARow) {
        this.maxFailuresInARow =
                PublicListenerOptions.requireRange("maxFailuresInARow", maxFailuresInARow, 0, Integer.MAX_VALUE);
        return this;
    }

    public @Nullable SocketEndListener getEndListener() {
        return endListener;
    }

    /** Hears of each socket that ended, also where the route failed on its CLOSE; none by default. */
    public WebsocketEndpointOptions setEndListener(@Nullable SocketEndListener endListener) {
        this.endListener = endListener;
        return this;
    }

    /**
     * Refuses an endpoint that takes sockets in without saying by which path and from whom, so that none is open by an
     * oversight.
     *
     * @param name of {@code websocket:<name>}
     * @param path the option's value; null where it is not there
     * @param kind the option's value; null where it is not there
     * @throws IllegalArgumentException that has the lines to add
     */
    public static void requireDeclared(String name, @Nullable Object path, @Nullable Object kind) {
        List<String> lines = new ArrayList<>(2);
        if (path == null) {
            lines.add("path: /v1/" + name);
        }
        if (kind == null) {
            lines.add("kind: caller (or viewer)");
        }
        if (!lines.isEmpty()) {
            throw new IllegalArgumentException("websocket:" + name + " takes sockets in and does not say "
                    + (path != null ? "from whom" : kind != null ? "by which path" : "by which path and from whom")
                    + "; to add to the parameters of its from: " + String.join(", ", lines));
        }
    }

    public @Nullable PeerKind getKind() {
        return kind;
    }

    /** What the peers are there for: {@code caller} streams calls in, {@code viewer} reads. A consumer needs one. */
    public WebsocketEndpointOptions setKind(PeerKind kind) {
        this.kind = kind;
        return this;
    }

    public @Nullable String getHandshake() {
        return handshake;
    }

    /**
     * The address of the route that decides about each handshake before the upgrade; that of the built-in route for the
     * {@link #setKind kind} unless set. {@code none} lets everybody in, and is refused where other machines can connect.
     */
    public WebsocketEndpointOptions setHandshake(String handshake) {
        this.handshake = handshake;
        return this;
    }

    /** The address of the route that decides about handshakes; null where everybody is let in. Needs a kind. */
    public @Nullable String handshakeRoute() {
        if (handshake != null) {
            return handshake.equals(NONE) ? null : handshake;
        }
        return "direct:" + Objects.requireNonNull(kind).name().toLowerCase(Locale.ROOT) + "-handshake";
    }

    public Dispatch getDispatch() {
        return dispatch;
    }

    /** The thread that runs the route: {@code eventLoop}, the default, or {@code worker} for a route that blocks. */
    public WebsocketEndpointOptions setDispatch(Dispatch dispatch) {
        this.dispatch = dispatch;
        return this;
    }

    public int getWorkerThreads() {
        return workerThreads;
    }

    /**
     * How many threads the endpoint has for {@code dispatch=worker}, from 1 to 64; default 4. Up to 1000 events wait
     * for one.
     */
    public WebsocketEndpointOptions setWorkerThreads(int workerThreads) {
        this.workerThreads = PublicListenerOptions.requireRange("workerThreads", workerThreads, 1, MAX_WORKER_THREADS);
        return this;
    }

    public int getStopCode() {
        return stopCode;
    }

    /**
     * The close code of the sockets when their route stops; default 1001. 1012, service restart, tells a peer that
     * connecting again finds somebody.
     */
    public WebsocketEndpointOptions setStopCode(int stopCode) {
        this.stopCode = PublicListenerOptions.requireRange("stopCode", stopCode, 1000, 4999);
        return this;
    }

    /** The shortest of the times that a socket has to be looked at for; zero where there is none. */
    Duration shortestTime() {
        return Stream.of(idleTimeout, pingInterval, peerTimeout, getFirstMessageTimeout(), sendTimeout)
                .filter(time -> !time.isZero())
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private static Duration requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: zero or more");
        }
        return value;
    }
}
