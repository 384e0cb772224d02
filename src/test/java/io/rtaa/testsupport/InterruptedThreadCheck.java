package io.rtaa.testsupport;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves its thread interrupted: else the next test of the same JVM that waits would fail, whichever
 * that is. Found by JUnit as a service, for every test.
 */
public final class InterruptedThreadCheck implements AfterEachCallback, AfterAllCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        requireClear(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        requireClear(context);
    }

    private static void requireClear(ExtensionContext context) {
        if (Thread.interrupted()) {
            throw new AssertionError(context.getDisplayName() + " left its thread interrupted");
        }
    }
}
