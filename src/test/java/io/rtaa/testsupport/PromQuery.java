package io.rtaa.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a query of Prometheus asks for: enough of PromQL for the project's alerts and pages. That a query is PromQL at all
 * is promtool's to say.
 *
 * @param selectors the metrics it names, with what each label has to be
 * @param grouping the labels that it groups or joins by
 */
public record PromQuery(List<Selector> selectors, Set<String> grouping) {

    /** A metric, as a scrape has it, with its matchers. */
    public record Selector(String metric, List<LabelMatch> labels) {}

    /** A label and the pattern that its value has to match, or must not. */
    public record LabelMatch(String label, boolean isNegative, Pattern value) {}

    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|without|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern SELECTOR = Pattern.compile("\\b([a-z]\\w*)\\b(?!\\s*\\()(?:\\{([^}]*)})?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset", "by");

    /** Reads a query. */
    public static PromQuery read(String query) {
        Set<String> grouping = new TreeSet<>();
        Matcher groups = GROUPING.matcher(query);
        while (groups.find()) {
            grouping.addAll(words(groups.group(1)));
        }
        String rest = RANGE.matcher(GROUPING.matcher(query).replaceAll(" ")).replaceAll(" ");
        List<Selector> selectors = new ArrayList<>();
        Matcher selector = SELECTOR.matcher(rest);
        while (selector.find()) {
            if (!OPERATORS.contains(selector.group(1))) {
                selectors.add(new Selector(selector.group(1), matches(selector.group(2))));
            }
        }
        return new PromQuery(selectors, grouping);
    }

    private static List<LabelMatch> matches(String braces) {
        List<LabelMatch> matches = new ArrayList<>();
        Matcher label = LABEL.matcher(braces == null ? "" : braces);
        while (label.find()) {
            boolean isPattern = label.group(2).endsWith("~");
            matches.add(new LabelMatch(
                    label.group(1),
                    label.group(2).startsWith("!"),
                    Pattern.compile(isPattern ? label.group(3) : Pattern.quote(label.group(3)))));
        }
        return matches;
    }

    private static Set<String> words(String list) {
        Set<String> words = new TreeSet<>(List.of(list.strip().split("\\s*,\\s*")));
        words.remove("");
        return words;
    }
}
