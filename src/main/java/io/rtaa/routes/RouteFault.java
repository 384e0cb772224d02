package io.rtaa.routes;

/**
 * Something wrong in a route file.
 *
 * @param file the file's name
 * @param line counted from 1
 * @param reason what is wrong
 */
public record RouteFault(String file, int line, String reason) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + reason;
    }
}
