package io.rtaa.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows wrong settings as one list instead of a stack trace. */
class SettingsFailureAnalyzer extends AbstractFailureAnalyzer<SettingsException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SettingsException cause) {
        StringBuilder description = new StringBuilder(String.valueOf(cause.getMessage())).append(':');
        cause.faults().forEach(fault -> description.append("\n  - ").append(fault));
        return new FailureAnalysis(
                description.toString(), "Set each one as said above; the README lists them all.", cause);
    }
}
