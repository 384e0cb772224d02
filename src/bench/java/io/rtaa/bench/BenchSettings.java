package io.rtaa.bench;

import io.rtaa.bench.load.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What to measure: the {@code bench.*} properties of docs/performance.md.
 *
 * @param mode which kind of run
 * @param buses one after another
 * @param frames the audio in a frame, milliseconds, one after another
 * @param calls at a time; where the knee is sought, how many to begin with
 * @param pairs how often each side is measured
 * @param warmup how long each side is under load before anything is measured
 * @param measured how long each measurement takes
 * @param late frames may go out so late, all but one in a thousand
 * @param foreignPercent how much of the machine anybody else may use
 * @param p99 added latency that still counts as clean there
 * @param soak how long a soak takes
 * @param jar what is measured
 * @param beside a variable, by name, of a second rtaa that stands in the bare relay's place; empty for the relay
 */
record BenchSettings(
        Mode mode,
        List<MeasuredBus> buses,
        List<Integer> frames,
        int calls,
        int pairs,
        Duration warmup,
        Duration measured,
        Duration late,
        int foreignPercent,
        Duration p99,
        Duration soak,
        Path jar,
        Map<String, String> beside) {

    /** The kinds of run. */
    enum Mode {
        PAIRS,
        KNEE,
        SOAK,
        JMH,
        SIZE
    }

    /** Anything shorter says nothing about code that a JVM has not yet compiled. */
    static final Duration LEAST_WARMUP = Duration.ofSeconds(60);

    /** Until then rtaa's code, of which there is far more than the relay's, is mostly compiled. */
    private static final int USUAL_WARMUP_SECONDS = 150;

    static final int LEAST_PAIRS = 5;

    private static final String PREFIX = "bench.";

    /**
     * Reads the settings; what is empty or absent has its default.
     *
     * @param property gives a property by its name, or null
     * @throws IllegalArgumentException that names every fault: the property, its value, what is allowed
     */
    static BenchSettings read(UnaryOperator<String> property) {
        Reader reader = new Reader(property);
        BenchSettings settings = new BenchSettings(
                reader.value("mode", "pairs", "pairs, knee, soak, jmh, size", BenchSettings::mode),
                reader.value(
                        "bus", "memory,redis,kafka", "memory, redis, kafka", text -> list(text, BenchSettings::bus)),
                reader.value(
                        "frames", "100,20", "milliseconds that divide 2000", text -> list(text, BenchSettings::frame)),
                reader.number("calls", MeasuredBus.REFERENCE_CALLS, 1, KneeSearch.MOST_CALLS),
                reader.number("pairs", LEAST_PAIRS, 1, 1000),
                reader.seconds("warmup", USUAL_WARMUP_SECONDS, 1),
                reader.seconds("seconds", 20, 1),
                reader.millis("late-ms", 20),
                reader.number("foreign-percent", 5, 1, 100),
                reader.millis("p99-ms", 100),
                Duration.ofMinutes(reader.number("minutes", 30, 1, 24 * 60)),
                reader.value("jar", "target/rtaa.jar", "a file", Path::of),
                reader.value("beside", "", "NAME=VALUE", BenchSettings::variable));
        reader.throwIfFaulty();
        return settings;
    }

    /** Why this run is too short to say anything; empty where it is not. */
    List<String> shortcomings() {
        List<String> reasons = new ArrayList<>();
        if (warmup.compareTo(LEAST_WARMUP) < 0) {
            reasons.add("warm-up of " + warmup.toSeconds() + " s; at least " + LEAST_WARMUP.toSeconds() + " s");
        }
        if (mode == Mode.PAIRS && pairs < LEAST_PAIRS) {
            reasons.add(pairs + " pairs; at least " + LEAST_PAIRS);
        }
        return reasons;
    }

    private static Mode mode(String name) {
        return Mode.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Map<String, String> variable(String text) {
        if (text.isEmpty()) {
            return Map.of();
        }
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(text);
        }
        return Map.of(text.substring(0, equals), text.substring(equals + 1));
    }

    private static MeasuredBus bus(String name) {
        return MeasuredBus.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Integer frame(String millis) {
        return new Script(Integer.parseInt(millis)).frameMillis();
    }

    private static <T> List<T> list(String text, Function<String, T> parser) {
        return Arrays.stream(text.split(",")).map(String::strip).map(parser).toList();
    }

    private static final class Reader {
        private final UnaryOperator<String> property;
        private final Set<String> faults = new TreeSet<>();

        Reader(UnaryOperator<String> property) {
            this.property = property;
        }

        <T> T value(String name, String unset, String allowed, Function<String, T> parser) {
            String given = property.apply(PREFIX + name);
            String text = given == null || given.isBlank() ? unset : given.strip();
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                faults.add(PREFIX + name + " is '" + text + "'; allowed: " + allowed);
                return parser.apply(unset);
            }
        }

        int number(String name, int unset, int least, int most) {
            return value(name, Integer.toString(unset), least + " to " + most, text -> {
                int number = Integer.parseInt(text);
                if (number < least || number > most) {
                    throw new IllegalArgumentException(text);
                }
                return number;
            });
        }

        Duration seconds(String name, int unset, int least) {
            return Duration.ofSeconds(number(name, unset, least, 3600));
        }

        Duration millis(String name, int unset) {
            return Duration.ofMillis(number(name, unset, 1, 60_000));
        }

        void throwIfFaulty() {
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", faults));
            }
        }
    }
}
