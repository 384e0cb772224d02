package io.rtaa.edge.listener;

import org.jspecify.annotations.Nullable;

/** The public listener cannot bind its address. */
public final class ListenException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final String host;
    private final int port;

    ListenException(String host, int port, String reason, @Nullable Throwable cause) {
        super("cannot listen on " + host + ":" + port + ": " + reason, cause);
        this.host = host;
        this.port = port;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }
}
