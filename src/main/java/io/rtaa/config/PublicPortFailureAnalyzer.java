package io.rtaa.config;

import io.rtaa.edge.listener.ListenException;
import io.rtaa.routes.RouteFailure;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Names the settings where the public listener's address cannot be bound. */
class PublicPortFailureAnalyzer extends AbstractFailureAnalyzer<ListenException> {

    private final ConfigurableEnvironment environment;

    PublicPortFailureAnalyzer(Environment environment) {
        this.environment = (ConfigurableEnvironment) environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ListenException cause) {
        String port = SetNames.of(RtaaSettings.PORT, environment);
        return new FailureAnalysis(
                port + " is " + cause.port() + " on " + SetNames.of(RtaaSettings.BIND_ADDRESS, environment) + " "
                        + cause.host() + ", which cannot be bound: " + RouteFailure.reason(cause),
                "Set " + port + " to a port that is free, or to 0 for any.",
                cause);
    }
}
