package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.testsupport.PrometheusTool;
import io.rtaa.testsupport.YamlFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Each alert fires when it should, stays silent while all is well, and has a runbook. */
class AlertsTest {

    private static final Path RULES = Path.of("deploy/prometheus/rules.yml");
    private static final Path TESTS = Path.of("deploy/prometheus/rules-test.yml");
    private static final Path ALERTMANAGER = Path.of("deploy/alertmanager/alertmanager.yml");
    private static final Pattern ALERT_NAMES = Pattern.compile("alertname=~?\\\\\"([\\w|]+)");
    private static final Pattern SECTION = Pattern.compile("(?ms)^## (\\w+)\\n(.*?)(?=^## |\\z)");
    private static final List<String> QUESTIONS =
            List.of("- **Means**: ", "- **Look at**: ", "- **Do**: ", "- **Over when**: ");

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static List<JsonNode> rules() {
        return stream(YamlFiles.read(RULES).path("groups"))
                .flatMap(group -> stream(group.path("rules")))
                .toList();
    }

    private static List<String> alerts() {
        return rules().stream().map(rule -> rule.path("alert").asText()).toList();
    }

    @Test
    void promtoolTakesTheRulesAndItsTestsPass() throws Exception {
        PrometheusTool.PROMTOOL.run("check", "rules", RULES.toString());
        PrometheusTool.PROMTOOL.run("test", "rules", TESTS.toString());
    }

    @Test
    void theAlertmanagerGetsThemAndPassesThemOnToAWebhookAndByMail() throws Exception {
        PrometheusTool.AMTOOL.run("check-config", ALERTMANAGER.toString());
        assertThat(YamlFiles.read(Path.of("deploy/prometheus/prometheus.yml"))
                        .at("/alerting/alertmanagers/0/static_configs/0/targets/0")
                        .asText())
                .isEqualTo("alertmanager:9093");
        assertThat(YamlFiles.read(Path.of("docker-compose.yml"))
                        .at("/services/alertmanager/volumes/0")
                        .asText())
                .isEqualTo("./" + ALERTMANAGER + ":/etc/alertmanager/alertmanager.yml:ro");
        JsonNode configuration = YamlFiles.read(ALERTMANAGER);
        assertThat(stream(configuration.path("receivers")).flatMap(receiver -> names(receiver)))
                .contains("webhook_configs", "email_configs");
        for (JsonNode rule : configuration.path("inhibit_rules")) {
            assertThat(ALERT_NAMES.matcher(rule.toString()).results())
                    .flatExtracting(match -> List.of(match.group(1).split("\\|")))
                    .isNotEmpty()
                    .isSubsetOf(alerts());
        }
    }

    /** Else what one process tells of itself would keep back what others suffer. */
    @Test
    void whatOneAlertKeepsBackIsOfTheSameProcessBusOrProvider() {
        for (JsonNode rule : YamlFiles.read(ALERTMANAGER).path("inhibit_rules")) {
            String sources = rule.path("source_matchers").toString();
            String targets = rule.path("target_matchers").toString();
            List<String> equal =
                    stream(rule.path("equal")).map(JsonNode::asText).toList();
            for (String source : named(sources)) {
                for (String target : named(targets)) {
                    Set<String> common = labels(source);
                    common.retainAll(labels(target));
                    assertThat(equal)
                            .as("%s keeps back %s", source, target)
                            .containsExactlyInAnyOrderElementsOf(common);
                }
            }
        }
    }

    private static List<String> named(String matchers) {
        return ALERT_NAMES
                .matcher(matchers)
                .results()
                .flatMap(match -> Arrays.stream(match.group(1).split("\\|", -1)))
                .toList();
    }

    /** The labels of an alert that tell its instances apart, as the tests of the rules have them. */
    private static Set<String> labels(String alert) {
        Set<String> labels = new TreeSet<>();
        stream(YamlFiles.read(TESTS).path("tests"))
                .flatMap(test -> stream(test.path("alert_rule_test")))
                .filter(expected -> expected.path("alertname").asText().equals(alert))
                .flatMap(expected -> stream(expected.path("exp_alerts")))
                .forEach(fired -> fired.path("exp_labels").fieldNames().forEachRemaining(labels::add));
        assertThat(labels.remove("severity")).isTrue();
        return labels;
    }

    private static Stream<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names.stream();
    }

    @Test
    void eachAlertHasATestThatItFiresAndOneThatItIsSilent() {
        List<String> fires = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (JsonNode test : YamlFiles.read(TESTS).path("tests")) {
            for (JsonNode expected : test.path("alert_rule_test")) {
                (expected.path("exp_alerts").isEmpty() ? silent : fires)
                        .add(expected.path("alertname").asText());
            }
        }

        assertThat(alerts()).hasSizeGreaterThan(20).doesNotHaveDuplicates();
        assertThat(fires).containsAll(alerts());
        assertThat(silent).containsAll(alerts());
    }

    @Test
    void eachAlertLinksToItsRunbookAndEachRunbookIsOfAnAlert() throws IOException {
        List<MatchResult> sections = SECTION.matcher(Files.readString(Path.of("docs/runbooks.md")))
                .results()
                .toList();

        assertThat(sections).extracting(section -> section.group(1)).containsExactlyElementsOf(alerts());
        assertThat(sections).allSatisfy(section -> assertThat(section.group(2)).contains(QUESTIONS));
        assertThat(rules())
                .allSatisfy(rule -> assertThat(rule.at("/annotations/runbook").asText())
                        .isEqualTo("docs/runbooks.md#"
                                + rule.path("alert").asText().toLowerCase(Locale.ROOT)))
                .allSatisfy(
                        rule -> assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning"));
    }
}
