package io.rtaa.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a file of a setting held when it was read: a key, a certificate, a password.
 *
 * <p>Thread-safety: immutable, as long as no reader changes the bytes.
 *
 * @param file where it is
 * @param bytes all of it, at most {@value #MAX_BYTES} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by its bytes.
record FileContent(Path file, byte[] bytes) {

    /** The most bytes that a file of a setting may have. */
    static final int MAX_BYTES = 1024 * 1024;

    /**
     * Reads a file, through links.
     *
     * @param path as an operator set it
     * @throws IllegalArgumentException if it cannot be read or is too large; the message holds nothing of its content
     */
    static FileContent read(String path) {
        try {
            return read(Path.of(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("this is no path of a file; allowed: the path of a file", e);
        }
    }

    /** As {@link #read(String)}. */
    static FileContent read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(file + " is larger than " + MAX_BYTES + " bytes; allowed: less");
            }
            return new FileContent(file, bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read (" + e.getClass().getSimpleName()
                            + "); allowed: a file that this process can read",
                    e);
        }
    }

    /** The content as UTF-8. */
    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Whether both hold the same bytes. */
    boolean isSameAs(FileContent other) {
        return Arrays.equals(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileContent content && file.equals(content.file) && isSameAs(content);
    }

    @Override
    public int hashCode() {
        return file.hashCode();
    }

    /** Names the file only: its content may be a secret. */
    @Override
    public String toString() {
        return file.toString();
    }
}
