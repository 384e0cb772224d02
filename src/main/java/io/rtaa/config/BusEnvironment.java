package io.rtaa.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;

/**
 * Lays the chosen {@code bus/<adapter>.yaml} under all other settings, so that any of its values can be set from outside.
 * An adapter that is not known lays nothing: the check of the settings tells it with all other faults.
 */
class BusEnvironment implements EnvironmentPostProcessor {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        BusAdapter.named(environment.getProperty("rtaa.bus.adapter")).ifPresent(adapter -> load(adapter, environment));
    }

    private static void load(BusAdapter adapter, ConfigurableEnvironment environment) {
        ClassPathResource file = new ClassPathResource("bus/" + adapter.settingName() + ".yaml");
        try {
            new YamlPropertySourceLoader()
                    .load(file.getPath(), file)
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.getPath(), e);
        }
    }
}
