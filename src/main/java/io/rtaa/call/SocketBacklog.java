package io.rtaa.call;

/**
 * Says whether a sender that can wait should send a socket more now. Comes with {@link SocketEvent#OPEN} as
 * {@link SocketHeaders#BACKLOG}.
 *
 * <p>Thread-safety: any thread. It never blocks.
 */
@FunctionalInterface
public interface SocketBacklog {

    /** Takes more at any time: of a reader that did not come by a websocket. */
    SocketBacklog NONE = () -> true;

    /**
     * Whether all that the socket was sent has left this process, and the sockets of its endpoint together leave room
     * for more.
     */
    boolean takesMore();
}
