package io.rtaa.config;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Checks every setting before anything is made of them, so that one message lists all that is wrong and nothing else; then
 * logs which ones are in force.
 */
class SettingsCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurationLog.write(RtaaSettings.read(context.getEnvironment()), context.getEnvironment());
    }
}
