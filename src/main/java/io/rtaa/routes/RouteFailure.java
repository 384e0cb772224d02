package io.rtaa.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an exception of Camel's says about a route file, for a message without a stack trace.
 *
 * <p>Thread-safety: stateless.
 */
public final class RouteFailure {

    private static final Pattern SHORTENED = Pattern.compile("(/.*):(\\d+)");
    private static final Pattern LINE = Pattern.compile("line[: ]+(\\d+)");

    private RouteFailure() {}

    /**
     * The line that a failure or one of its causes names, from 1.
     *
     * @param otherwise the answer where none names one
     */
    public static int line(Throwable failure, int otherwise) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher matcher = LINE.matcher(String.valueOf(cause.getMessage()));
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        return otherwise;
    }

    /**
     * Where a route is: its file, and a line where the file can be read.
     *
     * @param location what Camel says: the file only, or a place in it without the last ending of the file's name
     */
    public static String place(String location, String routeId) {
        Matcher shortened = SHORTENED.matcher(location);
        if (shortened.matches()) {
            for (String ending : List.of(".yaml", ".yml")) {
                String file = shortened.group(1) + ending;
                if (Files.exists(Path.of(file))) {
                    return file + ":" + shortened.group(2);
                }
            }
        }
        Pattern id = Pattern.compile("[-\\s]*id:\\s*['\"]?" + Pattern.quote(routeId) + "['\"]?\\s*(#.*)?");
        try {
            List<String> lines = Files.readAllLines(Path.of(location));
            for (int i = 0; i < lines.size(); i++) {
                if (id.matcher(lines.get(i)).matches()) {
                    return location + ":" + (i + 1);
                }
            }
        } catch (IOException | InvalidPathException e) {
            // A route of a URL has no line.
        }
        return location;
    }

    /** What the innermost cause says, in one line; its type where it says nothing. */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.replaceAll("\\s+", " ").strip();
    }
}
