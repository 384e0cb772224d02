package io.rtaa.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** What the Dockerfile makes of the jar, made without an engine, on this machine's JVM: what its lines say is done in folders. */
public final class Image {

    private static final Path DOCKERFILE = Path.of("Dockerfile");
    private static final Pattern RUN_JAVA = Pattern.compile("(?m)^RUN java (.+)$");
    private static final Pattern COPY = Pattern.compile("(?m)^COPY --from=layers /layers/extracted/(\\S+)/ \\./$");
    private static final Pattern ENTRYPOINT = Pattern.compile("(?m)^ENTRYPOINT \\[(.+)]$");
    private static final Pattern WORD = Pattern.compile("\"([^\"]+)\"");

    private final Path directory;
    private final List<String> command;

    private Image(Path directory, List<String> command) {
        this.directory = directory;
        this.command = command;
    }

    /**
     * Does what the Dockerfile does: its first command takes the jar apart, its copies put it together, its second runs in what came
     * of that.
     *
     * @param folder where it is made
     * @throws IllegalStateException if the Dockerfile says something else, or a command fails
     */
    public static Image of(Path jar, Path folder) throws IOException, InterruptedException {
        String dockerfile = Files.readString(DOCKERFILE);
        List<String> commands = all(RUN_JAVA, dockerfile);
        if (commands.size() != 2) {
            throw new IllegalStateException(DOCKERFILE + " runs java " + commands.size() + " times; known: twice");
        }
        Path layers = Files.createDirectories(folder.resolve("layers"));
        Files.copy(jar, layers.resolve("rtaa.jar"));
        run(commands.get(0), layers);
        Path directory = Files.createDirectories(folder.resolve("image"));
        putTogether(layers.resolve("extracted"), all(COPY, dockerfile), directory);
        run(commands.get(1), directory);
        List<String> entrypoint = all(WORD, only(ENTRYPOINT, dockerfile));
        if (!entrypoint.get(0).equals("java")) {
            throw new IllegalStateException(DOCKERFILE + " starts " + entrypoint.get(0) + "; known: java");
        }
        return new Image(directory, JavaCommand.withDefaults().arguments(entrypoint.subList(1, entrypoint.size())));
    }

    /** Where its files are: what the command is to be run in. */
    public Path directory() {
        return directory;
    }

    /** What its entry point starts. */
    public List<String> command() {
        return command;
    }

    private static void putTogether(Path extracted, List<String> copied, Path image) throws IOException {
        try (Stream<Path> found = Files.list(extracted)) {
            Set<String> layers = found.filter(Files::isDirectory)
                    .map(layer -> layer.getFileName().toString())
                    .collect(Collectors.toSet());
            if (!layers.equals(Set.copyOf(copied))) {
                throw new IllegalStateException(DOCKERFILE + " copies " + copied + "; there is " + layers);
            }
        }
        for (String layer : copied) {
            FileSystemUtils.copyRecursively(extracted.resolve(layer), image);
        }
    }

    private static void run(String arguments, Path where) throws IOException, InterruptedException {
        int status = new ProcessBuilder(
                        JavaCommand.with("-XX:TieredStopAtLevel=1").arguments(List.of(arguments.split(" ", -1))))
                .directory(where.toFile())
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("java " + arguments + " in " + where + " ended with " + status);
        }
    }

    private static String only(Pattern pattern, String text) {
        List<String> found = all(pattern, text);
        if (found.size() != 1) {
            throw new IllegalStateException(pattern + " is in " + DOCKERFILE + " " + found.size() + " times");
        }
        return found.get(0);
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
