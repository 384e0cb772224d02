package io.rtaa.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Names the setting where the management listener's port cannot be had; before Spring's own, which knows of no such setting. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ManagementPortFailureAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {

    private final ConfigurableEnvironment environment;

    ManagementPortFailureAnalyzer(Environment environment) {
        this.environment = (ConfigurableEnvironment) environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
        String port = SetNames.of(ManagementSettings.PORT, environment);
        return new FailureAnalysis(
                port + " is " + cause.getPort() + " on " + SetNames.of(ManagementSettings.ADDRESS, environment) + " "
                        + environment.getProperty(ManagementSettings.ADDRESS.property())
                        + ", which cannot be bound: "
                        + NestedExceptionUtils.getMostSpecificCause(cause).getMessage(),
                "Set " + port + " to a port that is free, or to 0 for any.",
                cause);
    }
}
