package io.rtaa.routes;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML text that still knows its lines. */
public final class YamlText {
    private final @Nullable Node root;

    /** @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException if it is no YAML */
    public YamlText(String text) {
        root = new Compose(LoadSettings.builder().build()).composeString(text).orElse(null);
    }

    public static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** The top-level items; none where the text is no list. */
    public Iterable<Node> items() {
        return root instanceof SequenceNode list ? list.getValue() : java.util.List.of();
    }

    /** The line of the element under a path of keys and indexes, or of the last one on the way that is there. */
    public int line(Object... path) {
        Node node = root;
        int line = node == null ? 1 : line(node);
        for (Object step : path) {
            Node next = null;
            if (node instanceof SequenceNode list
                    && step instanceof Integer index
                    && index < list.getValue().size()) {
                next = list.getValue().get(index);
                line = line(next);
            } else if (node instanceof MappingNode map) {
                NodeTuple entry = entry(map, String.valueOf(step)).orElse(null);
                if (entry != null) {
                    next = entry.getValueNode();
                    line = line(entry.getKeyNode());
                }
            }
            if (next == null) {
                return line;
            }
            node = next;
        }
        return line;
    }

    public static Optional<NodeTuple> entry(MappingNode map, String key) {
        return map.getValue().stream()
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode name
                        && name.getValue().equals(key))
                .findFirst();
    }

    /**
     * An endpoint as it is written.
     *
     * @param uri its address, with the options that it has there
     * @param line of the address
     * @param parameters the options beside the address, by their names; one without a single value is blank
     */
    public record EndpointText(String uri, int line, Map<String, Scalar> parameters) {

        /** The line where an option stands; 0 where the endpoint does not have it. */
        public int lineOf(String option) {
            Scalar found = option(option);
            return found == null ? 0 : found.line();
        }

        /** An option, on the address or beside it; null where the endpoint does not have it. */
        public @Nullable Scalar option(String name) {
            Matcher onAddress =
                    Pattern.compile("[?&]" + Pattern.quote(name) + "=([^&]*)").matcher(uri);
            return onAddress.find() ? new Scalar(name, onAddress.group(1), line) : parameters.get(name);
        }
    }

    /**
     * Passes on every endpoint whose address begins so, wherever it stands.
     *
     * @param scheme with the colon
     */
    public void endpoints(String scheme, Consumer<EndpointText> each) {
        if (root != null) {
            endpoints(root, scheme, each);
        }
    }

    private static void endpoints(Node node, String scheme, Consumer<EndpointText> each) {
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> endpoints(item, scheme, each));
        } else if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                if (tuple.getValueNode() instanceof ScalarNode value) {
                    if (value.getValue().startsWith(scheme)) {
                        each.accept(new EndpointText(value.getValue(), line(value), parameters(map)));
                    }
                } else {
                    endpoints(tuple.getValueNode(), scheme, each);
                }
            }
        }
    }

    private static Map<String, Scalar> parameters(MappingNode endpoint) {
        Map<String, Scalar> options = new HashMap<>();
        if (entry(endpoint, "parameters").map(NodeTuple::getValueNode).orElse(null) instanceof MappingNode parameters) {
            for (NodeTuple parameter : parameters.getValue()) {
                if (parameter.getKeyNode() instanceof ScalarNode name) {
                    String value = parameter.getValueNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
                    options.put(name.getValue(), new Scalar(name.getValue(), value, line(name)));
                }
            }
        }
        return options;
    }

    /** A scalar under a key, and the line of the key. */
    public record Scalar(String key, String value, int line) {}

    /** Passes every scalar under a key on, wherever it stands. */
    public void scalars(Consumer<Scalar> each) {
        if (root != null) {
            scalars(root, each);
        }
    }

    private static void scalars(Node node, Consumer<Scalar> each) {
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> scalars(item, each));
        } else if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key && tuple.getValueNode() instanceof ScalarNode value) {
                    each.accept(new Scalar(key.getValue(), value.getValue(), line(key)));
                } else {
                    scalars(tuple.getValueNode(), each);
                }
            }
        }
    }
}
