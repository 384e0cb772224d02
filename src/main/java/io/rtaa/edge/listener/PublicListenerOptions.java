package io.rtaa.edge.listener;

import java.time.Duration;

/**
 * Where the public listener listens and what it puts up with.
 *
 * @param host the address to bind, a name or a literal; {@code 0.0.0.0} for all
 * @param port the port to bind, 0 to 65535; 0 takes any free one
 * @param eventLoops how many event loops serve the port, 1 to {@value #MAX_EVENT_LOOPS}; a connection stays on its loop
 * @param maxMessageBytes the largest message any endpoint on this listener may allow, and the most that is buffered of a
 *     single frame, {@value #MIN_MESSAGE_BYTES} to {@value #MAX_MESSAGE_BYTES}
 * @param handshakeTimeout how long a peer may take for its first request and for the body of any, and a handshake for
 *     its answer; above zero
 * @param idleTimeout how long a plain HTTP connection may stay silent; above zero. It does not apply to websockets
 * @param maxHeaderBytes the longest request line and the most header bytes of a request, {@value #MIN_HEADER_BYTES} to
 *     {@value #MAX_HEADER_BYTES}; a request line may hold a token
 */
public record PublicListenerOptions(
        String host,
        int port,
        int eventLoops,
        int maxMessageBytes,
        Duration handshakeTimeout,
        Duration idleTimeout,
        int maxHeaderBytes) {

    /** More event loops than this only cost memory. */
    public static final int MAX_EVENT_LOOPS = 256;

    /** The smallest limit of a message, bytes: less would refuse ordinary audio frames. */
    public static final int MIN_MESSAGE_BYTES = 1024;

    /** The largest limit of a message, bytes. */
    public static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    /** The limit of a message, bytes, unless another is set. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 256 * 1024;

    /** The time for a handshake unless another is set: a phone line's round trip is far below it. */
    public static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /** The silence a plain HTTP connection may keep unless another is set. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

    /** The smallest limit of a request line and of headers, bytes. */
    public static final int MIN_HEADER_BYTES = 1024;

    /** The largest limit of a request line and of headers, bytes. */
    public static final int MAX_HEADER_BYTES = 1024 * 1024;

    /** The limit of a request line and of headers, bytes, unless another is set: room for a token of several KiB. */
    public static final int DEFAULT_MAX_HEADER_BYTES = 16 * 1024;

    private static final int MAX_PORT = 65535;

    public PublicListenerOptions {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is blank; allowed: a host name or an IP address");
        }
        requireRange("port", port, 0, MAX_PORT);
        requireRange("eventLoops", eventLoops, 1, MAX_EVENT_LOOPS);
        requireRange("maxMessageBytes", maxMessageBytes, MIN_MESSAGE_BYTES, MAX_MESSAGE_BYTES);
        requirePositive("handshakeTimeout", handshakeTimeout);
        requirePositive("idleTimeout", idleTimeout);
        requireRange("maxHeaderBytes", maxHeaderBytes, MIN_HEADER_BYTES, MAX_HEADER_BYTES);
    }

    /** The defaults for an address: as many event loops as there are processors. */
    public static PublicListenerOptions on(String host, int port) {
        return new PublicListenerOptions(
                host,
                port,
                Math.min(MAX_EVENT_LOOPS, Runtime.getRuntime().availableProcessors()),
                DEFAULT_MAX_MESSAGE_BYTES,
                DEFAULT_HANDSHAKE_TIMEOUT,
                DEFAULT_IDLE_TIMEOUT,
                DEFAULT_MAX_HEADER_BYTES);
    }

    public PublicListenerOptions withEventLoops(int loops) {
        return new PublicListenerOptions(
                host, port, loops, maxMessageBytes, handshakeTimeout, idleTimeout, maxHeaderBytes);
    }

    public PublicListenerOptions withHandshakeTimeout(Duration timeout) {
        return new PublicListenerOptions(host, port, eventLoops, maxMessageBytes, timeout, idleTimeout, maxHeaderBytes);
    }

    public PublicListenerOptions withIdleTimeout(Duration timeout) {
        return new PublicListenerOptions(
                host, port, eventLoops, maxMessageBytes, handshakeTimeout, timeout, maxHeaderBytes);
    }

    public PublicListenerOptions withMaxHeaderBytes(int bytes) {
        return new PublicListenerOptions(host, port, eventLoops, maxMessageBytes, handshakeTimeout, idleTimeout, bytes);
    }

    public static int requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: " + min + " to " + max);
        }
        return value;
    }

    private static void requirePositive(String name, Duration value) {
        if (value.toMillis() <= 0) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: 1 ms or more");
        }
    }
}
