package io.rtaa.testsupport;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line that starts another JVM of this JDK.
 *
 * <p>Thread-safety: immutable.
 */
public final class JavaCommand {

    private final List<String> options;

    private JavaCommand(String... options) {
        this.options = List.of(options);
    }

    /** On the JVM's own defaults. */
    public static JavaCommand withDefaults() {
        return new JavaCommand();
    }

    /** With options for the JVM. */
    public static JavaCommand with(String... options) {
        return new JavaCommand(options);
    }

    /** Small and quick to start, as several JVMs share the machine. */
    public static JavaCommand small(int heapMegabytes) {
        return quick().and("-Xmx" + heapMegabytes + "m");
    }

    /** Quick to start, with as much heap as the JVM takes by default. */
    public static JavaCommand quick() {
        return new JavaCommand("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    }

    /** The same with further options for the JVM. */
    public JavaCommand and(String... more) {
        return new JavaCommand(Stream.concat(options.stream(), Stream.of(more)).toArray(String[]::new));
    }

    /** Runs a jar. */
    public List<String> jar(Path jar, String... arguments) {
        return of(List.of("-jar", jar.toAbsolutePath().toString()), arguments);
    }

    /** Runs a class of this JVM's class path. */
    public List<String> main(Class<?> main, String... arguments) {
        return of(List.of("-cp", classPath(), main.getName()), arguments);
    }

    /** As {@link #main}, without the classes and files of the tests. */
    public List<String> mainWithoutTests(Class<?> main, String... arguments) {
        String without = Arrays.stream(classPath().split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        return of(List.of("-cp", without, main.getName()), arguments);
    }

    /** Runs what the arguments of {@code java} say. */
    public List<String> arguments(List<String> arguments) {
        return of(arguments);
    }

    private List<String> of(List<String> program, String... arguments) {
        return Stream.of(List.of(Jdk.program("java")), options, program, List.of(arguments))
                .flatMap(List::stream)
                .toList();
    }

    /** Absolute, as the other JVM may start in a directory of its own. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
