package io.rtaa.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Divides each {@code for} and each range of rules by one factor, and so each threshold of an hour or more. A shorter threshold
 * is a time of calls and of rtaa, which runs at its own speed.
 *
 * <p>Thread-safety: none.
 */
final class Shortening {

    private static final Pattern DURATION = Pattern.compile("(\\d+)([smhd])");
    private static final Pattern RANGE = Pattern.compile("\\[" + DURATION + "]");
    private static final Map<String, Integer> SECONDS = Map.of("s", 1, "m", 60, "h", 3600, "d", 86_400);
    private static final int MILLIS = 1000;

    /** A comparison of a metric of seconds with a number at the end of a rule. */
    private static final Pattern SECONDS_COMPARED =
            Pattern.compile("(_seconds\\b[^<>]*[<>] )(\\d+(?: \\* \\d+)?)$", Pattern.DOTALL);

    private static final long LONG_SECONDS = 3600;

    private final int factor;
    private int waits;
    private int ranges;
    private int thresholds;

    Shortening(int factor) {
        this.factor = factor;
    }

    /**
     * The same rules with shorter times.
     *
     * @param deployed stays as it is
     * @throws IllegalStateException if waits, ranges or long thresholds are nowhere, or written in a way that is not known
     */
    JsonNode shortened(JsonNode deployed) {
        JsonNode rules = deployed.deepCopy();
        for (JsonNode group : rules.path("groups")) {
            for (JsonNode each : group.path("rules")) {
                ObjectNode rule = (ObjectNode) each;
                if (rule.has("for")) {
                    rule.put("for", shorterWait(rule.path("for").asText()));
                }
                rule.put(
                        "expr",
                        withShorterThreshold(withShorterRanges(rule.path("expr").asText())));
            }
        }
        if (waits == 0 || ranges == 0 || thresholds == 0) {
            throw new IllegalStateException("shortened " + waits + " waits, " + ranges + " ranges, " + thresholds
                    + " thresholds; expected: some of each");
        }
        return rules;
    }

    private String shorterWait(String wait) {
        Matcher duration = DURATION.matcher(wait);
        if (!duration.matches()) {
            throw new IllegalStateException("for: " + wait + "; known: " + DURATION);
        }
        waits++;
        return shorter(duration);
    }

    private String withShorterRanges(String expression) {
        long known = RANGE.matcher(expression).results().count();
        if (known != expression.chars().filter(each -> each == '[').count()) {
            throw new IllegalStateException("a range in " + expression + "; known: " + RANGE);
        }
        ranges += (int) known;
        return RANGE.matcher(expression).replaceAll(range -> "[" + shorter(range) + "]");
    }

    private String withShorterThreshold(String expression) {
        Matcher compared = SECONDS_COMPARED.matcher(expression);
        if (!compared.find() || product(compared.group(2)) < LONG_SECONDS) {
            return expression;
        }
        thresholds++;
        return compared.replaceAll("$1$2 / " + factor);
    }

    private String shorter(MatchResult duration) {
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
}
