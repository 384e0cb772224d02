package io.rtaa.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages what well-meaning peers send. The same random numbers damage it in the same way. */
public final class Mutations {

    /** Pieces on which parsers of texts and of bytes stumble. */
    private static final List<byte[]> PIECES = List.of(
            bytes("{"),
            bytes("}"),
            bytes("["),
            bytes("]"),
            bytes("\""),
            bytes(","),
            bytes(":"),
            bytes("null"),
            bytes("true"),
            bytes("-1"),
            bytes("1e999"),
            bytes("-1e999"),
            bytes("0.0000001"),
            bytes("9223372036854775808"),
            bytes("-9223372036854775808"),
            bytes("99999999999999999999999999999999999999999"),
            bytes("\\u0000"),
            bytes("\\ud800"),
            bytes("\\"),
            bytes("%"),
            bytes("%00"),
            bytes("%zz"),
            bytes("&"),
            bytes("="),
            bytes("/"),
            bytes("/../"),
            bytes("."),
            bytes(";"),
            bytes("@"),
            bytes("\r\n"),
            bytes("\t "),
            "ä😀\u202e\u2028".getBytes(UTF_8),
            new byte[] {0},
            new byte[] {0, 0, 0, 1},
            new byte[] {-1},
            new byte[] {-1, -1, -1, -1},
            new byte[] {127, -1, -1, -1},
            new byte[] {-128, 0, 0, 0},
            new byte[] {(byte) 0xc0, (byte) 0x80},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf},
            new byte[] {(byte) 0xfe, (byte) 0xff, 0, 123},
            new byte[] {0, 0, 0, 123, 0, 127, -1, -1});

    private static final int MOST_CHANGES = 4;

    /** A build tries the same inputs each time, so that it fails only by what was changed; the profile tries others. */
    private static final long SEED = seed(System.getProperty("fuzz.seed", "0"));

    private static final int MOST_REPEATS = 300;

    private Mutations() {}

    private static long seed(String value) {
        return value.equals("random") ? new SecureRandom().nextLong() : Long.parseLong(value);
    }

    /** What damages the input of a number. */
    public static Random random(long number) {
        return new Random(number ^ SEED);
    }

    /** One of the seeds, changed in up to four places; now and then as it is, or bytes that are none of theirs. */
    public static byte[] mutated(List<byte[]> seeds, Random random) {
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] input = seeds.get(random.nextInt(seeds.size()));
        for (int changes = random.nextInt(MOST_CHANGES + 1); changes > 0; changes--) {
            input = changed(input, seeds, random);
        }
        return input;
    }

    private static byte[] changed(byte[] input, List<byte[]> seeds, Random random) {
        int from = random.nextInt(input.length + 1);
        int to = Math.min(input.length, from + random.nextInt(12));
        return switch (random.nextInt(7)) {
            case 0 -> Arrays.copyOf(input, from);
            case 1 -> spliced(input, from, to, new byte[0]);
            case 2 -> spliced(input, from, from, piece(random));
            case 3 -> spliced(input, from, to, piece(random));
            case 4 -> spliced(input, from, from, repeated(Arrays.copyOfRange(input, from, to), random));
            case 5 -> spliced(input, from, from, seeds.get(random.nextInt(seeds.size())));
            default -> flipped(input, random);
        };
    }

    private static byte[] piece(Random random) {
        return PIECES.get(random.nextInt(PIECES.size()));
    }

    private static byte[] repeated(byte[] piece, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = random.nextInt(MOST_REPEATS); i > 0; i--) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    private static byte[] flipped(byte[] input, Random random) {
        byte[] flipped = input.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] spliced(byte[] input, int from, int to, byte[] with) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + with.length);
        out.write(input, 0, from);
        out.writeBytes(with);
        out.write(input, to, input.length - to);
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
