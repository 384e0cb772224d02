package io.rtaa.cli;

import io.rtaa.bus.SinkFunction;
import io.rtaa.call.ClientAddress;
import io.rtaa.edge.security.TokenVerifier;
import io.rtaa.kafka.StubbedKafkaComponent;
import io.rtaa.routes.LimitMeters;
import io.rtaa.routes.YamlText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.PropertiesSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/** Stands in for what only the running service has: its beans, the values of placeholders, its own components. */
final class TrustedNames implements BeanRepository, PropertiesSource {
    /** What a placeholder is as a whole address. */
    private static final String STUB = "stub:";

    /** What a placeholder is as a value: fits most places that want one. */
    static final String UNKNOWN = "1";

    /** What {@link SinkFunction} looks up. */
    private static final String TRANSCRIPTS = "rtaa.bus.transcripts";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([^{}:?]+)(?::[^{}]*)?}}");

    /** Beans of the service that are properties of beans in route files, which take no other type. */
    private static final Map<String, Object> TYPED = Map.of(
            "tokenVerifier", TokenVerifier.NONE,
            "clientAddress", ClientAddress.OF_THE_CONNECTION,
            "limitMeters", LimitMeters.unmeasured());

    private final Set<String> beans = new HashSet<>();
    private final Set<String> declared = new HashSet<>();
    private final Set<String> unknownSettings = new TreeSet<>();
    private final Environment defaults = defaults();
    private final Map<String, String> placeholders = new HashMap<>();
    private final AsrWarnings asrWarnings = new AsrWarnings();

    /** A bean in place of another, in whatever part a route may need one; nothing of it is called, as no route starts. */
    static final class Nothing implements Processor, Expression, Predicate, AggregationStrategy {
        @Override
        public void process(Exchange exchange) {
            throw neverCalled();
        }

        @Override
        public <T> T evaluate(Exchange exchange, Class<T> type) {
            throw neverCalled();
        }

        @Override
        public boolean matches(Exchange exchange) {
            throw neverCalled();
        }

        @Override
        public Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange) {
            throw neverCalled();
        }

        @Override
        public void init(CamelContext context) {
            // Expressions and predicates are prepared while routes are built.
        }

        private static IllegalStateException neverCalled() {
            return new IllegalStateException("a route runs although none is started");
        }
    }

    /** The settings as they are here, and the service's own defaults with the memory bus. */
    private static Environment defaults() {
        StandardEnvironment environment = new StandardEnvironment();
        for (String file : List.of("application.yaml", "bus/memory.yaml")) {
            try {
                new YamlPropertySourceLoader()
                        .load(file, new ClassPathResource(file))
                        .forEach(environment.getPropertySources()::addLast);
            } catch (IOException e) {
                throw new UncheckedIOException(file + " cannot be read", e);
            }
        }
        return environment;
    }

    void learn(YamlText yaml) {
        yaml.scalars(scalar -> {
            String key = scalar.key();
            String value = scalar.value();
            if (key.equals("name")) {
                // Beans that a file declares itself are made, not trusted.
                declared.add(value);
            }
            if (key.equals("ref")
                    || key.endsWith("Ref")
                    || key.startsWith("aggregation")
                    || key.equals("executorService")) {
                beans.add(value.replaceFirst("^#(bean:)?", ""));
            } else if (value.startsWith("#") && !value.startsWith("#class:") && !value.startsWith("#type:")) {
                beans.add(value.replaceFirst("^#(bean:)?", ""));
            }
            Matcher matcher = PLACEHOLDER.matcher(value);
            while (matcher.find()) {
                if (matcher.group(1).equals(SinkFunction.NAME)) {
                    continue;
                }
                boolean address = (key.equals("uri") || key.equals("to")) && matcher.start() == 0;
                String known = defaults.getProperty(matcher.group(1));
                if (known == null
                        && matcher.group(1).startsWith("rtaa.")
                        && !matcher.group().contains(":")) {
                    unknownSettings.add(matcher.group(1));
                }
                placeholders.put(
                        matcher.group(1),
                        known != null && !known.isBlank() ? known : address ? STUB + matcher.group(1) : UNKNOWN);
            }
        });
    }

    /** Placeholders among the service's own, without a default of theirs, that the service does not have. */
    Set<String> unknownSettings() {
        return unknownSettings;
    }

    /** Says that a placeholder stands where true or false is wanted. */
    void flag(String value) {
        Matcher matcher = PLACEHOLDER.matcher(value);
        while (matcher.find()) {
            placeholders.put(matcher.group(1), "true");
        }
    }

    /** What recognisers are asked for that may not be meant so. */
    AsrWarnings asrWarnings() {
        return asrWarnings;
    }

    void lendTo(CamelContext context) {
        context.addComponent("websocket", new StubbedWebsocketComponent());
        context.addComponent("redis-streams", new StubbedComponent());
        context.addComponent(
                "kafka",
                new StubbedKafkaComponent(
                        defaults.getRequiredProperty("rtaa.kafka.audio-topic"),
                        defaults.getRequiredProperty("rtaa.kafka.transcripts-topic")));
        context.addComponent("asr", new StubbedAsrComponent(defaults, asrWarnings));
        context.getPropertiesComponent().addPropertiesSource(this);
        placeholders.putIfAbsent(TRANSCRIPTS, defaults.getRequiredProperty(TRANSCRIPTS));
        context.getPropertiesComponent().addPropertiesFunction(new SinkFunction(context));
    }

    @Override
    public String getName() {
        return "trusted";
    }

    @Override
    public @Nullable String getProperty(String name) {
        return placeholders.get(name);
    }

    @Override
    public @Nullable Object lookupByName(String name) {
        return isTrusted(name) ? TYPED.getOrDefault(name, new Nothing()) : null;
    }

    private boolean isTrusted(String name) {
        return beans.contains(name) && !declared.contains(name);
    }

    @Override
    public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
        if (!isTrusted(name)) {
            return null;
        }
        if (type.isInterface()) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (p, m, a) -> null));
        }
        Object bean = lookupByName(name);
        return type.isInstance(bean) ? type.cast(bean) : null;
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return Map.of();
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return Set.of();
    }
}
