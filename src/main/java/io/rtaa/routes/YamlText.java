package io.rtaa.routes;

import java.util.Optional;
import java.util.function.Consumer;
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
