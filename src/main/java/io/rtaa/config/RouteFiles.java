package io.rtaa.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Loads the routes of a process: first the built-in ones of its roles, then the extra files, so that a route of theirs takes
 * the place of a built-in one with the same id.
 *
 * <p>Thread-safety: none; used once, before the context starts.
 */
final class RouteFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private static final String ENDING = "*.camel.yaml";

    private final PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
    private final RtaaSettings settings;

    /** Where each route of a team's own comes from, by id. */
    private final Map<String, String> extraFiles = new HashMap<>();

    RouteFiles(RtaaSettings settings) {
        this.settings = settings;
    }

    /**
     * Loads every route into a context.
     *
     * @throws SettingsException if an extra pattern names no file
     * @throws RouteFileException if a file cannot be understood
     */
    void loadInto(CamelContext context) throws IOException {
        List<Resource> builtIn = new ArrayList<>();
        for (ServiceRole role : settings.roles().stream().sorted().toList()) {
            builtIn.addAll(find("classpath:routes/" + role.settingName() + "/" + ENDING));
        }
        load(context, builtIn);

        List<String> faults = new ArrayList<>();
        for (String pattern : settings.routes()) {
            List<Resource> found = find(located(pattern));
            if (found.isEmpty()) {
                faults.add("RTAA_ROUTES names '" + pattern
                        + "', where there is no file; allowed: a file, a folder or a pattern such as"
                        + " file:/etc/rtaa/routes/*.camel.yaml, several separated by commas");
            }
            found.forEach(file -> faults.addAll(loadExtra(context, file)));
        }
        if (!faults.isEmpty()) {
            throw new SettingsException(faults);
        }
    }

    /** Loads a file of a team's own; gives the ids it shares with another such file, for then one would win unseen. */
    private List<String> loadExtra(CamelContext context, Resource file) {
        Map<String, RouteDefinition> before = definitions(context);
        load(context, List.of(file));
        List<String> faults = new ArrayList<>();
        definitions(context).forEach((id, definition) -> {
            if (before.get(id) == definition) {
                return;
            }
            String other = extraFiles.put(id, file.getLocation());
            if (other != null) {
                faults.add("RTAA_ROUTES has two routes with the id '" + id + "', in " + other + " and "
                        + file.getLocation() + "; allowed: an id in one file only");
            }
            LOG.info(
                    "route {} of {} {}",
                    id,
                    file.getLocation(),
                    before.containsKey(id) ? "takes the place of the built-in one" : "is added");
        });
        return faults;
    }

    private static Map<String, RouteDefinition> definitions(CamelContext context) {
        Map<String, RouteDefinition> byId = new LinkedHashMap<>();
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            byId.put(route.getRouteId(), route);
        }
        return byId;
    }

    /** Files are loaded one by one after all route configurations, so that a fault can name its file. */
    private static void load(CamelContext context, List<Resource> files) {
        RoutesLoader loader = PluginHelper.getRoutesLoader(context);
        List<Resource> configurationsFirst = files.stream()
                .sorted(Comparator.comparing(RouteFiles::isErrorPolicy).reversed())
                .toList();
        for (Resource file : configurationsFirst) {
            try {
                loader.loadRoutes(file);
            } catch (Exception e) {
                throw new RouteFileException(file.getLocation(), e);
            }
        }
    }

    /** The built-in files keep error policies apart in {@code errors.camel.yaml}. */
    private static boolean isErrorPolicy(Resource file) {
        return file.getLocation().endsWith("errors.camel.yaml");
    }

    private List<Resource> find(String pattern) throws IOException {
        List<Resource> found = new ArrayList<>();
        for (org.springframework.core.io.Resource file : resolver.getResources(pattern)) {
            if (file.exists() && file.isReadable()) {
                found.add(ResourceHelper.fromBytes(file.getURI().toString(), file.getContentAsByteArray()));
            }
        }
        found.sort(Comparator.comparing(Resource::getLocation));
        return found;
    }

    /** A path without a scheme is a file's; a folder stands for the route files in it. */
    private static String located(String pattern) {
        String path = pattern.startsWith("file:") ? pattern.substring("file:".length()) : pattern;
        if (path.contains(":")) {
            return pattern;
        }
        boolean folder = !path.contains("*") && Files.isDirectory(Path.of(path));
        return "file:" + Path.of("").toAbsolutePath().resolve(folder ? path + "/" + ENDING : path);
    }
}
