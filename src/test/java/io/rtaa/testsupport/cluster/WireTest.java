package io.rtaa.testsupport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final int READ_TIMEOUT_MILLIS = 10_000;

    private ServerSocket echo;
    private Thread server;
    private Wire wire;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server = new Thread(this::serve, "echo");
        server.setDaemon(true);
        server.start();
        wire = new Wire(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        echo.close();
    }

    @Test
    void passesBytesOnBothWays() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoOf(client, 42)).isEqualTo(42);
            assertThat(echoOf(client, 43)).isEqualTo(43);
        }
    }

    @Test
    void aCutResetsWhatIsConnectedAndWhatConnectsUntilItIsMended() throws IOException {
        try (Socket before = connect()) {
            assertThat(echoOf(before, 1)).isEqualTo(1);
            wire.cut();
            assertThatThrownBy(() -> echoOf(before, 2)).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> echoOf(connect(), 3)).isInstanceOf(SocketException.class);
            wire.mend();
            try (Socket after = connect()) {
                assertThat(echoOf(after, 4)).isEqualTo(4);
            }
        }
    }

    @Test
    void aServerThatIsNotThereEndsTheConnectionOnly() throws Exception {
        echo.close();
        // A thread that is still in accept() holds the port open, and may be given one more connection.
        server.join();
        assertThatThrownBy(() -> echoOf(connect(), 1)).isInstanceOf(SocketException.class);
        await().until(() -> wire.openSockets() == 0);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), wire.port());
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    private static int echoOf(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        int answer = socket.getInputStream().read();
        if (answer < 0) {
            throw new SocketException("the connection was closed");
        }
        return answer;
    }

    private void serve() {
        while (!echo.isClosed()) {
            try (Socket client = echo.accept()) {
                client.getInputStream().transferTo(client.getOutputStream());
            } catch (IOException e) {
                // The client was cut off, or the test is over.
            }
        }
    }
}
