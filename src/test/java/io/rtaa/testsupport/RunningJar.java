package io.rtaa.testsupport;

import io.rtaa.RtaaApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service or one of its commands as a process of its own: the packaged jar, or the classes under test. */
public final class RunningJar implements AutoCloseable {

    private static final Path JAR = Path.of("target", "rtaa.jar");
    private static final Path HERE = Path.of("").toAbsolutePath();
    private static final Pattern LISTENING = Pattern.compile("Listening on [^ ]*:(\\d+)");
    private static final Pattern MANAGEMENT = Pattern.compile("Management on [^ ]*:(\\d+)");
    private static final long START_SECONDS = 300;
    private static final long STOP_SECONDS = 60;

    /** How a command ended and all it printed. */
    public record Result(int exitCode, String output) {}

    private final Process process;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CompletableFuture<Integer> managementPort = new CompletableFuture<>();
    private final Thread reader;

    private RunningJar(Map<String, String> environment, List<String> command, Path directory) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        reader = new Thread(this::read, "jar-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the service on free ports from the jar as it is, and waits until it listens. */
    public static RunningJar start(Map<String, String> environment) throws Exception {
        return start(environment, JavaCommand.quick().jar(JAR), HERE);
    }

    /** As {@link #start}, from the jar taken apart, which starts quickly. */
    public static RunningJar startExtracted(Map<String, String> environment) throws Exception {
        return start(environment, ExtractedJar.command(), ExtractedJar.directory());
    }

    /** As {@link #start}, before there is a jar: from the class path of the tests. */
    public static RunningJar startUnpackaged(Map<String, String> environment) throws Exception {
        return start(environment, JavaCommand.quick().main(RtaaApplication.class), HERE);
    }

    /** As {@link #startUnpackaged}, without the tests' own files: its log is written as the service is set. */
    public static RunningJar startWithItsOwnLog(Map<String, String> environment) throws Exception {
        return start(environment, JavaCommand.quick().mainWithoutTests(RtaaApplication.class), HERE);
    }

    private static RunningJar start(Map<String, String> environment, List<String> command, Path directory)
            throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("PORT", "0");
        all.putIfAbsent("MANAGEMENT_PORT", "0");
        RunningJar jar = new RunningJar(all, command, directory);
        try {
            jar.port.get(START_SECONDS, TimeUnit.SECONDS);
            return jar;
        } catch (TimeoutException e) {
            jar.close();
            throw new AssertionError("not listening after " + START_SECONDS + " s: " + jar.output(), e);
        }
    }

    /** Runs a command to its end, from the jar taken apart, which starts quickly. Its paths have to be absolute. */
    public static Result run(String... arguments) throws Exception {
        return finish(new RunningJar(Map.of(), ExtractedJar.command(arguments), ExtractedJar.directory()));
    }

    /** Runs the service where it is to fail at its start, from the jar taken apart, which starts quickly. */
    public static Result run(Map<String, String> environment) throws Exception {
        return finish(new RunningJar(environment, ExtractedJar.command(), ExtractedJar.directory()));
    }

    private static Result finish(RunningJar jar) throws InterruptedException {
        try (jar) {
            if (!jar.process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after " + START_SECONDS + " s: " + jar.output());
            }
            jar.reader.join();
            return new Result(jar.process.exitValue(), jar.output());
        }
    }

    public int port() {
        return port.join();
    }

    /** The port of the management listener. */
    public int managementPort() {
        return managementPort.join();
    }

    /** What it printed so far. */
    public String output() {
        return String.join("\n", lines);
    }

    /** Stops the process where it stands, until {@link #resume}. */
    public void suspend() throws Exception {
        signal("-STOP");
    }

    /** Has the suspended process go on. */
    public void resume() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                .inheritIO()
                .start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill " + signal + " ended with " + kill.exitValue());
        }
    }

    /** Sends SIGTERM and waits for the end; the exit code. */
    public int stop() throws InterruptedException {
        terminate();
        return awaitExit();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        // Process.destroy would close the streams too, and with them what it says at the end.
        process.toHandle().destroy();
    }

    /** Waits for the end after {@link #terminate}; the exit code. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running " + STOP_SECONDS + " s after SIGTERM: " + output());
        }
        reader.join();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                complete(port, LISTENING.matcher(line));
                complete(managementPort, MANAGEMENT.matcher(line));
            }
        } catch (IOException e) {
            lines.add("reading its output failed: " + e);
        } finally {
            AssertionError ended = new AssertionError("it ended without listening: " + output());
            port.completeExceptionally(ended);
            managementPort.completeExceptionally(ended);
        }
    }

    private static void complete(CompletableFuture<Integer> port, Matcher said) {
        if (said.find()) {
            port.complete(Integer.valueOf(said.group(1)));
        }
    }
}
