package io.rtaa.testsupport.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Ports of the loopback address for processes that keep theirs when they are started again. Thread-safe. */
public final class Ports {

    private static final int TRIES = 100;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    /** A port that nobody listens on and that was not given before. */
    public static synchronized int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = unused();
            if (GIVEN.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port in " + TRIES + " tries");
    }

    private static int unused() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
