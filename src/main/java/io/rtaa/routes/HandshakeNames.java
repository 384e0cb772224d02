package io.rtaa.routes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The routes of handshakes by their addresses, and the endpoints of {@code websocket:} that name one. Camel takes an
 * address that no route consumes from: each handshake would be answered with 503.
 *
 * <p>An address of another scheme than {@code direct:} is not looked at, nor a default, which depends on the kind.
 *
 * <p>Thread-safety: none; used while routes are loaded.
 */
public final class HandshakeNames {

    /** What an endpoint says that lets everybody in. */
    public static final String NONE = "none";

    private static final String DIRECT = "direct:";
    private static final String SUFFIX = "-handshake";
    private static final String OPTION = "handshake";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{.*?}}");

    private final Set<String> addresses = new HashSet<>();
    private final List<Pattern> patterns = new ArrayList<>();

    /** Adds the routes that a context has loaded. A placeholder in an address stands for any text. */
    public HandshakeNames addRoutesOf(CamelContext context) {
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            if (route.getInput() != null) {
                add(route.getInput().getEndpointUri());
            }
        }
        return this;
    }

    /**
     * Adds the routes of a file that is not loaded here.
     *
     * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException if the file is no YAML
     */
    public HandshakeNames addRoutesOf(RouteFile file) {
        for (Node item : new YamlText(file.text()).items()) {
            add(scalar(child(child(child(item, "route"), "from"), "uri")));
        }
        return this;
    }

    private static @Nullable Node child(@Nullable Node node, String key) {
        return node instanceof MappingNode map
                ? YamlText.entry(map, key).map(NodeTuple::getValueNode).orElse(null)
                : null;
    }

    private static @Nullable String scalar(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    private void add(@Nullable String uri) {
        if (uri == null || !uri.startsWith(DIRECT)) {
            return;
        }
        String address = withoutOptions(uri);
        if (PLACEHOLDER.matcher(address).find()) {
            patterns.add(Pattern.compile(Arrays.stream(PLACEHOLDER.split(address, -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*"))));
        } else {
            addresses.add(address);
        }
    }

    /**
     * A fault for each endpoint of a file that names a route of handshakes that there is not.
     *
     * @param resolved puts values in the place of placeholders; a text in which one is left is not looked at
     * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException if the file is no YAML
     */
    public List<RouteFault> unknownIn(RouteFile file, UnaryOperator<String> resolved) {
        List<RouteFault> faults = new ArrayList<>();
        new YamlText(file.text()).endpoints("websocket:", endpoint -> {
            YamlText.Scalar named = endpoint.option(OPTION);
            if (named != null) {
                String value = resolved.apply(named.value());
                if (!isKnown(value)) {
                    faults.add(new RouteFault(file.name(), named.line(), unknown(value)));
                }
            }
        });
        return faults;
    }

    private boolean isKnown(String value) {
        if (value.equals(NONE) || PLACEHOLDER.matcher(value).find()) {
            return true;
        }
        if (!value.startsWith(DIRECT)) {
            return value.indexOf(':') > 0;
        }
        String address = withoutOptions(value);
        return addresses.contains(address)
                || patterns.stream()
                        .anyMatch(pattern -> pattern.matcher(address).matches());
    }

    /** {@code direct://x?y=z} is {@code direct:x}. */
    static String withoutOptions(String uri) {
        int options = uri.indexOf('?');
        return (options < 0 ? uri : uri.substring(0, options)).replaceFirst("^" + DIRECT + "//", DIRECT);
    }

    private String unknown(String value) {
        Collection<String> there = new TreeSet<>();
        addresses.stream().filter(address -> address.endsWith(SUFFIX)).forEach(there::add);
        return OPTION + " is '" + value + "', and no route is from there; allowed: " + String.join(", ", there)
                + (there.isEmpty() ? "" : ", ") + "the address of another route from " + DIRECT + ", or " + NONE;
    }
}
