package io.rtaa.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is measured on this bus is what docs/operations.md says. */
class KafkaBusMetersTest {

    /** A row of the table in docs/operations.md: name, type, labels. */
    private static final Pattern DOCUMENTED =
            Pattern.compile("^\\| `(rtaa_kafka_\\w+)` \\| (\\w+) \\| ([^|]*)\\|", Pattern.MULTILINE);

    private static final NamingConvention NAMES = new PrometheusNamingConvention();

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() throws IOException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        KafkaBusOptions options = new KafkaBusOptions(
                "a",
                "t",
                "p",
                4,
                0,
                true,
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ZERO);

        new KafkaBusMeters(new KafkaBus(options, registry)).bindTo(registry);

        Map<String, String> measured = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            Set<String> labels =
                    new TreeSet<>(id.getTags().stream().map(Tag::getKey).toList());
            String type = id.getType() == Meter.Type.TIMER
                    ? "summary"
                    : id.getType().name().toLowerCase(Locale.ROOT);
            // The convention leaves the ending of counters to whoever writes them.
            String ending = id.getType() == Meter.Type.COUNTER ? "_total" : "";
            measured.put(NAMES.name(id.getName(), id.getType(), id.getBaseUnit()) + ending, type + labels);
        }
        assertThat(measured).isEqualTo(documented());
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> shapes = new TreeMap<>();
        Matcher row = DOCUMENTED.matcher(Files.readString(Path.of("docs/operations.md")));
        while (row.find()) {
            Set<String> labels = new TreeSet<>(
                    Arrays.asList(row.group(3).replace("`", "").strip().split(",\\s*")));
            labels.remove("");
            shapes.put(row.group(1), row.group(2) + labels);
        }
        return shapes;
    }
}
