package io.rtaa.testsupport.cluster;

import io.rtaa.testsupport.ExtractedJar;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** rtaa as it is handed over, with the settings it is given, on ports of its own. */
public final class RtaaProcess extends ServerProcess {

    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(PROBE).build();

    private final int port = Ports.free();
    private final int managementPort = Ports.free();
    private final Path workingDirectory;
    private final List<String> command;
    private final Map<String, String> environment;

    /**
     * What is in the packaged jar, in a small JVM.
     *
     * @param roles as {@code RTAA_ROLES} has them
     * @param settings further variables
     */
    public RtaaProcess(String name, Path directory, String roles, Map<String, String> settings) {
        this(name, directory, ExtractedJar.directory(), ExtractedJar.command(), settings);
        environment.put("RTAA_ROLES", roles);
    }

    /**
     * What is in the packaged jar with all roles, in a JVM whose heap is small enough to be filled.
     *
     * @param settings further variables
     */
    public RtaaProcess(String name, Path directory, int heapMegabytes, Map<String, String> settings) {
        this(name, directory, ExtractedJar.directory(), ExtractedJar.commandWithHeap(heapMegabytes), settings);
    }

    /**
     * Whatever a command starts.
     *
     * @param directory where the command runs
     * @param settings variables; without {@code RTAA_ROLES} it has all roles
     */
    public RtaaProcess(String name, Path directory, List<String> command, Map<String, String> settings) {
        this(name, directory, directory, command, settings);
    }

    private RtaaProcess(
            String name, Path directory, Path workingDirectory, List<String> command, Map<String, String> settings) {
        super(name, directory);
        this.workingDirectory = workingDirectory;
        this.command = command;
        environment = new HashMap<>(settings);
        environment.put("PORT", Integer.toString(port));
        environment.put("BIND_ADDRESS", "127.0.0.1");
        environment.put("MANAGEMENT_PORT", Integer.toString(managementPort));
    }

    /** The port of its public listener. */
    public int port() {
        return port;
    }

    /** The port of its management listener, which has its metrics. */
    public int managementPort() {
        return managementPort;
    }

    /** An address of its public listener. */
    public URI address(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + port + path);
    }

    @Override
    protected List<String> command() {
        return command;
    }

    @Override
    protected Path workingDirectory() {
        return workingDirectory;
    }

    @Override
    protected Map<String, String> environment() {
        return environment;
    }

    /** With TLS the management listener says it, as Java does not trust a test's certificate. */
    private URI health() {
        return environment.containsKey("TLS_CERTIFICATE")
                ? URI.create("http://127.0.0.1:" + managementPort + "/actuator/health")
                : address("http", "/health");
    }

    @Override
    protected boolean isUp() {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(health())
                                            .timeout(PROBE)
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
