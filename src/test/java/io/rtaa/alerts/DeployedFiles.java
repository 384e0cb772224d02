package io.rtaa.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rtaa.testsupport.YamlFiles;
import io.rtaa.testsupport.cluster.RtaaProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
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

    private static final Pattern DURATION = Pattern.compile("(\\d+)([smhd])");
    private static final Pattern RANGE = Pattern.compile("\\[" + DURATION + "]");
    private static final Map<String, Integer> SECONDS = Map.of("s", 1, "m", 60, "h", 3600, "d", 86_400);

    /** A comparison of a metric of seconds with a number at the end of a rule. */
    private static final Pattern SECONDS_COMPARED =
            Pattern.compile("(_seconds\\b[^<>]*[<>] )(\\d+(?: \\* \\d+)?)$", Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile("alertname=~?\"([\\w|]+)\"");

    /** A shorter one is a time of calls and of rtaa, which runs at its own speed. */
    private static final long LONG_SECONDS = 3600;

    private static final int MILLIS = 1000;

    private DeployedFiles() {}

    /**
     * Divides each {@code for} and each range by one factor, and so each threshold of an hour or more.
     *
     * @param deployed rules; stays as it is
     * @throws IllegalStateException if one of the three is nowhere, or is written in a way that is not known
     */
    static JsonNode shortened(JsonNode deployed, int factor) {
        JsonNode rules = deployed.deepCopy();
        int waits = 0;
        int ranges = 0;
        int thresholds = 0;
        for (JsonNode group : rules.path("groups")) {
            for (JsonNode each : group.path("rules")) {
                ObjectNode rule = (ObjectNode) each;
                if (rule.has("for")) {
                    Matcher wait = DURATION.matcher(rule.path("for").asText());
                    if (!wait.matches()) {
                        throw new IllegalStateException("for: " + rule.path("for") + "; known: " + DURATION);
                    }
                    rule.put("for", shorter(wait, factor));
                    waits++;
                }
                String expression = rule.path("expr").asText();
                Matcher range = RANGE.matcher(expression);
                if (range.results().count()
                        != expression.chars().filter(c -> c == '[').count()) {
                    throw new IllegalStateException("a range in " + expression + "; known: " + RANGE);
                }
                range.reset();
                if (range.find()) {
                    ranges++;
                    expression = range.replaceAll(found -> "[" + shorter(found, factor) + "]");
                }
                Matcher compared = SECONDS_COMPARED.matcher(expression);
                if (compared.find() && product(compared.group(2)) >= LONG_SECONDS) {
                    thresholds++;
                    expression = compared.replaceAll("$1$2 / " + factor);
                }
                rule.put("expr", expression);
            }
        }
        if (waits == 0 || ranges == 0 || thresholds == 0) {
            throw new IllegalStateException("shortened " + waits + " waits, " + ranges + " ranges, " + thresholds
                    + " thresholds; expected: some of each");
        }
        return rules;
    }

    private static String shorter(MatchResult duration, int factor) {
        long seconds = Long.parseLong(duration.group(1)) * SECONDS.get(duration.group(2));
        return seconds * MILLIS / factor + "ms";
    }

    private static long product(String factors) {
        long product = 1;
        for (String each : factors.split(" \\* ", -1)) {
            product *= Long.parseLong(each);
        }
        return product;
    }

    /** The rules as they run. */
    static JsonNode rules(int factor) {
        return shortened(YamlFiles.read(RULES), factor);
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
