package io.rtaa.routes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.support.PatternHelper;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The error policies of route files: {@code routeConfiguration} items, and the {@code routeConfigurationId} by which a
 * route names them. Camel applies a policy to the routes that are loaded after it, and ignores a name that matches
 * none.
 *
 * @see <a href="https://camel.apache.org/manual/route-configuration.html">Route configuration</a>, read 2025-11
 */
public final class RoutePolicies {

    private static final Set<String> POLICY = Set.of("routeConfiguration", "route-configuration");
    private static final Set<String> NAME = Set.of("routeConfigurationId", "route-configuration-id");

    /**
     * A policy that a file declares.
     *
     * @param id what routes name it by
     * @param line counted from 1
     */
    public record Declared(String id, int line) {}

    private RoutePolicies() {}

    /**
     * The policies with an id that a file declares, in order. A policy without one holds for all routes that name none.
     *
     * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException if the file is no YAML
     */
    public static List<Declared> declaredIn(RouteFile file) {
        List<Declared> declared = new ArrayList<>();
        for (var item : new YamlText(file.text()).items()) {
            if (item instanceof MappingNode map) {
                for (NodeTuple tuple : map.getValue()) {
                    if (tuple.getKeyNode() instanceof ScalarNode kind
                            && POLICY.contains(kind.getValue())
                            && tuple.getValueNode() instanceof MappingNode policy) {
                        YamlText.entry(policy, "id")
                                .filter(id -> id.getValueNode() instanceof ScalarNode)
                                .ifPresent(id -> declared.add(new Declared(
                                        ((ScalarNode) id.getValueNode()).getValue(), YamlText.line(id.getKeyNode()))));
                    }
                }
            }
        }
        return declared;
    }

    /** The ids of the policies that a context has. */
    public static List<String> idsIn(CamelContext context) {
        return ((ModelCamelContext) context)
                .getRouteConfigurationDefinitions().stream()
                        .map(RouteConfigurationDefinition::getId)
                        .filter(id -> id != null)
                        .sorted()
                        .toList();
    }

    /**
     * A fault for each name in a file that matches no policy, by Camel's rules: several names separated by commas, of
     * which each may be a pattern. A placeholder stands for a parameter of a route template, and is not looked at.
     *
     * @param known the ids of all policies, of whatever file
     * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException if the file is no YAML
     */
    public static List<RouteFault> unknownIn(RouteFile file, Collection<String> known) {
        List<RouteFault> faults = new ArrayList<>();
        new YamlText(file.text()).scalars(scalar -> {
            if (!NAME.contains(scalar.key()) || scalar.value().startsWith("{{")) {
                return;
            }
            // Split as Camel does it.
            Arrays.stream(scalar.value().split(","))
                    .filter(name -> known.stream().noneMatch(id -> PatternHelper.matchPattern(id, name)))
                    .forEach(name -> faults.add(new RouteFault(file.name(), scalar.line(), unknown(name, known))));
        });
        return faults;
    }

    /**
     * A fault for each place in a file that has this placeholder as the name of a policy, by which a route found none.
     */
    static List<RouteFault> unmatchedIn(RouteFile file, String placeholder, String routeId, Collection<String> known) {
        List<RouteFault> faults = new ArrayList<>();
        new YamlText(file.text()).scalars(scalar -> {
            if (NAME.contains(scalar.key()) && scalar.value().equals(placeholder)) {
                faults.add(new RouteFault(
                        file.name(), scalar.line(), "for route " + routeId + " " + unknown(placeholder, known)));
            }
        });
        return faults;
    }

    /** Why a name matches nothing, and what would. */
    private static String unknown(String name, Collection<String> known) {
        String hint = name.equals(name.strip()) ? "" : " (the space counts)";
        return "no routeConfiguration is called '" + name + "'" + hint + "; allowed: " + String.join(", ", known)
                + ", a pattern such as asr-*, several separated by commas";
    }
}
