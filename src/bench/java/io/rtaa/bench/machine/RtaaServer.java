package io.rtaa.bench.machine;

import io.rtaa.testsupport.JavaCommand;
import io.rtaa.testsupport.cluster.Ports;
import io.rtaa.testsupport.cluster.ServerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * rtaa as it is handed over, with all roles: no setting but its ports, the recogniser's address and room for the calls.
 */
public final class RtaaServer extends ServerProcess implements Door {

    private static final String MOST_CALLS = "20000";
    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port = Ports.free();
    private final List<String> command;
    private final Map<String, String> environment;

    /**
     * From its jar, without an option for the JVM.
     *
     * @param recogniserPort the stand-in's port
     * @param bus the variables that choose and reach the bus
     */
    public RtaaServer(Path directory, Path jar, int recogniserPort, Map<String, String> bus) {
        this(directory, JavaCommand.withDefaults().jar(jar), recogniserPort, bus);
    }

    /**
     * From whatever a command starts.
     *
     * @param directory what it is started in
     * @param recogniserPort the stand-in's port
     * @param bus the variables that choose and reach the bus
     */
    public RtaaServer(Path directory, List<String> command, int recogniserPort, Map<String, String> bus) {
        super("rtaa", directory);
        this.command = command;
        environment = new HashMap<>(bus);
        environment.put("PORT", Integer.toString(port));
        environment.put("MANAGEMENT_PORT", Integer.toString(Ports.free()));
        environment.put("BIND_ADDRESS", "127.0.0.1");
        environment.put("ASR_PROVIDER", "deepgram");
        environment.put("DEEPGRAM_URL", "ws://127.0.0.1:" + recogniserPort);
        environment.put("DEEPGRAM_API_KEY", "bench");
        environment.put("ASR_MAX_SESSIONS", MOST_CALLS);
        environment.put("MAX_CALLS", MOST_CALLS);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    protected List<String> command() {
        return command;
    }

    @Override
    protected Map<String, String> environment() {
        return environment;
    }

    @Override
    protected boolean isUp() {
        try {
            URI health = URI.create("http://127.0.0.1:" + port + "/health");
            HttpRequest probe = HttpRequest.newBuilder(health).timeout(PROBE).build();
            return HTTP.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (java.io.IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
