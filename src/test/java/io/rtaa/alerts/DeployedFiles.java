package io.rtaa.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rtaa.testsupport.YamlFiles;
import io.rtaa.testsupport.cluster.RtaaProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is run is what is deployed, with shorter times and other addresses: derives it from the files of {@code deploy}. The
 * results are JSON, which both programs read as YAML.
 */
final class DeployedFiles {

    static final Path RULES = Path.of("deploy/prometheus/rules.yml");
    private static final Path PROMETHEUS = Path.of("deploy/prometheus/prometheus.yml");
    private static final Path ALERTMANAGER = Path.of("deploy/alertmanager/alertmanager.yml");

    private static final Pattern NAME = Pattern.compile("alertname=~?\"([\\w|]+)\"");

    private DeployedFiles() {}

    /** The rules as they run. */
    static JsonNode rules(int factor) {
        return new Shortening(factor).shortened(YamlFiles.read(RULES));
    }

    /**
     * Prometheus' configuration, which asks and evaluates every second.
     *
     * @param alertmanagers the ports of those that are told
     * @param targets by their names, which become the label {@code service}
     */
    static JsonNode prometheus(Path rules, List<Integer> alertmanagers, List<RtaaProcess> targets) {
        ObjectNode configuration = (ObjectNode) YamlFiles.read(PROMETHEUS);
        ((ObjectNode) configuration.path("global")).put("scrape_interval", "1s").put("evaluation_interval", "1s");
        configuration.putArray("rule_files").add(rules.toAbsolutePath().toString());
        ArrayNode told =
                ((ObjectNode) configuration.at("/alerting/alertmanagers/0/static_configs/0")).putArray("targets");
        alertmanagers.forEach(port -> told.add("127.0.0.1:" + port));
        ObjectNode scraped = (ObjectNode) configuration.at("/scrape_configs/0");
        scraped.remove(List.of("dns_sd_configs", "relabel_configs"));
        ArrayNode all = scraped.putArray("static_configs");
        for (RtaaProcess target : targets) {
            ObjectNode one = all.addObject();
            one.putArray("targets").add("127.0.0.1:" + target.managementPort());
            one.putObject("labels").put("service", target.name());
        }
        return configuration;
    }

    /** The Alertmanager's configuration: its receivers have one webhook and no mail, and it waits for nothing. */
    static JsonNode alertmanager(URI webhook) {
        ObjectNode configuration = (ObjectNode) YamlFiles.read(ALERTMANAGER);
        ((ObjectNode) configuration.path("route")).put("group_wait", "100ms").put("group_interval", "1s");
        for (JsonNode receiver : configuration.path("receivers")) {
            ((ObjectNode) receiver).remove("email_configs");
            ((ObjectNode) receiver.at("/webhook_configs/0")).put("url", webhook.toString());
        }
        return configuration;
    }

    /** The same without rules that keep an alert back beside another. */
    static JsonNode alertmanagerThatTellsAll(URI webhook) {
        ObjectNode configuration = (ObjectNode) alertmanager(webhook);
        configuration.remove("inhibit_rules");
        return configuration;
    }

    /** The alerts that the Alertmanager keeps back while certain others fire. */
    static List<String> keptBack() {
        return YamlFiles.read(ALERTMANAGER).findValues("target_matchers").stream()
                .flatMap(matchers -> NAME.matcher(matchers.path(0).asText()).results())
                .flatMap(matcher -> Stream.of(matcher.group(1).split("\\|")))
                .toList();
    }
}
