package io.rtaa.config;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Checks every setting before anything is made of them, so that what is wrong is told in one message and nothing else. */
class SettingsCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        RtaaSettings.read(context.getEnvironment());
    }
}
