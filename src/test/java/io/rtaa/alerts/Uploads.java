package io.rtaa.alerts;

import io.rtaa.testsupport.ServiceClient;
import io.rtaa.testsupport.cluster.RtaaProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * Callers of {@code /v1/ingest} that send recordings as fast as they are read, and stay connected.
 *
 * <p>Thread-safety: one thread at a time.
 */
final class Uploads {

    private static final int RATE = 24_000;

    private final List<ServiceClient.Socket> sockets = new ArrayList<>();

    /** Sends recordings of silence of that length and returns once they are sent. */
    void send(RtaaProcess service, int recordings, int seconds) {
        ServiceClient client = new ServiceClient(service.port());
        for (int i = 0; i < recordings; i++) {
            ServiceClient.Socket socket = client.connect("/v1/ingest", null);
            sockets.add(socket);
            socket.send("{\"event\":\"start\",\"interaction_id\":\"upload-" + i + "\",\"sample_rate\":" + RATE
                    + ",\"encoding\":\"pcm16\"}");
            socket.send(new byte[seconds * RATE * Short.BYTES]);
        }
    }

    /** They leave. */
    void end() {
        sockets.forEach(ServiceClient.Socket::abort);
        sockets.clear();
    }
}
