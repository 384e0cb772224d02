package io.rtaa.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/**
 * The packaged jar taken apart, with an archive of its classes, as the Dockerfile has it. A process of it starts with a
 * third of the work that the jar takes, which counts where many start on few cores.
 *
 * <p>Thread-safety: safe; the first who asks makes it, others wait.
 */
public final class ExtractedJar {

    private static final Path JAR = Path.of("target", "rtaa.jar");
    private static final Path DIRECTORY = Path.of("target", "extracted").toAbsolutePath();
    private static final Path EXTRACTED_JAR = DIRECTORY.resolve("rtaa.jar");
    private static final Path ARCHIVE = DIRECTORY.resolve("rtaa.jsa");
    private static final int HEAP_MEGABYTES = 384;

    private static boolean made;

    private ExtractedJar() {}

    /**
     * The command that starts rtaa in a small JVM.
     *
     * @throws UncheckedIOException if the jar cannot be taken apart
     */
    public static synchronized List<String> command(String... arguments) {
        if (!made) {
            make();
            made = true;
        }
        return JavaCommand.small(HEAP_MEGABYTES)
                .and("-XX:SharedArchiveFile=" + ARCHIVE)
                .jar(EXTRACTED_JAR, arguments);
    }

    private static void make() {
        try {
            FileSystemUtils.deleteRecursively(DIRECTORY);
            run(JavaCommand.small(HEAP_MEGABYTES)
                    .and("-Djarmode=tools")
                    .jar(JAR, "extract", "--destination", DIRECTORY.toString()));
            run(JavaCommand.small(HEAP_MEGABYTES)
                    .and("-XX:ArchiveClassesAtExit=" + ARCHIVE, "-Xlog:cds=error", "-Dspring.context.exit=onRefresh")
                    .jar(EXTRACTED_JAR));
        } catch (IOException e) {
            throw new UncheckedIOException(JAR + " cannot be taken apart", e);
        }
    }

    private static void run(List<String> command) throws IOException {
        Path log = Files.createTempFile("extracted-jar", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ": "
                        + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Files.delete(log);
        }
    }
}
