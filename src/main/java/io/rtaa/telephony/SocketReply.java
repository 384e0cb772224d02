package io.rtaa.telephony;

import org.jspecify.annotations.Nullable;

/**
 * What a caller is to be told: a text, or that its connection ends. Travels as exchange property {@link #PROPERTY} beside
 * the event in the body, until {@link WriteReply} makes a message of it.
 *
 * @param text the text message; null for none
 * @param closeCode the websocket close code; null where the connection stays open
 * @param closeReason goes with the close code; the socket cuts what is too long for the wire; null for none
 */
public record SocketReply(
        @Nullable String text,
        @Nullable Integer closeCode,
        @Nullable String closeReason) {

    /** The exchange property that holds the reply; absent where there is nothing to say. */
    public static final String PROPERTY = "RtaaReply";

    /** RFC 6455, 7.1.5: the stream ended as it should. */
    public static final int NORMAL = 1000;

    /** RFC 6455, 7.4.1: the peer broke a rule. */
    public static final int POLICY_VIOLATION = 1008;

    /** RFC 6455, 7.4.1: the service met a condition that kept it from going on. */
    public static final int INTERNAL_ERROR = 1011;

    /** A text message. */
    public static SocketReply text(String text) {
        return new SocketReply(text, null, null);
    }

    /** Closes the connection. */
    public static SocketReply close(int code, String reason) {
        return new SocketReply(null, code, reason);
    }

    /**
     * This reply and then the other one: what was said goes out before the connection closes; of two texts the later
     * one counts.
     */
    SocketReply then(SocketReply next) {
        return new SocketReply(
                next.text == null ? text : next.text,
                next.closeCode == null ? closeCode : next.closeCode,
                next.closeReason == null ? closeReason : next.closeReason);
    }
}
