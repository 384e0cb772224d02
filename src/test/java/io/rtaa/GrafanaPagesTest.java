package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.testsupport.MetricsTables;
import io.rtaa.testsupport.PromQuery;
import io.rtaa.testsupport.PrometheusTool;
import io.rtaa.testsupport.Queries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages for Grafana as files. That they ask for metrics that exist, {@link MetricsTest} shows. */
class GrafanaPagesTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");
    private static final Pattern PART = Pattern.compile("_(bucket|count|sum)$");

    @Test
    void thereIsAPageForEachPartOfTheServiceAndTheDocumentNamesIt() throws IOException {
        String operations = Files.readString(Path.of("docs/operations.md"));
        assertThat(Queries.pages())
                .extracting(page -> page.getFileName().toString())
                .containsExactly("audio.json", "bus.json", "edge.json", "recogniser.json", "service.json");
        assertThat(Queries.pages()).allSatisfy(page -> assertThat(operations).contains("(../" + page + ")"));
    }

    @Test
    void eachPanelSaysWhatItShowsAndHasARoomOfItsOwn() throws IOException {
        Set<String> uids = new HashSet<>();
        for (Path file : Queries.pages()) {
            JsonNode page = Queries.page(file);
            assertThat(uids.add(page.path("uid").asText())).as("%s", file).isTrue();
            Set<String> taken = new HashSet<>();
            for (JsonNode panel : page.path("panels")) {
                assertThat(panel.path("title").asText()).isNotEmpty();
                assertThat(panel.path("description").asText())
                        .as(panel.path("title").asText())
                        .isNotEmpty();
                assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotEmpty();
                assertThat(panel.path("targets")).isNotEmpty();
                assertThat(List.of(
                                "id " + panel.path("id").asInt(),
                                "title " + panel.path("title").asText(),
                                "room " + panel.at("/gridPos/x") + " " + panel.at("/gridPos/y")))
                        .as("%s", file)
                        .allMatch(taken::add);
            }
        }
    }

    @Test
    void eachLegendNamesLabelsThatTheQueryKeeps() throws IOException {
        for (Path file : Queries.pages()) {
            for (JsonNode panel : Queries.page(file).path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    Set<String> named = new TreeSet<>(PLACEHOLDER
                            .matcher(target.path("legendFormat").asText())
                            .results()
                            .map(found -> found.group(1))
                            .toList());
                    Set<String> kept =
                            PromQuery.read(target.path("expr").asText()).grouping();
                    kept.remove("le");
                    assertThat(named).as("%s %s", file, target).isEqualTo(kept);
                }
            }
        }
    }

    @Test
    void promtoolTakesEveryQuery(@TempDir Path folder) throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n  - name: pages\n    rules:\n");
        int queries = 0;
        for (Queries.Placed query : Queries.ofPages()) {
            queries++;
            rules.append("      - record: page:query" + queries + "\n        expr: '" + query.text() + "'\n");
        }
        assertThat(queries).isGreaterThan(80);
        Path file = Files.writeString(folder.resolve("pages.yml"), rules);

        PrometheusTool.PROMTOOL.run("check", "rules", file.toString());
    }

    /** A metric that is added is to be seen. */
    @Test
    void everyMetricOfTheServiceIsOnAPage() throws IOException {
        List<String> asked = new ArrayList<>();
        for (Queries.Placed query : Queries.ofPages()) {
            query.read()
                    .selectors()
                    .forEach(selector ->
                            asked.add(PART.matcher(selector.metric()).replaceFirst("")));
        }
        assertThat(asked)
                .containsAll(Stream.of("memory", "Redis", "Kafka")
                        .flatMap(bus -> MetricsTables.documented(bus).keySet().stream())
                        .filter(metric -> metric.startsWith("rtaa_") && !metric.endsWith("_max"))
                        .toList());
    }

    @Test
    void theHomePageIsOneOfThem() throws IOException {
        assertThat(Pattern.compile("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: \\S+/(\\S+)")
                        .matcher(Files.readString(Path.of("docker-compose.yml")))
                        .results()
                        .map((MatchResult found) -> found.group(1)))
                .containsExactly("service.json");
    }
}
