package io.rtaa.attack;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A connection that says what no client library would.
 *
 * <p>Thread-safety: none.
 */
final class RawPeer implements AutoCloseable {

    static final int TEXT = 1;
    static final int CONTINUATION = 0;

    private static final int CLOSE = 8;
    private static final int FINAL = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int SHORT_LENGTH = 125;
    private static final int LENGTH_OF_16_BITS = 126;
    private static final int LENGTH_OF_64_BITS = 127;
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    RawPeer(int port) throws IOException {
        socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** Sends bytes as they are. */
    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Sends a request line and headers, and reads the head of the answer. */
    String ask(String requestLine, Map<String, String> headers) throws IOException {
        StringBuilder head = new StringBuilder(requestLine + " HTTP/1.1\r\nHost: localhost\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        send((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (!answer.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            answer.write(in.readByte());
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    /** Asks for a websocket; the head of the answer. */
    String upgrade(String target, Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Connection", "Upgrade");
        all.put("Upgrade", "websocket");
        all.put("Sec-WebSocket-Version", "13");
        all.put("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        return ask("GET " + target, all);
    }

    /** The status of an answer. */
    static int status(String head) {
        return Integer.parseInt(head.split(" ", 3)[1]);
    }

    /** Sends a frame of a websocket. */
    void frame(int opcode, boolean isLast, boolean isCompressed, byte[] payload) throws IOException {
        frame(opcode, isLast, isCompressed, payload.length, payload);
    }

    /** Sends a frame that says another length than it has. */
    void frame(int opcode, boolean isLast, boolean isCompressed, long length, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) (opcode | (isLast ? FINAL : 0) | (isCompressed ? COMPRESSED : 0)));
        if (length <= SHORT_LENGTH) {
            frame.put((byte) (MASKED | length));
        } else if (length < 1 << Character.SIZE) {
            frame.put((byte) (MASKED | LENGTH_OF_16_BITS)).putShort((short) length);
        } else {
            frame.put((byte) (MASKED | LENGTH_OF_64_BITS)).putLong(length);
        }
        // A mask of zeros leaves the payload as it is.
        frame.putInt(0).put(payload);
        out.write(frame.array(), 0, frame.position());
    }

    /** Reads until the service closes: {@code closed CODE}, or {@code broken off} where it gives no code. */
    String awaitClose() throws IOException {
        try {
            while (true) {
                int opcode = in.readUnsignedByte() & 0x0f;
                int shortLength = in.readUnsignedByte() & LENGTH;
                long length = shortLength == LENGTH_OF_16_BITS
                        ? in.readUnsignedShort()
                        : shortLength == LENGTH_OF_64_BITS ? in.readLong() : shortLength;
                if (opcode == CLOSE) {
                    return length < Short.BYTES ? "closed" : "closed " + in.readUnsignedShort();
                }
                in.skipNBytes(length);
            }
        } catch (SocketTimeoutException e) {
            return "left open";
        } catch (EOFException e) {
            return "broken off";
        } catch (IOException e) {
            // Reset while it was still being written to.
            return "broken off";
        }
    }

    /** As {@link #awaitClose()}, but waits so long at most. */
    String awaitClose(Duration patience) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
        return awaitClose();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
