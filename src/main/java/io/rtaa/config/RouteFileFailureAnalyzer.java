package io.rtaa.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a faulty route file as its fault instead of a stack trace. */
class RouteFileFailureAnalyzer extends AbstractFailureAnalyzer<RouteFileException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, RouteFileException cause) {
        return new FailureAnalysis(
                "A route file cannot be loaded: " + cause.getMessage(),
                "Mend the file; 'java -jar rtaa.jar validate DIR' names every fault with its line.",
                cause);
    }
}
