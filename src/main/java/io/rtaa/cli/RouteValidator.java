package io.rtaa.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import io.rtaa.routes.HandshakeNames;
import io.rtaa.routes.RouteFailure;
import io.rtaa.routes.RouteFault;
import io.rtaa.routes.RouteFile;
import io.rtaa.routes.RouteFileLoader;
import io.rtaa.routes.RoutePolicies;
import io.rtaa.routes.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Checks route files: as YAML, against the schema that comes with the YAML DSL, for ids, and by building their routes in a
 * context that starts none of them.
 */
final class RouteValidator {
    private static final String SCHEMA = "schema/camelYamlDsl.json";

    private record Place(String file, YamlText yaml, int line) {}

    private final List<RouteFault> faults = new ArrayList<>();
    private final List<RouteFile> readable = new ArrayList<>();
    private final Map<String, Place> routes = new HashMap<>();
    private final Map<String, Place> policies = new HashMap<>();
    private final TrustedNames trusted = new TrustedNames();
    private final SinkUses sinks = new SinkUses();

    /** All faults, by file and line; empty where there is none. */
    List<RouteFault> validate(List<RouteFile> files) throws IOException {
        Schema schema = schema();
        List<RouteFile> builtInPolicies = BuiltInRoutes.shared();
        builtInPolicies.forEach(file -> trusted.learn(new YamlText(file.text())));
        List<RouteFile> loadable = new ArrayList<>();
        for (RouteFile file : files) {
            int before = faults.size();
            check(file, schema);
            if (faults.size() == before) {
                loadable.add(file);
            }
        }
        build(builtInPolicies, loadable);
        return faults.stream()
                .distinct()
                .sorted(Comparator.comparing(RouteFault::file).thenComparing(RouteFault::line))
                .toList();
    }

    /** What is no fault of the files that were checked, and may not be meant so: a line for each, with its place. */
    List<String> warnings() {
        return trusted.asrWarnings().lines(readable);
    }

    private static Schema schema() throws IOException {
        try (InputStream json = YamlRoutesBuilderLoader.class.getClassLoader().getResourceAsStream(SCHEMA)) {
            if (json == null) {
                throw new IOException(SCHEMA + " is not on the class path");
            }
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
                    .getSchema(json, InputFormat.JSON);
        }
    }

    private void check(RouteFile file, Schema schema) {
        YamlText yaml;
        JsonNode json;
        try {
            yaml = new YamlText(file.text());
            json = new ObjectMapper()
                    .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(file.text()));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            faults.add(new RouteFault(file.name(), line, "no YAML: " + e.getProblem()));
            return;
        } catch (YamlEngineException e) {
            faults.add(new RouteFault(file.name(), 1, "no YAML: " + e.getMessage()));
            return;
        }
        readable.add(file);
        trusted.learn(yaml);
        faults.addAll(sinks.check(file));
        for (String setting : Set.copyOf(trusted.unknownSettings())) {
            int line = lineOf(file.text(), "{{" + setting);
            if (line > 0) {
                faults.add(new RouteFault(
                        file.name(),
                        line,
                        "the service has no setting " + setting
                                + "; allowed: one of application.yaml or bus/*.yaml, or a default, as in {{" + setting
                                + ":value}}"));
            }
        }
        for (Error error : schema.validate(json)) {
            if (!isPlaceholder(error)) {
                int line = yaml.line(path(error));
                faults.add(new RouteFault(file.name(), line, error.getInstanceLocation() + ": " + error.getMessage()));
            }
        }
        yaml.items().forEach(item -> checkId(file, yaml, item));
        for (RoutePolicies.Declared policy : RoutePolicies.declaredIn(file)) {
            takeId("routeConfiguration", policy.id(), new Place(file.name(), yaml, policy.line()), policies);
        }
    }

    /** The first line that holds a text, from 1; 0 where none does. */
    private static int lineOf(String text, String part) {
        int at = text.indexOf(part);
        return at < 0
                ? 0
                : (int) text.substring(0, at).lines().count() + (text.charAt(Math.max(0, at - 1)) == '\n' ? 1 : 0);
    }

    /** The schema wants a number or a flag where a placeholder stands, which will be one. */
    private boolean isPlaceholder(Error error) {
        JsonNode value = error.getInstanceNode();
        if (!"type".equals(error.getKeyword())
                || value == null
                || !value.asText().contains("{{")) {
            return false;
        }
        if (error.getMessage().contains("boolean")) {
            trusted.flag(value.asText());
        }
        return true;
    }

    private static Object[] path(Error error) {
        NodePath location = error.getInstanceLocation();
        List<Object> path = new ArrayList<>();
        for (int i = 0; i < location.getNameCount(); i++) {
            path.add(location.getElement(i));
        }
        if (error.getProperty() != null) {
            path.add(error.getProperty());
        }
        return path.toArray();
    }

    private void checkId(RouteFile file, YamlText yaml, Node item) {
        if (!(item instanceof MappingNode definition)) {
            return;
        }
        for (NodeTuple tuple : definition.getValue()) {
            String kind = tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
            if (!(kind.equals("route") || kind.equals("from"))
                    || !(tuple.getValueNode() instanceof MappingNode route)) {
                continue;
            }
            NodeTuple id = YamlText.entry(route, "id").orElse(null);
            if (id == null || !(id.getValueNode() instanceof ScalarNode name)) {
                faults.add(new RouteFault(
                        file.name(), YamlText.line(tuple.getKeyNode()), "a route without an id; each needs its own"));
                continue;
            }
            takeId("route", name.getValue(), new Place(file.name(), yaml, YamlText.line(id.getKeyNode())), routes);
        }
    }

    private void takeId(String kind, String id, Place place, Map<String, Place> taken) {
        Place first = taken.putIfAbsent(id, place);
        if (first != null) {
            faults.add(new RouteFault(
                    place.file, place.line, kind + " id " + id + " is taken by " + first.file + ":" + first.line));
        }
    }

    /** Builds the routes again and again without those that failed, until the rest can be built. */
    private void build(List<RouteFile> builtInPolicies, List<RouteFile> files) throws IOException {
        Set<String> failed = new HashSet<>();
        boolean again = true;
        while (again) {
            again = false;
            try (DefaultCamelContext context = new DefaultCamelContext(new DefaultRegistry(trusted))) {
                context.setAutoStartup(false);
                context.setSourceLocationEnabled(true);
                trusted.lendTo(context);
                load(context, builtInPolicies, files);
                for (RouteDefinition route : List.copyOf(context.getRouteDefinitions())) {
                    if (failed.contains(route.getRouteId())) {
                        context.getRouteDefinitions().remove(route);
                    }
                }
                context.start();
            } catch (Exception e) {
                FailedToCreateRouteException failure = failure(e);
                Place place = failure == null ? null : routes.get(failure.getRouteId());
                if (RouteFailure.reason(e).contains(TrustedNames.class.getName())) {
                    // Only the real bean knows its methods: the route is taken on trust.
                    again = failure != null && failed.add(failure.getRouteId());
                } else if (failure == null || place == null) {
                    faults.add(new RouteFault(
                            files.isEmpty() ? "routes" : files.get(0).name(), 1, RouteFailure.reason(e)));
                } else {
                    faults.add(new RouteFault(
                            place.file, RouteFailure.line(failure, place.line), RouteFailure.reason(failure)));
                    again = failed.add(failure.getRouteId());
                }
            }
        }
    }

    /** As the service does: the policies of all files, the built-in ones first, and then all routes. */
    private void load(DefaultCamelContext context, List<RouteFile> builtInPolicies, List<RouteFile> files)
            throws Exception {
        RouteFileLoader loader = new RouteFileLoader(context);
        for (RouteFile file : builtInPolicies) {
            loader.loadPolicies(file);
        }
        List<RouteFile> understood = new ArrayList<>();
        for (RouteFile file : files) {
            if (succeeds(file, () -> loader.loadPolicies(file))) {
                understood.add(file);
            }
        }
        List<String> known = RoutePolicies.idsIn(context);
        understood.forEach(file -> faults.addAll(RoutePolicies.unknownIn(file, known)));
        for (RouteFile file : understood) {
            succeeds(file, () -> {
                loader.loadRoutes(file);
                return null;
            });
        }
        faults.addAll(loader.routesWithoutPolicy(understood));
        HandshakeNames handshakes = new HandshakeNames().addRoutesOf(context);
        BuiltInRoutes.all().forEach(handshakes::addRoutesOf);
        understood.forEach(file -> faults.addAll(handshakes.unknownIn(file, text -> text)));
    }

    private boolean succeeds(RouteFile file, Callable<?> loading) {
        try {
            loading.call();
            return true;
        } catch (Exception e) {
            faults.add(new RouteFault(file.name(), RouteFailure.line(e, 1), RouteFailure.reason(e)));
            return false;
        }
    }

    private static @Nullable FailedToCreateRouteException failure(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailedToCreateRouteException failure) {
                return failure;
            }
        }
        return null;
    }
}
