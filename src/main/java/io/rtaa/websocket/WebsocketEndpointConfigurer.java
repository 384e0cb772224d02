package io.rtaa.websocket;

import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.SocketEndListener;
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

/**
 * Sets the options of a {@code websocket:} URI. A subclass of a component has no configurer of its own under its new
 * scheme, so this one is written out; what it does not name is refused.
 */
public class WebsocketEndpointConfigurer extends PropertyConfigurerSupport
        implements GeneratedPropertyConfigurer, ExtendedPropertyConfigurerGetter {

    private static final List<String> OPTIONS = List.of(
            "path",
            "maxMessageBytes",
            "maxFrameBytes",
            "writeQueueBytes",
            "idleTimeout",
            "pingInterval",
            "peerTimeout",
            "tcpUserTimeout",
            "endListener",
            "maxFailuresInARow",
            "authentication",
            "challenge",
            "dispatch",
            "workerThreads",
            "stopCode",
            "exceptionHandler",
            "exchangePattern");

    @Override
    public boolean configure(CamelContext camelContext, Object target, String name, Object value, boolean ignoreCase) {
        WebsocketEndpoint endpoint = (WebsocketEndpoint) target;
        WebsocketEndpointOptions options = endpoint.getOptions();
        switch (canonical(name, ignoreCase)) {
            case "path" -> options.setPath(property(camelContext, String.class, value));
            case "maxMessageBytes" -> options.setMaxMessageBytes(property(camelContext, int.class, value));
            case "maxFrameBytes" -> options.setMaxFrameBytes(property(camelContext, int.class, value));
            case "writeQueueBytes" -> options.setWriteQueueBytes(property(camelContext, int.class, value));
            case "idleTimeout" -> options.setIdleTimeout(property(camelContext, Duration.class, value));
            case "pingInterval" -> options.setPingInterval(property(camelContext, Duration.class, value));
            case "peerTimeout" -> options.setPeerTimeout(property(camelContext, Duration.class, value));
            case "tcpUserTimeout" -> options.setTcpUserTimeout(property(camelContext, Duration.class, value));
            case "endListener" -> options.setEndListener(property(camelContext, SocketEndListener.class, value));
            case "maxFailuresInARow" -> options.setMaxFailuresInARow(property(camelContext, int.class, value));
            case "authentication" -> options.setAuthentication(property(camelContext, HandshakeGuard.class, value));
            case "challenge" -> options.setChallenge(property(camelContext, String.class, value));
            case "dispatch" -> options.setDispatch(property(camelContext, Dispatch.class, value));
            case "workerThreads" -> options.setWorkerThreads(property(camelContext, int.class, value));
            case "stopCode" -> options.setStopCode(property(camelContext, int.class, value));
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
            case "path", "challenge" -> String.class;
            case "maxMessageBytes",
                    "maxFrameBytes",
                    "writeQueueBytes",
                    "workerThreads",
                    "stopCode",
                    "maxFailuresInARow" -> int.class;
            case "idleTimeout", "pingInterval", "peerTimeout", "tcpUserTimeout" -> Duration.class;
            case "authentication" -> HandshakeGuard.class;
            case "endListener" -> SocketEndListener.class;
            case "dispatch" -> Dispatch.class;
            case "exceptionHandler" -> ExceptionHandler.class;
            case "exchangePattern" -> ExchangePattern.class;
            default -> null;
        };
    }

    @Override
    public @Nullable Object getOptionValue(Object target, String name, boolean ignoreCase) {
        WebsocketEndpoint endpoint = (WebsocketEndpoint) target;
        WebsocketEndpointOptions options = endpoint.getOptions();
        return switch (canonical(name, ignoreCase)) {
            case "path" -> options.getPath();
            case "maxMessageBytes" -> options.getMaxMessageBytes();
            case "maxFrameBytes" -> options.getMaxFrameBytes();
            case "writeQueueBytes" -> options.getWriteQueueBytes();
            case "idleTimeout" -> options.getIdleTimeout();
            case "pingInterval" -> options.getPingInterval();
            case "peerTimeout" -> options.getPeerTimeout();
            case "tcpUserTimeout" -> options.getTcpUserTimeout();
            case "endListener" -> options.getEndListener();
            case "maxFailuresInARow" -> options.getMaxFailuresInARow();
            case "authentication" -> options.getAuthentication();
            case "challenge" -> options.getChallenge();
            case "dispatch" -> options.getDispatch();
            case "workerThreads" -> options.getWorkerThreads();
            case "stopCode" -> options.getStopCode();
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
