package io.rtaa.testsupport.cluster;

import io.rtaa.testsupport.JavaCommand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/**
 * A caller of {@code /v1/ingest} in a process of its own: it starts a stream, sends some audio, and stays connected.
 */
public final class PlainCallerProcess extends ServerProcess {

    private static final int HEAP_MEGABYTES = 32;
    private static final String STARTED = "\"started\"";

    private final URI ingest;
    private final String interactionId;

    /**
     * @param ingest where it calls
     * @param interactionId names its stream; unique among these processes
     * @param directory where its files go
     */
    public PlainCallerProcess(URI ingest, String interactionId, Path directory) {
        super(interactionId, directory);
        this.ingest = ingest;
        this.interactionId = interactionId;
    }

    @Override
    protected List<String> command() {
        return JavaCommand.small(HEAP_MEGABYTES).main(PlainCallerProcess.class, ingest.toString(), interactionId);
    }

    @Override
    protected boolean isUp() {
        try {
            return Files.exists(log()) && Files.readString(log()).contains(STARTED);
        } catch (IOException e) {
            return false;
        }
    }

    /** The process: its arguments are address and interaction id. */
    public static void main(String[] arguments) throws InterruptedException {
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(arguments[0]), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        System.out.println(data);
                        webSocket.request(1);
                        return null;
                    }
                })
                .join();
        socket.sendText("{\"event\":\"start\",\"interaction_id\":\"" + arguments[1] + "\"}", true)
                .join();
        socket.sendBinary(ByteBuffer.wrap(new byte[3200]), true).join();
        new CountDownLatch(1).await();
    }
}
