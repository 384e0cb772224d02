package io.rtaa.call;

/**
 * The Camel headers of a websocket's exchanges: the seam between the websocket component and the steps that read what it
 * delivers. All of them are set by the component itself. Of what a peer names, nothing becomes one but a request id that
 * is checked.
 */
public final class SocketHeaders {

    /** {@link String}: names the connection among all of this process; on a producer, who to send to. */
    public static final String CONNECTION_KEY = "RtaaWebsocketConnectionKey";

    /** {@link java.util.Collection} of connection keys, on a producer: sends one message to all of them. */
    public static final String CONNECTION_KEYS = "RtaaWebsocketConnectionKeys";

    /** {@link SocketEvent}: what happened on the connection. */
    public static final String EVENT = "RtaaWebsocketEvent";

    /** {@link String}: the peer's address without its port; not on {@link SocketEvent#MESSAGE}. */
    public static final String REMOTE_ADDRESS = "RtaaWebsocketRemoteAddress";

    /** {@link String}: the path of the handshake, without the query; not on {@link SocketEvent#MESSAGE}. */
    public static final String PATH = "RtaaWebsocketPath";

    /** {@link String}: the raw query of the handshake; absent where there was none, and on {@link SocketEvent#MESSAGE}. */
    public static final String QUERY = "RtaaWebsocketQuery";

    /** {@link String}: the {@link RequestId} of the handshake; not on {@link SocketEvent#MESSAGE}. */
    public static final String REQUEST_ID = "RtaaWebsocketRequestId";

    /** {@link java.time.Instant}: when the handshake began; on {@link SocketEvent#OPEN} alone. */
    public static final String HANDSHAKE_BEGAN = "RtaaWebsocketHandshakeBegan";

    /** {@link Principal}: who the handshake proved the peer to be. */
    public static final String PRINCIPAL = "RtaaWebsocketPrincipal";

    /** {@link SocketPace}: hears how much audio the socket's messages hold; on {@link SocketEvent#OPEN} only. */
    public static final String PACE = "RtaaWebsocketPace";

    /** {@link SocketBacklog}: says whether to send the socket more now; on {@link SocketEvent#OPEN} only. */
    public static final String BACKLOG = "RtaaWebsocketBacklog";

    /** {@link Integer}: on {@link SocketEvent#CLOSE} the close code (1006 where the peer sent none); on a producer, closes with it. */
    public static final String CLOSE_CODE = "RtaaWebsocketCloseCode";

    /**
     * {@link String}: the close reason that goes with {@link #CLOSE_CODE}; absent without one. On a producer it may have
     * any length: the socket sends the whole characters that fit into a close frame.
     */
    public static final String CLOSE_REASON = "RtaaWebsocketCloseReason";

    /** {@link CloseCause}: why the connection closed; on {@link SocketEvent#CLOSE} only. */
    public static final String CLOSE_CAUSE = "RtaaWebsocketCloseCause";

    private SocketHeaders() {}
}
