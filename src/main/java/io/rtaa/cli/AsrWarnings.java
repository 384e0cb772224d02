package io.rtaa.cli;

import io.rtaa.routes.RouteFile;
import io.rtaa.routes.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What routes and settings ask recognisers for that passes and may not be meant so, and where it stands. */
final class AsrWarnings {

    private static final String SCHEME = "asr:";

    /** Sentences by the parameter's name. */
    private final Map<String, String> endpoints = new TreeMap<>();

    private final Set<String> settings = new TreeSet<>();

    /** Takes the warnings of what every route asks for unless it says something else. */
    void ofSettings(Map<String, String> warnings) {
        settings.addAll(warnings.values());
    }

    /**
     * Takes the warnings of an endpoint.
     *
     * @param asked the parameters that its URI has
     * @param warnings of these and of others, by the parameter's name
     */
    void ofEndpoint(Set<String> asked, Map<String, String> warnings) {
        warnings.forEach((name, warning) -> {
            if (asked.contains(name)) {
                endpoints.put(name, warning);
            }
        });
    }

    /**
     * A line for each, with the variable or file and line where it stands.
     *
     * @param files where endpoints may stand; every one is YAML
     */
    List<String> lines(List<RouteFile> files) {
        List<String> lines = new ArrayList<>();
        settings.forEach(warning -> lines.add("DEEPGRAM_PARAMETERS: warning: " + warning));
        Map<String, String> elsewhere = new TreeMap<>(endpoints);
        for (RouteFile file : files) {
            new YamlText(file.text())
                    .endpoints(
                            SCHEME,
                            endpoint -> endpoints.forEach((name, warning) -> {
                                int line = endpoint.lineOf(name);
                                if (line > 0) {
                                    lines.add(file.name() + ":" + line + ": warning: " + warning);
                                    elsewhere.remove(name);
                                }
                            }));
        }
        // Its address is made of placeholders, so that no line of a file holds it.
        elsewhere.values().forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }
}
