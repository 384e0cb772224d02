package io.rtaa.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
