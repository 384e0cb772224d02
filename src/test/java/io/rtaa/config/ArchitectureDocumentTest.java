package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The drawing of docs/architecture.md and the table below it, held to the routes that processes of each role load. */
class ArchitectureDocumentTest {

    private static final Path DOCUMENT = Path.of("docs/architecture.md");
    private static final String TABLE = "| role | route | reads | sends to |\n|---|---|---|---|\n";

    /** A row: the role, the route with its file, what it reads, where it sends to. */
    private static final Pattern ROW =
            Pattern.compile("\\| (\\w+) \\| \\[([\\w-]+)]\\(([^)]+)\\) \\| `([^`]+)` \\| ([^|]+) \\|");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern DRAWN_ROUTE = Pattern.compile("\\[([^]]+)]");
    private static final Pattern DRAWN_ENDPOINT =
            Pattern.compile("\\{\\{rtaa\\.bus\\.\\w+}}|[a-z]+:(?:\\{\\{[^}]+}}|[\\w-]+)");

    private static String drawing;
    private static List<MatchResult> rows;

    /** A route as the table tells it; endpoints without their options. */
    private record Told(String role, String id, String reads, Set<String> sendsTo) {}

    @BeforeAll
    static void read() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf("```\n") + 4;
        drawing = document.substring(begin, document.indexOf("```\n", begin));
        rows = document.substring(document.indexOf(TABLE) + TABLE.length())
                .lines()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> {
                    Matcher row = ROW.matcher(line);
                    assertThat(row.matches()).as(line).isTrue();
                    return row.toMatchResult();
                })
                .toList();
    }

    @Test
    void theTableSaysWhatEachRouteReadsAndWhereItSendsTo() throws Exception {
        List<Told> told = rows.stream()
                .map(row -> new Told(
                        row.group(1),
                        row.group(2),
                        row.group(4),
                        CODE.matcher(row.group(5))
                                .results()
                                .map(code -> code.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))))
                .toList();

        assertThat(told).containsExactlyInAnyOrderElementsOf(loaded());
    }

    @Test
    void eachRouteLinksToItsFile() {
        assertThat(rows)
                .allSatisfy(row -> assertThat(DOCUMENT.resolveSibling(row.group(3)))
                        .content()
                        .contains("    id: " + row.group(2) + "\n"));
    }

    @Test
    void theDrawingHasEachRouteAndEachEndpointAndNoOther() {
        assertThat(names(DRAWN_ROUTE, 1))
                .isEqualTo(rows.stream().map(row -> row.group(2)).collect(Collectors.toCollection(TreeSet::new)));
        assertThat(names(DRAWN_ENDPOINT, 0))
                .isEqualTo(rows.stream()
                        .flatMap(row -> CODE.matcher("`" + row.group(4) + "` " + row.group(5))
                                .results())
                        .map(code -> code.group(1))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Set<String> names(Pattern pattern, int group) {
        return pattern.matcher(drawing)
                .results()
                .map(found -> found.group(group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Told> loaded() throws Exception {
        List<Told> loaded = new ArrayList<>();
        for (String role : Arrays.stream(ServiceRole.values())
                .map(ServiceRole::settingName)
                .toList()) {
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                LoadedRoutes.into(context, role, "");
                for (RouteDefinition route : context.getRouteDefinitions()) {
                    loaded.add(new Told(
                            role,
                            route.getRouteId(),
                            withoutOptions(route.getInput().getEndpointUri()),
                            sendsTo(route).collect(Collectors.toCollection(TreeSet::new))));
                }
            }
        }
        return loaded;
    }

    private static Stream<String> sendsTo(RouteDefinition route) {
        return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), EndpointRequiredDefinition.class)
                .stream()
                .map(EndpointRequiredDefinition::getEndpointUri)
                .map(ArchitectureDocumentTest::withoutOptions);
    }

    private static String withoutOptions(String uri) {
        int options = uri.indexOf('?');
        return options < 0 ? uri : uri.substring(0, options);
    }
}
