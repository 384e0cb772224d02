package io.rtaa.testsupport.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A server in a process of its own: it can be started, killed, stopped in its tracks and started again at the same address.
 * What it prints is in {@code <name>.log} of its directory.
 *
 * <p>Thread-safety: one thread at a time.
 */
public abstract class ServerProcess implements AutoCloseable {

    /** A binary that was just unpacked cannot be run while another process is being made: that holds the file open to write. */
    private static final Object LAUNCHING = new Object();

    /** Several start at once, on a machine that may be busy. */
    private static final Duration START = Duration.ofMinutes(4);

    private static final Duration STOP = Duration.ofMinutes(1);
    private static final int PROBE_MILLIS = 500;

    private final String name;
    private final Path directory;
    private @Nullable Process process;

    /**
     * @param name what it is called, in messages and file names
     * @param directory where its files go, and where it runs by default; made where it is not there
     */
    protected ServerProcess(String name, Path directory) {
        this.name = name;
        this.directory = directory.toAbsolutePath();
    }

    /** The command line, without what inherits from this process. */
    protected abstract List<String> command() throws IOException;

    /** Where the command runs. */
    protected Path workingDirectory() {
        return directory;
    }

    /** Variables added to those of this process. */
    protected Map<String, String> environment() {
        return Map.of();
    }

    /** Whether it does its job now; asked again and again while it starts. */
    protected abstract boolean isUp();

    public final String name() {
        return name;
    }

    protected final Path directory() {
        return directory;
    }

    /** Starts it and returns at once. One that was told to end is waited for first, as it holds the address. */
    public final void launch() {
        awaitEnd();
        try {
            Files.createDirectories(directory);
            synchronized (LAUNCHING) {
                ProcessBuilder builder = new ProcessBuilder(command())
                        .directory(workingDirectory().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
                builder.environment().putAll(environment());
                process = builder.start();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not start", e);
        }
    }

    /** Waits until it does its job. */
    public final void awaitUp() {
        Awaitility.await(name + " is up").atMost(START).until(() -> {
            if (!running().isAlive()) {
                throw new AssertionError(name + " ended at its start, see " + log());
            }
            return isUp();
        });
    }

    /** Starts it and waits until it does its job. */
    public final void start() {
        launch();
        awaitUp();
    }

    /** SIGKILL: it ends here and now. */
    public final void kill() {
        running().toHandle().destroyForcibly();
    }

    /** SIGTERM: it may end in its own way, in its own time. */
    public final void terminate() {
        running().toHandle().destroy();
    }

    /** SIGSTOP: it stands still, its sockets stay open. */
    public final void suspend() {
        signal("-STOP");
    }

    /** SIGCONT: it goes on where it stood, as if no time had passed. */
    public final void resume() {
        signal("-CONT");
    }

    /** Its number with the operating system. */
    public final long pid() {
        return running().pid();
    }

    public final boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** All it printed, at every start. */
    public final Path log() {
        return directory.resolve(name + ".log");
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd();
        }
    }

    /** Whether somebody takes connections at a port of the loopback address. */
    protected static boolean listens(int port) {
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void signal(String signal) {
        try {
            int exit = new ProcessBuilder(
                            "kill", signal, Long.toString(running().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill " + signal + " of " + name + " failed with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitEnd() {
        Process before = process;
        if (before == null) {
            return;
        }
        try {
            if (!before.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + " still runs " + STOP.toSeconds() + " s after it was to end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return process;
    }
}
