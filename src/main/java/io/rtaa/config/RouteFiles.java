package io.rtaa.config;

import io.rtaa.routes.HandshakeNames;
import io.rtaa.routes.RouteFault;
import io.rtaa.routes.RouteFile;
import io.rtaa.routes.RouteFileFinder;
import io.rtaa.routes.RouteFileLoader;
import io.rtaa.routes.RoutePolicies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the routes of a process: first the built-in ones of its roles, then the extra files, so that a route of theirs takes
 * the place of a built-in one with the same id. The policies of all files, those that all roles share among them, are
 * there before the first route, and a policy of an extra file takes the place of a built-in one with the same id.
 *
 * <p>Thread-safety: none; used once, before the context starts.
 */
final class RouteFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    /** The folder of what every process has, whatever its roles. */
    private static final String SHARED = "shared";

    private final RtaaSettings settings;
    private final List<RouteFile> loaded = new ArrayList<>();

    /** Where each route of a team's own comes from, by id. */
    private final Map<String, String> extraRoutes = new HashMap<>();

    /** Where each policy of a team's own comes from, by id. */
    private final Map<String, String> extraPolicies = new HashMap<>();

    RouteFiles(RtaaSettings settings) {
        this.settings = settings;
    }

    /**
     * Loads every policy and every route into a context.
     *
     * @throws SettingsException if an extra pattern names no file, or two extra files declare the same id
     * @throws RouteFileException if a file cannot be understood, or names a policy or a route of handshakes that is not there
     */
    void loadInto(CamelContext context) throws IOException {
        List<RouteFile> builtIn = new ArrayList<>(builtIn(SHARED));
        for (ServiceRole role : settings.roles().stream().sorted().toList()) {
            builtIn.addAll(builtIn(role.settingName()));
        }
        List<String> faults = new ArrayList<>();
        List<RouteFile> extra = findExtra(faults);

        RouteFileLoader loader = new RouteFileLoader(context);
        loaded.addAll(builtIn);
        loaded.addAll(extra);
        builtIn.forEach(file -> load(file, () -> loader.loadPolicies(file)));
        extra.forEach(file -> loadExtraPolicies(loader, file, faults));
        stopOnSettings(faults);
        stopOnUnknownPolicies(context, extra);

        builtIn.forEach(file -> load(file, () -> {
            loader.loadRoutes(file);
            return List.of();
        }));
        extra.forEach(file -> loadExtraRoutes(context, loader, file, faults));
        stopOnSettings(faults);
        stopOn(loader.routesWithoutPolicy(extra));
        stopOnUnknownHandshakes(context, extra);
    }

    /** The files, in the order they were loaded. */
    List<RouteFile> loaded() {
        return List.copyOf(loaded);
    }

    /** A file may be the same for processes of all roles: the built-in routes of the other ones are no mistake in it. */
    private static void stopOnUnknownHandshakes(CamelContext context, List<RouteFile> files) throws IOException {
        HandshakeNames handshakes = new HandshakeNames().addRoutesOf(context);
        for (ServiceRole role : ServiceRole.values()) {
            builtIn(role.settingName()).forEach(handshakes::addRoutesOf);
        }
        stopOn(files.stream()
                .flatMap(file -> handshakes.unknownIn(file, text -> resolved(context, text)).stream())
                .toList());
    }

    /** The text as it is where it has a placeholder without a value here, such as a parameter of a route template. */
    private static String resolved(CamelContext context, String text) {
        try {
            return context.resolvePropertyPlaceholders(text);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static void stopOnSettings(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new SettingsException(faults);
        }
    }

    private List<RouteFile> findExtra(List<String> faults) throws IOException {
        return RouteFileFinder.find(
                settings.routes(),
                place -> faults.add("RTAA_ROUTES names '" + place
                        + "', where there is no file; allowed: a file, a folder or a pattern such as"
                        + " /etc/rtaa/routes/*.camel.yaml, several separated by commas"));
    }

    /** Notes the ids that a file of a team's own shares with another such file, for then one would win unseen. */
    private void loadExtraPolicies(RouteFileLoader loader, RouteFile file, List<String> faults) {
        List<String> replaced = load(file, () -> loader.loadPolicies(file));
        for (RoutePolicies.Declared policy : RoutePolicies.declaredIn(file)) {
            String here = file.name() + ":" + policy.line();
            String other = extraPolicies.put(policy.id(), here);
            if (other != null) {
                faults.add("RTAA_ROUTES has two routeConfigurations with the id '" + policy.id() + "', in " + other
                        + " and " + here + "; allowed: an id once only");
            }
            LOG.info(
                    "Policy {} of {} {}",
                    policy.id(),
                    file.name(),
                    replaced.contains(policy.id()) ? "takes the place of the built-in one" : "is added");
        }
    }

    private void loadExtraRoutes(CamelContext context, RouteFileLoader loader, RouteFile file, List<String> faults) {
        Map<String, RouteDefinition> before = definitions(context);
        load(file, () -> {
            loader.loadRoutes(file);
            return List.of();
        });
        definitions(context).forEach((id, definition) -> {
            if (before.get(id) == definition) {
                return;
            }
            String other = extraRoutes.put(id, file.name());
            if (other != null) {
                faults.add("RTAA_ROUTES has two routes with the id '" + id + "', in " + other + " and " + file.name()
                        + "; allowed: an id in one file only");
            }
            LOG.info(
                    "route {} of {} {}",
                    id,
                    file.name(),
                    before.containsKey(id) ? "takes the place of the built-in one" : "is added");
        });
    }

    private static Map<String, RouteDefinition> definitions(CamelContext context) {
        Map<String, RouteDefinition> byId = new LinkedHashMap<>();
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            byId.put(route.getRouteId(), route);
        }
        return byId;
    }

    private static void stopOnUnknownPolicies(CamelContext context, List<RouteFile> files) {
        List<String> known = RoutePolicies.idsIn(context);
        stopOn(files.stream()
                .flatMap(file -> RoutePolicies.unknownIn(file, known).stream())
                .toList());
    }

    private static void stopOn(List<RouteFault> faults) {
        if (!faults.isEmpty()) {
            throw new RouteFileException(faults);
        }
    }

    private interface Loading {
        List<String> run() throws Exception;
    }

    private static List<String> load(RouteFile file, Loading loading) {
        try {
            return loading.run();
        } catch (Exception e) {
            throw new RouteFileException(file.name(), e);
        }
    }

    private static List<RouteFile> builtIn(String folder) throws IOException {
        return RouteFileFinder.find(List.of("classpath:routes/" + folder + "/*" + RouteFileFinder.SUFFIX), none -> {});
    }
}
