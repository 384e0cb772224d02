package io.rtaa.routes;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.AntPathMatcher;

/**
 * Finds the route files that a list of places names. A place is one of:
 *
 * <ul>
 *   <li>a file, whatever its name,
 *   <li>a folder: the files in it and in its subfolders whose names end in {@value #SUFFIX},
 *   <li>a pattern: {@code *} and {@code ?} stand for parts of a name, {@code **} for any number of folders,
 *   <li>a URL such as {@code classpath:routes/*.camel.yaml}; {@code file:} in front of a path changes nothing.
 * </ul>
 *
 * <p>Links are followed, and a file is found once, whatever number of links or places lead to it. Kubernetes keeps the
 * files of a mounted ConfigMap in a folder whose name begins with {@code ..} and links to them; such folders count only
 * where a place names them.
 *
 * <p>Thread-safety: stateless. It reads files and so blocks.
 */
public final class RouteFileFinder {

    public static final String SUFFIX = ".camel.yaml";

    /** What is no path. Any other colon is part of a path. */
    private static final Pattern URL = Pattern.compile("(?:classpath\\*?|jar|https?):.*");

    private static final String FILE = "file:";
    private static final String OF_KUBERNETES = "..";

    private RouteFileFinder() {}

    /**
     * Reads the files of all places: in the order of the places, within a place by name.
     *
     * @param empty gets each place that names no file
     * @throws IOException if a file or folder cannot be read; the message names it
     */
    public static List<RouteFile> find(List<String> places, Consumer<String> empty) throws IOException {
        Map<Object, RouteFile> found = new LinkedHashMap<>();
        for (String place : places) {
            boolean any = false;
            if (isUrl(place)) {
                for (RouteFile file : resources(place)) {
                    found.putIfAbsent(file.name(), file);
                    any = true;
                }
            } else {
                for (Path file : files(path(place))) {
                    addUnlessFound(file, found);
                    any = true;
                }
            }
            if (!any) {
                empty.accept(place);
            }
        }
        return List.copyOf(found.values());
    }

    /** Whether a place names something that is there, or may name it: a pattern or a URL. */
    public static boolean exists(String place) {
        return isUrl(place) || isPattern(path(place)) || Files.exists(Path.of(path(place)));
    }

    private static boolean isUrl(String place) {
        return URL.matcher(place).matches() && !Files.exists(Path.of(place));
    }

    private static String path(String place) {
        return place.startsWith(FILE) ? place.substring(FILE.length()) : place;
    }

    private static boolean isPattern(String name) {
        return name.contains("*") || name.contains("?");
    }

    private static List<RouteFile> resources(String pattern) throws IOException {
        List<RouteFile> found = new ArrayList<>();
        for (Resource resource : resolve(pattern)) {
            if (resource.exists() && resource.isReadable()) {
                found.add(new RouteFile(
                        resource.getURI().toString(), resource.getContentAsString(StandardCharsets.UTF_8)));
            }
        }
        found.sort(Comparator.comparing(RouteFile::name));
        return found;
    }

    private static Resource[] resolve(String pattern) throws IOException {
        try {
            return new PathMatchingResourcePatternResolver().getResources(pattern);
        } catch (FileNotFoundException e) {
            // The class path has no such folder.
            return new Resource[0];
        }
    }

    private static Iterable<Path> files(String place) throws IOException {
        Path path = Path.of(place);
        if (Files.isDirectory(path)) {
            return walk(path, file -> file.toString().endsWith(SUFFIX));
        }
        if (Files.exists(path)) {
            return List.of(path);
        }
        return isPattern(place) ? matching(path) : List.of();
    }

    /** Walks the part of a pattern that names one folder, and matches the rest. */
    private static Iterable<Path> matching(Path pattern) throws IOException {
        Path folder = pattern.isAbsolute() ? pattern.getRoot() : Path.of("");
        int fixed = 0;
        while (!isPattern(pattern.getName(fixed).toString())) {
            folder = folder.resolve(pattern.getName(fixed++));
        }
        String rest = slashes(pattern.subpath(fixed, pattern.getNameCount()));
        Path root = folder;
        AntPathMatcher matcher = new AntPathMatcher();
        return Files.isDirectory(root)
                ? walk(root, file -> matcher.match(rest, slashes(root.relativize(file))))
                : List.of();
    }

    private static String slashes(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private static Iterable<Path> walk(Path root, Predicate<Path> wanted) throws IOException {
        TreeSet<Path> found = new TreeSet<>();
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                        return !folder.equals(root) && isOfKubernetes(folder)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        // A link to nothing is found too, so that reading it says so: no route is missed in silence.
                        if ((attributes.isRegularFile() || attributes.isSymbolicLink()) && wanted.test(file)) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                        if (failure instanceof FileSystemLoopException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }
                });
        return found;
    }

    private static boolean isOfKubernetes(Path folder) {
        Path name = folder.getFileName();
        return name != null && name.toString().startsWith(OF_KUBERNETES);
    }

    private static void addUnlessFound(Path file, Map<Object, RouteFile> found) throws IOException {
        try {
            Path real = file.toRealPath();
            if (!found.containsKey(real)) {
                found.put(real, new RouteFile(file.toString(), Files.readString(file)));
            }
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is a link to a file that does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + " may not be read by this process", e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is no text in UTF-8", e);
        }
    }
}
