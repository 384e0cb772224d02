package io.rtaa.call;

/**
 * Hears of each websocket that ended, after its route was done with {@link SocketEvent#CLOSE}, and also where the route
 * failed on that. So what belongs to a socket can be given back whatever the route's steps do.
 */
@FunctionalInterface
public interface SocketEndListener {

    /**
     * A socket ended; called once a socket, on its event loop, so it must not block.
     *
     * @param connectionKey as {@link SocketHeaders#CONNECTION_KEY}
     * @param cause why it ended
     */
    void ended(String connectionKey, CloseCause cause);
}
