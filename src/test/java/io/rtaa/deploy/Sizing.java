package io.rtaa.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory that calls take, by the formula of docs/performance.md.
 *
 * @param times the heap, by what is live in it
 * @param processMib what a process takes without calls
 * @param callMib what a call takes
 * @param container a container's memory, by its heap
 */
record Sizing(double times, double processMib, double callMib, double container) {

    private static final Pattern HEAP = Pattern.compile("`heap = (\\d+) × \\((\\d+) MiB \\+ N × ([\\d.]+) MiB\\)`");
    private static final Pattern CONTAINER = Pattern.compile("A container has ([\\d.]+)\\s+times");

    static Sizing ofDocument() throws IOException {
        String document = Files.readString(Path.of("docs/performance.md"));
        Matcher heap = HEAP.matcher(document);
        Matcher container = CONTAINER.matcher(document);
        assertThat(heap.find()).as("a formula of the heap").isTrue();
        assertThat(container.find()).as("what a container has of it").isTrue();
        return new Sizing(number(heap, 1), number(heap, 2), number(heap, 3), number(container, 1));
    }

    private static double number(Matcher found, int group) {
        return Double.parseDouble(found.group(group));
    }

    long heapBytes(long calls) {
        return Math.round(times * (processMib + calls * callMib) * (1 << 20));
    }

    long containerBytes(long calls) {
        return Math.round(container * heapBytes(calls));
    }
}
