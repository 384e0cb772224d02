package io.rtaa.routes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteConfigurationsDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Loads route files in two steps, for Camel gives a route its policies when the route is loaded: first the policies of
 * every file, then the routes of every file. Each file is loaded by itself, so that whatever fails can name its file.
 *
 * <p>Thread-safety: none; used once, before the context starts.
 */
public final class RouteFileLoader {

    private final CamelContext context;
    private final Map<RouteFile, Collection<RoutesBuilder>> read = new HashMap<>();

    public RouteFileLoader(CamelContext context) {
        this.context = context;
    }

    /**
     * Reads a file, and loads its policies and beans. A policy takes the place of an earlier one with the same id.
     *
     * @return the ids of the policies that were replaced
     * @throws Exception if Camel cannot understand the file
     */
    public List<String> loadPolicies(RouteFile file) throws Exception {
        Collection<RoutesBuilder> builders = PluginHelper.getRoutesLoader(context)
                .findRoutesBuilders(ResourceHelper.fromString(file.name(), file.text()));
        read.put(file, builders);
        List<String> replaced = new ArrayList<>();
        for (RoutePolicies.Declared declared : RoutePolicies.declaredIn(file)) {
            if (remove(declared.id())) {
                replaced.add(declared.id());
            }
        }
        for (RoutesBuilder builder : builders) {
            if (builder instanceof RouteConfigurationsBuilder policies) {
                context.addRoutesConfigurations(policies);
            }
        }
        return replaced;
    }

    private boolean remove(String policyId) throws Exception {
        ModelCamelContext model = (ModelCamelContext) context;
        RouteConfigurationDefinition present = model.getRouteConfigurationDefinition(policyId);
        if (present != null) {
            model.removeRouteConfiguration(present);
        }
        return present != null;
    }

    /**
     * Loads the routes of a file whose policies are loaded.
     *
     * @throws Exception if Camel cannot understand the file
     */
    public void loadRoutes(RouteFile file) throws Exception {
        Collection<RoutesBuilder> builders = read.getOrDefault(file, List.of());
        for (RoutesBuilder builder : builders) {
            if (builder instanceof RouteConfigurationBuilder policies) {
                // It would add its policies once more, those that were replaced meanwhile too.
                policies.setRouteConfigurationCollection(new RouteConfigurationsDefinition());
            }
            context.addRoutes(builder);
        }
        for (RoutesBuilder builder : builders) {
            context.addTemplatedRoutes(builder);
        }
    }

    /**
     * A fault for each loaded route that names its policy by a placeholder, where none applies. The name may have come
     * from the parameters of a route template.
     *
     * @param files those that were loaded
     */
    public List<RouteFault> routesWithoutPolicy(Collection<RouteFile> files) {
        List<RouteFault> faults = new ArrayList<>();
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            String name = route.getRouteConfigurationId();
            Collection<String> applied = route.getAppliedRouteConfigurationIds();
            if (name != null && name.startsWith("{{") && (applied == null || applied.isEmpty())) {
                files.forEach(file -> faults.addAll(
                        RoutePolicies.unmatchedIn(file, name, route.getRouteId(), RoutePolicies.idsIn(context))));
            }
        }
        return faults;
    }
}
