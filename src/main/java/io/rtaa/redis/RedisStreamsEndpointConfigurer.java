package io.rtaa.redis;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangePattern;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.ExtendedPropertyConfigurerGetter;
import org.apache.camel.spi.GeneratedPropertyConfigurer;
import org.apache.camel.support.component.PropertyConfigurerSupport;
import org.jspecify.annotations.Nullable;

/** Sets the options of a {@code redis-streams:} URI; what it does not name is refused. */
public class RedisStreamsEndpointConfigurer extends PropertyConfigurerSupport
        implements GeneratedPropertyConfigurer, ExtendedPropertyConfigurerGetter {

    private static final List<String> OPTIONS = List.of(
            "group",
            "sink",
            "leaseTime",
            "block",
            "linger",
            "batch",
            "since",
            "keepAlives",
            "maxInFlight",
            "retryDelay",
            "maxRetryDelay",
            "maxLength",
            "exceptionHandler",
            "exchangePattern");

    @Override
    public boolean configure(CamelContext camelContext, Object target, String name, Object value, boolean ignoreCase) {
        RedisStreamsEndpoint endpoint = (RedisStreamsEndpoint) target;
        RedisStreamsConfiguration options = endpoint.getConfiguration();
        switch (canonical(name, ignoreCase)) {
            case "group" -> options.setGroup(property(camelContext, String.class, value));
            case "sink" -> options.setSink(property(camelContext, String.class, value));
            case "leaseTime" -> options.setLeaseTime(property(camelContext, Duration.class, value));
            case "block" -> options.setBlock(property(camelContext, Duration.class, value));
            case "linger" -> options.setLinger(property(camelContext, Duration.class, value));
            case "batch" -> options.setBatch(property(camelContext, int.class, value));
            case "keepAlives" -> options.setKeepAlives(property(camelContext, boolean.class, value));
            case "since" -> options.setSince(property(camelContext, String.class, value));
            case "maxInFlight" -> options.setMaxInFlight(property(camelContext, int.class, value));
            case "retryDelay" -> options.setRetryDelay(property(camelContext, Duration.class, value));
            case "maxRetryDelay" -> options.setMaxRetryDelay(property(camelContext, Duration.class, value));
            case "maxLength" -> options.setMaxLength(property(camelContext, long.class, value));
            case "exceptionHandler" ->
                endpoint.setExceptionHandler(property(camelContext, ExceptionHandler.class, value));
            case "exchangePattern" -> endpoint.setExchangePattern(property(camelContext, ExchangePattern.class, value));
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public Map<String, Object> getAllOptions(Object target) {
        Map<String, Object> all = new LinkedHashMap<>();
        OPTIONS.forEach(name -> all.put(name, Objects.requireNonNull(getOptionType(name, false))));
        return all;
    }

    @Override
    public @Nullable Class<?> getOptionType(String name, boolean ignoreCase) {
        return switch (canonical(name, ignoreCase)) {
            case "group", "sink", "since" -> String.class;
            case "leaseTime", "block", "linger", "retryDelay", "maxRetryDelay" -> Duration.class;
            case "batch", "maxInFlight" -> int.class;
            case "keepAlives" -> boolean.class;
            case "maxLength" -> long.class;
            case "exceptionHandler" -> ExceptionHandler.class;
            case "exchangePattern" -> ExchangePattern.class;
            default -> null;
        };
    }

    @Override
    public @Nullable Object getOptionValue(Object target, String name, boolean ignoreCase) {
        RedisStreamsEndpoint endpoint = (RedisStreamsEndpoint) target;
        RedisStreamsConfiguration options = endpoint.getConfiguration();
        return switch (canonical(name, ignoreCase)) {
            case "group" -> options.getGroup();
            case "sink" -> options.getSink();
            case "leaseTime" -> options.getLeaseTime();
            case "block" -> options.getBlock();
            case "linger" -> options.getLinger();
            case "batch" -> options.getBatch();
            case "keepAlives" -> options.isKeepAlives();
            case "since" -> options.getSince();
            case "maxInFlight" -> options.getMaxInFlight();
            case "retryDelay" -> options.getRetryDelay();
            case "maxRetryDelay" -> options.getMaxRetryDelay();
            case "maxLength" -> options.getMaxLength();
            case "exceptionHandler" -> endpoint.getExceptionHandler();
            case "exchangePattern" -> endpoint.getExchangePattern();
            default -> null;
        };
    }

    private static String canonical(String name, boolean ignoreCase) {
        Optional<String> known = OPTIONS.stream()
                .filter(option -> ignoreCase ? option.equalsIgnoreCase(name) : option.equals(name))
                .findFirst();
        return known.orElse(name);
    }
}
