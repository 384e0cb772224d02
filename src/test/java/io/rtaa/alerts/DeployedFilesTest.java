package io.rtaa.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.testsupport.YamlFiles;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeployedFilesTest {

    @Test
    void theDeployedRulesStayTheSameButForTheirTimes() {
        JsonNode deployed = YamlFiles.read(DeployedFiles.RULES);
        JsonNode shortened = DeployedFiles.rules(10);

        assertThat(shortened.findValuesAsText("alert"))
                .isEqualTo(deployed.findValuesAsText("alert"))
                .hasSizeGreaterThan(20);
        assertThat(shortened.findValuesAsText("for"))
                .hasSameSizeAs(deployed.findValuesAsText("for"))
                .allMatch(wait -> wait.endsWith("ms"));
        assertThat(shortened.findValuesAsText("expr")).noneMatch(expression -> expression.matches(".*\\d[mh]].*"));
    }

    @Test
    void thePostOfTheAlertmanagerGoesToOneWebhookAlone() {
        JsonNode configuration = DeployedFiles.alertmanager(URI.create("http://127.0.0.1:1/alerts"));

        assertThat(configuration.findValuesAsText("url")).isNotEmpty().containsOnly("http://127.0.0.1:1/alerts");
        assertThat(configuration.findValues("email_configs")).isEmpty();
        assertThat(configuration.path("inhibit_rules")).isNotEmpty();
        assertThat(DeployedFiles.alertmanagerThatTellsAll(URI.create("http://127.0.0.1:1/alerts"))
                        .has("inhibit_rules"))
                .isFalse();
        assertThat(DeployedFiles.keptBack()).contains("BusAway", "BusLags", "CallUnheard", "KeyRefused");
    }

    @Test
    void prometheusAsksTheTargetsThatItIsGiven() {
        JsonNode configuration = DeployedFiles.prometheus(Path.of("rules.json"), List.of(1, 2), List.of());

        assertThat(configuration.at("/scrape_configs/0/job_name").asText()).isEqualTo("rtaa");
        assertThat(configuration.at("/scrape_configs/0/static_configs")).isEmpty();
        assertThat(configuration.at("/alerting/alertmanagers/0/static_configs/0/targets"))
                .extracting(JsonNode::asText)
                .containsExactly("127.0.0.1:1", "127.0.0.1:2");
        assertThat(configuration.toString()).doesNotContain("dns_sd_configs");
    }
}
