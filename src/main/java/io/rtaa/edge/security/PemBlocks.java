package io.rtaa.edge.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The blocks of PEM text. {@code \n} may stand for a line break, as many ways of setting an environment variable
 * allow one line only; a block may be indented, or stand on one line. No error holds any part of a key.
 */
final class PemBlocks {

    private static final String BEGIN = "-----BEGIN ";
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private PemBlocks() {}

    /**
     * A block.
     *
     * @param label what it says it is, such as {@code PUBLIC KEY}
     * @param base64 what it holds, without white space
     */
    record Block(String label, String base64) {

        /** The block as readers of PEM want it. */
        String pem() {
            return BEGIN + label + "-----\n" + base64 + "\n-----END " + label + "-----";
        }

        /** Names its label only: it may hold a secret. */
        @Override
        public String toString() {
            return label;
        }
    }

    /** Whether a text is PEM, and not the path of a file. */
    static boolean isPem(String text) {
        return text.contains(BEGIN);
    }

    /**
     * The blocks of a text, at least one.
     *
     * @throws IllegalArgumentException if there is none
     */
    static List<Block> of(String pem) {
        List<Block> blocks = BLOCK.matcher(pem.replace("\\n", "\n"))
                .results()
                .map(block -> new Block(block.group(1), block.group(2).replaceAll("\\s+", "")))
                .toList();
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("no PEM block found; allowed: PEM text or the path of a PEM file");
        }
        return blocks;
    }

    /**
     * The blocks of a text, or of the file that it names.
     *
     * @throws IllegalArgumentException if there is none, or the file cannot be read
     */
    static List<Block> ofTextOrFile(String pemOrFile) {
        return of(isPem(pemOrFile) ? pemOrFile : read(pemOrFile));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file.strip()), StandardCharsets.ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            // The value is left out, and with it the cause, which names it: it may be a key that was pasted without its
            // frame.
            throw new IllegalArgumentException("neither PEM text nor a file that can be read ("
                    + e.getClass().getSimpleName() + ")");
        }
    }
}
