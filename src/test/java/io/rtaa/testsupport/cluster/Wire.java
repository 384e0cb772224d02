package io.rtaa.testsupport.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A line to a server that can be cut: passes bytes on until then, resets every connection at the cut, and every new one until
 * it is mended. Two threads a connection: meant for few.
 *
 * <p>Thread-safety: safe.
 */
public final class Wire implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final int target;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /** @param target the port of the loopback address to pass on to; nobody needs to listen there yet */
    public Wire(int target) {
        this.target = target;
        try {
            door = new ServerSocket();
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException("the wire has no port", e);
        }
        start("wire-door", this::accept);
    }

    /** Where clients connect. */
    public int port() {
        return door.getLocalPort();
    }

    /** From now on no connection lives, and none comes about. */
    public void cut() {
        cut = true;
        sockets.forEach(this::reset);
    }

    /** From now on new connections get through. */
    public void mend() {
        cut = false;
    }

    /** Connections, each counted at both its ends. */
    public int openSockets() {
        return sockets.size();
    }

    @Override
    public void close() {
        cut();
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                sockets.add(client);
                if (cut) {
                    reset(client);
                } else {
                    start("wire-connect", () -> connect(client));
                }
            } catch (IOException e) {
                // The door was closed, or the client went before it was let in.
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        sockets.add(server);
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException e) {
            reset(server);
            reset(client);
            return;
        }
        start("wire-back", () -> pass(server, client));
        pass(client, server);
    }

    /** Whichever side ends, both end. */
    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0 && !cut; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // It ended with a reset, which is passed on.
        } finally {
            reset(from);
            reset(to);
        }
    }

    private void reset(Socket socket) {
        sockets.remove(socket);
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            // It is closed already.
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
