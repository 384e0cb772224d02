package io.rtaa.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.logging.Log;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Takes away the environment variables that Kubernetes sets for a Service and that read like a setting: a Service named
 * {@code rtaa} makes {@code RTAA_PORT=tcp://10.0.0.1:80} in every pod of its namespace, one named {@code management}
 * makes {@code MANAGEMENT_PORT}, one named {@code server} makes {@code SERVER_PORT}. No operator wrote them, so none is
 * a wrong setting. Variables that meet no setting stay, for routes may read them.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables">the
 *     variables</a> (read November 2025)
 */
class ServiceLinks implements EnvironmentPostProcessor {

    /** What Kubernetes, and Docker's links before it, write into {@code <SERVICE>_PORT}. */
    private static final Pattern LINK = Pattern.compile("(?:tcp|udp|sctp)://\\S+:\\d+");

    /** A property of Spring Boot's that {@code application.yaml} does not set. */
    private static final String MANAGEMENT_SERVER_PORT = "management.server.port";

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)[:}]");

    private final Log log;

    ServiceLinks(DeferredLogFactory logs) {
        this.log = logs.getLog(ServiceLinks.class);
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        List<String> ignored = ignore(environment);
        if (!ignored.isEmpty()) {
            log.warn(String.join(", ", ignored)
                    + (ignored.size() == 1 ? " is ignored: Kubernetes sets it" : " are ignored: Kubernetes sets them")
                    + " for a Service of that name; 'enableServiceLinks: false' in the pod's spec keeps such variables"
                    + " away");
        }
    }

    /** Takes the variables away; their names, sorted. */
    static List<String> ignore(ConfigurableEnvironment environment) {
        PropertySource<?> variables =
                environment.getPropertySources().get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        if (!(variables instanceof SystemEnvironmentPropertySource system)) {
            return List.of();
        }
        Set<String> settings = variables(environment);
        Map<String, Object> kept = new TreeMap<>(system.getSource());
        List<String> ignored = new ArrayList<>();
        kept.forEach((name, value) -> {
            if (settings.contains(name)
                    && LINK.matcher(String.valueOf(value).strip()).matches()) {
                ignored.add(name);
            }
        });
        if (!ignored.isEmpty()) {
            ignored.forEach(kept::remove);
            environment
                    .getPropertySources()
                    .replace(variables.getName(), new SystemEnvironmentPropertySource(variables.getName(), kept));
        }
        return ignored;
    }

    /**
     * The names of all variables that set something: those in the defaults, and the properties' as Spring Boot spells
     * them.
     */
    private static Set<String> variables(ConfigurableEnvironment environment) {
        Set<String> names = new HashSet<>();
        addSpellings(MANAGEMENT_SERVER_PORT, names);
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> defaults
                    && !(source instanceof SystemEnvironmentPropertySource)) {
                for (String property : defaults.getPropertyNames()) {
                    addSpellings(property, names);
                    Matcher matcher = VARIABLE.matcher(String.valueOf(defaults.getProperty(property)));
                    while (matcher.find()) {
                        names.add(matcher.group(1));
                    }
                }
            }
        }
        return names;
    }

    private static void addSpellings(String property, Set<String> names) {
        String name = property.replace('.', '_').toUpperCase(Locale.ROOT);
        names.add(name.replace('-', '_'));
        names.add(name.replace("-", ""));
    }
}
