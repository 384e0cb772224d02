package io.rtaa.testsupport;

import org.apache.camel.api.management.JmxSystemPropertyKeys;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets Camel register managed beans, and so measure its routes, while the tests of a class run. The build switches that
 * off: hundreds of contexts would pay for it, and beans of one context would be seen beside those of another.
 */
public final class CamelJmx implements BeforeAllCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        System.setProperty(JmxSystemPropertyKeys.DISABLED, "false");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.setProperty(JmxSystemPropertyKeys.DISABLED, "true");
    }
}
