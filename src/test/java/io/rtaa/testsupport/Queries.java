package io.rtaa.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every query of the project's alerts and of its pages for Grafana. */
public final class Queries {

    /** Where the pages are. */
    public static final Path PAGES = Path.of("deploy/grafana/dashboards");

    private static final Path RULES = Path.of("deploy/prometheus/rules.yml");

    /**
     * A query.
     *
     * @param place the file, and the alert or panel
     * @param text what Prometheus is asked
     */
    public record Placed(String place, String text) {

        /** What it asks for. */
        public PromQuery read() {
            return PromQuery.read(text);
        }
    }

    private Queries() {}

    /** All of them. */
    public static List<Placed> all() {
        List<Placed> queries = new ArrayList<>(ofAlerts());
        queries.addAll(ofPages());
        return queries;
    }

    /** Those of the alerts. */
    public static List<Placed> ofAlerts() {
        List<Placed> queries = new ArrayList<>();
        for (JsonNode group : YamlFiles.read(RULES).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                queries.add(new Placed(
                        RULES.getFileName() + " " + rule.path("alert").asText(),
                        rule.path("expr").asText()));
            }
        }
        return queries;
    }

    /** The files of the pages, by name. */
    public static List<Path> pages() {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(PAGES + " cannot be read", e);
        }
    }

    /** A page. */
    public static JsonNode page(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** Those of the pages. What Grafana fills in is filled in. */
    public static List<Placed> ofPages() {
        List<Placed> queries = new ArrayList<>();
        for (Path file : pages()) {
            for (JsonNode panel : page(file).path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    queries.add(new Placed(
                            file.getFileName() + " " + panel.path("title").asText(),
                            target.path("expr").asText().replace("$__rate_interval", "1m")));
                }
            }
        }
        return queries;
    }
}
