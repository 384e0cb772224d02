package io.rtaa.testsupport;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets every wait without a bound of its own last 30 s. Awaitility's 10 s are too short for a slow machine with other
 * work, and a longer bound costs nothing where the condition holds. JUnit finds it as a service, for every test.
 */
public final class PatientWaits implements BeforeAllCallback {

    /** The longest that a test waits for what is to happen at once. */
    public static final Duration SOON = Duration.ofSeconds(30);

    @Override
    public void beforeAll(ExtensionContext tests) {
        Awaitility.setDefaultTimeout(SOON);
    }
}
