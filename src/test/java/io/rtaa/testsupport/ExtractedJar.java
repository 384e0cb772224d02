package io.rtaa.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * The packaged jar taken apart, with an archive of its classes, as the Dockerfile makes it. A process of it starts with a
 * third of the work that the jar takes, which counts where many start on few cores.
 *
 * <p>Thread-safety: safe; the first who asks makes it, others wait.
 */
public final class ExtractedJar {

    private static final Path JAR = Path.of("target", "rtaa.jar");
    private static final Path FOLDER = Path.of("target", "extracted").toAbsolutePath();
    private static final int HEAP_MEGABYTES = 384;

    private static @Nullable Image image;

    private ExtractedJar() {}

    /**
     * What the Dockerfile makes of the jar, one for all tests of a JVM.
     *
     * @throws UncheckedIOException if the jar cannot be taken apart
     */
    public static synchronized Image image() {
        if (image == null) {
            try {
                FileSystemUtils.deleteRecursively(FOLDER);
                image = Image.of(JAR, FOLDER);
            } catch (IOException e) {
                throw new UncheckedIOException(JAR + " cannot be taken apart", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return image;
    }

    /** Where its files are: what {@link #command} is to be run in, or the JVM takes no class from the archive. */
    public static Path directory() {
        return image().directory();
    }

    /** The command that starts rtaa in a small JVM. */
    public static List<String> command(String... arguments) {
        return commandWithHeap(HEAP_MEGABYTES, arguments);
    }

    /** The same in a JVM with another heap. */
    public static List<String> commandWithHeap(int megabytes, String... arguments) {
        String[] archive = image().command().stream()
                .filter(option -> option.startsWith("-XX:SharedArchiveFile="))
                .toArray(String[]::new);
        return JavaCommand.small(megabytes)
                .and(archive)
                .arguments(Stream.concat(Stream.of("-jar", "rtaa.jar"), Stream.of(arguments))
                        .toList());
    }
}
