package io.rtaa.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ClassPathResource;

/**
 * Fills in what follows from other settings, so that routes find it as placeholders: the chosen {@code bus/<adapter>.yaml}
 * lies under everything else, so that any of its values can be set from outside; the recogniser, where none is named, is
 * Deepgram if there is a key for it; limits by address and credential let in what {@code MAX_CALLS} needs; the format of
 * the log is Spring Boot's property; Hawtio is off where no operator can log in. What makes no sense is left for the check
 * of the settings to tell.
 */
class DerivedSettings implements EnvironmentPostProcessor {

    /** The name of the source of what is derived from other settings. */
    static final String SOURCE = "derived";

    private static final String ECS = "ecs";
    private static final String STRUCTURED = "logging.structured.format.console";

    /** Keys of log lines that are objects in ECS: an index by its template would refuse a line where they are text. */
    private static final Map<String, String> OBJECTS_OF_ECS =
            Map.of("group", "bus_group", "host", "host_header", "tls", "tls_on");

    private static final String PROVIDER = "rtaa.asr.provider";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        derive(environment);
    }

    static void derive(ConfigurableEnvironment environment) {
        Map<String, Object> derived = new HashMap<>();
        BusAdapter.named(environment.getProperty("rtaa.bus.adapter")).ifPresent(adapter -> load(adapter, environment));
        if (environment.getProperty(PROVIDER, "").isBlank()) {
            boolean key = !environment.getProperty("rtaa.deepgram.api-key", "").isBlank()
                    || !environment
                            .getProperty("rtaa.deepgram.api-key-file", "")
                            .isBlank();
            derived.put(PROVIDER, key ? "deepgram" : "sphinx");
        }
        for (Setting<Integer> limit : LimitSettings.OF_THE_CALLS) {
            if (environment.getProperty(limit.property(), "").isBlank()) {
                derived.put(limit.property(), LimitSettings.ofTheCalls(maxCalls(environment)));
            }
        }
        if (!operatorsMayLogIn(environment)) {
            derived.put("hawtio.enabled", "false");
            derived.put("management.endpoint.hawtio.access", "none");
            derived.put("management.endpoint.jolokia.access", "none");
        }
        derived.putAll(logFormat(environment));
        environment.getPropertySources().addFirst(new MapPropertySource(SOURCE, derived));
    }

    /** What Spring Boot makes of the format when the log begins. */
    private static Map<String, String> logFormat(ConfigurableEnvironment environment) {
        String text = environment.getProperty(RtaaSettings.LOG_FORMAT.property(), "");
        if (!ECS.equals(RtaaSettings.LOG_FORMAT.parse(text.strip())) || environment.containsProperty(STRUCTURED)) {
            return Map.of();
        }
        Map<String, String> properties = new HashMap<>();
        properties.put(STRUCTURED, ECS);
        OBJECTS_OF_ECS.forEach((key, name) -> properties.put("logging.structured.json.rename." + key, name));
        return properties;
    }

    private static boolean operatorsMayLogIn(ConfigurableEnvironment environment) {
        String address = environment
                .getProperty(ManagementSettings.ADDRESS.property(), "")
                .strip();
        Setting<?> password = ManagementSettings.PASSWORD;
        return address.isEmpty()
                || Boolean.TRUE.equals(RtaaSettings.isLoopback(address))
                || !environment.getProperty(password.property(), "").isBlank()
                || !environment.getProperty(password.property() + "-file", "").isBlank();
    }

    /** {@code MAX_CALLS}; 0 where it is no number, which the check of the settings reports. */
    private static int maxCalls(ConfigurableEnvironment environment) {
        String text =
                environment.getProperty(RtaaSettings.MAX_CALLS.property(), "").strip();
        Integer calls = text.isEmpty() ? null : RtaaSettings.MAX_CALLS.parse(text);
        return calls == null ? 0 : calls;
    }

    private static void load(BusAdapter adapter, ConfigurableEnvironment environment) {
        ClassPathResource file = new ClassPathResource("bus/" + adapter.settingName() + ".yaml");
        try {
            new YamlPropertySourceLoader()
                    .load(file.getPath(), file)
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.getPath(), e);
        }
    }
}
