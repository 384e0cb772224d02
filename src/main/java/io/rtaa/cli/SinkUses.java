package io.rtaa.cli;

import io.rtaa.bus.SinkFunction;
import io.rtaa.bus.SinkName;
import io.rtaa.routes.RouteFault;
import io.rtaa.routes.RouteFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where route files name sinks: each by a name that is one, and each once, as one route of a process reads a sink. */
final class SinkUses {

    private static final Pattern USE =
            Pattern.compile("\\{\\{\\??" + Pattern.quote(SinkFunction.NAME) + "(?::([^{}]*))?}}");

    /** File and line of the first use, by name. */
    private final Map<String, String> uses = new HashMap<>();

    /** What is wrong with the sinks of one more file. */
    List<RouteFault> check(RouteFile file) {
        List<RouteFault> faults = new ArrayList<>();
        int number = 0;
        for (String line : file.text().lines().toList()) {
            number++;
            Matcher use = USE.matcher(line.strip().startsWith("#") ? "" : line);
            while (use.find()) {
                String reason = fault(use.group(1), file.name() + ":" + number);
                if (!reason.isEmpty()) {
                    faults.add(new RouteFault(file.name(), number, reason));
                }
            }
        }
        return faults;
    }

    private String fault(@Nullable String name, String place) {
        try {
            SinkName sink = new SinkName(name == null ? "" : name);
            String first = uses.putIfAbsent(sink.value(), place);
            return first == null
                    ? ""
                    : "the sink '" + sink + "' is read at " + first
                            + " already; allowed: one route of a process, so this one needs a name of its own";
        } catch (IllegalArgumentException e) {
            return e.getMessage() + ", as in {{" + SinkFunction.NAME + ":crm}}";
        }
    }
}
