package io.rtaa.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tables of metrics in docs/operations.md, and what Prometheus gets, to be held against each other. */
public final class MetricsTables {

    /** A metric's type and the names of its labels. */
    public record Shape(String type, Set<String> labels) {}

    /** What begins the name of a metric that only some of the buses have. */
    private static final String OF_A_BUS = "rtaa_bus_";

    /** A row: name, type, labels; of a metric of a bus which buses have it, of any other what it is. */
    private static final Pattern ROW =
            Pattern.compile("^\\| `((?:rtaa|camel)_\\w+)` \\| (\\w+) \\| ([^|]*)\\| ([^|]*)\\|", Pattern.MULTILINE);

    private static final Pattern TYPE = Pattern.compile("^# TYPE ((?:rtaa|camel)_\\w+) (\\w+)$", Pattern.MULTILINE);
    private static final Pattern SAMPLE =
            Pattern.compile("^((?:rtaa|camel)_\\w+?)(?:_bucket|_count|_sum)?\\{([^}]*)}", Pattern.MULTILINE);
    private static final Pattern ANY_SAMPLE =
            Pattern.compile("^([a-z]\\w*)(?:\\{((?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*\")*)})? ", Pattern.MULTILINE);
    private static final Pattern LABEL_VALUE = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Set<String> TOPICS = Set.of("audio", "transcripts", "partials");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    private MetricsTables() {}

    /**
     * What is documented of a process.
     *
     * @param bus the bus of the process, as the table names it
     */
    public static Map<String, Shape> documented(String bus) {
        Map<String, Shape> metrics = new TreeMap<>();
        Matcher row = ROW.matcher(operations());
        while (row.find()) {
            String name = row.group(1);
            if (name.startsWith(OF_A_BUS) && !words(row.group(4)).contains(bus)) {
                continue;
            }
            Set<String> labels = words(row.group(3).replace("`", ""));
            metrics.put(name, new Shape(row.group(2), labels));
            if (Set.of("histogram", "summary").contains(row.group(2))) {
                metrics.put(name + "_max", new Shape("gauge", labels));
            }
        }
        return metrics;
    }

    /** What is documented of a bus itself. */
    public static Map<String, Shape> documentedOfBus(String bus) {
        return ofBus(documented(bus));
    }

    /** What Prometheus gets of the service's own metrics. */
    public static Map<String, Shape> exposed(String scrape) {
        Map<String, Shape> metrics = new TreeMap<>();
        Matcher type = TYPE.matcher(scrape);
        while (type.find()) {
            metrics.put(type.group(1), new Shape(type.group(2), new TreeSet<>()));
        }
        Matcher sample = SAMPLE.matcher(scrape);
        while (sample.find()) {
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                if (!label.group(1).equals("le")) {
                    metrics.get(sample.group(1)).labels().add(label.group(1));
                }
            }
        }
        return metrics;
    }

    /** What Prometheus gets of the metrics of buses. */
    public static Map<String, Shape> exposedOfBus(String scrape) {
        return ofBus(exposed(scrape));
    }

    /**
     * The labels of every sample that there can be: of this scrape, the libraries' among them, and of what is documented
     * of the other buses, which their tests hold to what they expose. The parts of histograms and summaries count.
     */
    public static Map<String, Set<String>> labelsByName(String scrape) {
        Map<String, Set<String>> labels = new TreeMap<>();
        // Prometheus' own, of each process that it asks.
        labels.put("up", Set.of());
        for (String bus : List.of("memory", "Redis", "Kafka")) {
            documentedOfBus(bus).forEach((name, shape) -> {
                if (shape.type().equals("histogram")) {
                    Set<String> withBound = new TreeSet<>(shape.labels());
                    withBound.add("le");
                    labels.put(name + "_bucket", withBound);
                    labels.put(name + "_count", shape.labels());
                    labels.put(name + "_sum", shape.labels());
                } else {
                    labels.put(name, shape.labels());
                }
            });
        }
        Matcher sample = ANY_SAMPLE.matcher(scrape);
        while (sample.find()) {
            Set<String> found = labels.merge(sample.group(1), new TreeSet<>(), (known, none) -> new TreeSet<>(known));
            found.addAll(labels(sample.group(2)).keySet());
        }
        return labels;
    }

    /**
     * Whether a scrape has a sample that a selector takes. Labels of a bus that this process does not use are not looked
     * for, and neither are those that Prometheus adds.
     */
    public static boolean hasSampleFor(String scrape, PromQuery.Selector selector) {
        if (selector.labels().isEmpty() || selector.metric().equals("up")) {
            return true;
        }
        if (selector.metric().startsWith(OF_A_BUS)) {
            return selector.labels().stream()
                    .filter(label -> label.label().equals("topic"))
                    .allMatch(label -> TOPICS.stream().anyMatch(topic -> takes(label, topic)));
        }
        return ANY_SAMPLE
                .matcher(scrape)
                .results()
                .filter(sample -> sample.group(1).equals(selector.metric()))
                .map(sample -> labels(sample.group(2)))
                .anyMatch(labels -> selector.labels().stream()
                        .allMatch(label -> takes(label, labels.getOrDefault(label.label(), ""))));
    }

    private static boolean takes(PromQuery.LabelMatch label, String value) {
        return label.value().matcher(value).matches() != label.isNegative();
    }

    private static Map<String, String> labels(@Nullable String braces) {
        Map<String, String> labels = new TreeMap<>();
        Matcher label = LABEL_VALUE.matcher(braces == null ? "" : braces);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }

    private static Map<String, Shape> ofBus(Map<String, Shape> metrics) {
        Map<String, Shape> some = new TreeMap<>(metrics);
        some.keySet().removeIf(name -> !name.startsWith(OF_A_BUS));
        return some;
    }

    private static Set<String> words(String cell) {
        Set<String> words = new TreeSet<>(Arrays.asList(cell.strip().split(",\\s*")));
        words.remove("");
        return words;
    }

    private static String operations() {
        try {
            return Files.readString(Path.of("docs/operations.md"));
        } catch (IOException e) {
            throw new UncheckedIOException("docs/operations.md cannot be read", e);
        }
    }
}
