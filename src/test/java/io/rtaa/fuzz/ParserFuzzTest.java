package io.rtaa.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every parser of outside bytes gives a value or the refusal that it documents, whatever it gets. How many tries there
 * are is {@code jqwik.tries.default}: the profile {@code fuzz} makes them more.
 */
class ParserFuzzTest {

    /** As large as a message from a socket can be, and larger than all headers together. */
    private static final int LARGE = 256 * 1024;

    /**
     * What a parser may allocate for a byte. Text that is parsed is there in three forms, and a message of two bytes
     * may mean an event of a hundred.
     */
    private static final long BYTES_FOR_ONE = 1000;

    private static final long BYTES_AT_LEAST = 4L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Property(seed = "1", shrinking = ShrinkingMode.OFF)
    void aParserGivesAValueOrTheDocumentedRefusal(@ForAll long number) {
        for (FuzzTarget target : FuzzTarget.values()) {
            byte[] input = Mutations.mutated(target.seeds(), Mutations.random(number));
            try {
                target.read(input);
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError(target + " failed on " + HexFormat.of().formatHex(input), e);
            }
        }
    }

    /** The shapes on which parsers run out of stack, memory or time. */
    enum Shape {
        OPENED("[", ""),
        NESTED("{\"a\":", ""),
        NESTED_IN_CHANNEL("{\"type\":\"Results\",\"channel\":{\"alternatives\":[", ""),
        MESSAGES("{}", ""),
        MEDIA("{\"event\":\"media\",\"media\":{\"payload\":\"AAAA\"}}", ""),
        FIELDS("\"a\":1,", "{"),
        WORDS(
                "{\"word\":\"a\",\"start\":1,\"end\":2},",
                "{\"type\":\"Results\",\"channel\":{\"alternatives\":[{\"words\":["),
        DIGITS("9", "{\"seq\":"),
        STRING("a", "{\"event\":\""),
        ESCAPES("\\u0041", "{\"event\":\""),
        COMMAS(",", ""),
        SPACES(" ", ""),
        PARAMETERS("&token=", ""),
        PERCENTS("%41", ""),
        SEGMENTS("/a", ""),
        DOTS("a.", ""),
        COLONS(":", "1"),
        ADDRESSES("1.1.1.1,", ""),
        CHUNKS("LIST\0\0\0\0", "RIFF\0\0\0\0WAVE"),
        NULS("\0", ""),
        ONES("\u00ff", "");

        private final String piece;
        private final String head;

        Shape(String piece, String head) {
            this.piece = piece;
            this.head = head;
        }

        byte[] bytes() {
            String text = head + piece.repeat((LARGE - head.length()) / piece.length());
            return text.getBytes(ISO_8859_1);
        }
    }

    @ParameterizedTest
    @EnumSource
    // A parser whose time is no small multiple of its input's length takes minutes for such inputs.
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void aLargeInputTakesMemoryInProportion(FuzzTarget target) {
        for (Shape shape : Shape.values()) {
            byte[] input = shape.bytes();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                target.read(input);
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError(target + " failed on " + shape, e);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("%s, %s", target, shape)
                    .isLessThan(BYTES_AT_LEAST + BYTES_FOR_ONE * input.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWellMeaningPeersSendIsRead(FuzzTarget target) throws IOException {
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).isNotEmpty();
        for (byte[] seed : seeds) {
            target.read(seed);
        }
    }
}
