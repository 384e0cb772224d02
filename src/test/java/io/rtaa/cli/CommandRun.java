package io.rtaa.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs commands as a terminal does, keeps what they print, and has a directory for their files. */
final class CommandRun {

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    private final Path dir;

    CommandRun(Path dir) {
        this.dir = dir;
    }

    /** Runs one command; returns its exit code. */
    int run(String... args) {
        return RtaaCommand.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    /** Runs {@code validate} on the directory; returns its exit code. */
    int validate() {
        return run("validate", dir.toString());
    }

    /** Writes a route file to the directory. */
    void route(String file, String text) throws IOException {
        Files.writeString(dir.resolve(file), text);
    }
}
