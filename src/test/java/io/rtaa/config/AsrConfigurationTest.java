package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.asr.AsrComponent;
import io.rtaa.asr.deepgram.DeepgramProvider;
import io.rtaa.tracing.CallTracing;
import io.vertx.core.Vertx;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;

class AsrConfigurationTest {

    private final ApplicationContextRunner process = new ApplicationContextRunner()
            .withInitializer(context -> {
                try {
                    new YamlPropertySourceLoader()
                            .load("application.yaml", new ClassPathResource("application.yaml"))
                            .forEach(context.getEnvironment().getPropertySources()::addLast);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                DerivedSettings.derive(context.getEnvironment());
            })
            .withBean(Vertx.class, Vertx::vertx)
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withBean(CallTracing.class, () -> CallTracing.OFF)
            .withUserConfiguration(AsrConfiguration.class, Settings.class);

    @Configuration(proxyBeanMethods = false)
    static class Settings {
        @Bean
        RtaaSettings settings(ConfigurableEnvironment environment) {
            return RtaaSettings.read(environment);
        }
    }

    private ApplicationContextRunner with(String... settings) {
        return process.withPropertyValues(settings);
    }

    @Test
    void deepgramIsThereWhereItOnlyStandsIn() {
        with("ASR_PROVIDER=sphinx", "ASR_FALLBACK=deepgram", "DEEPGRAM_API_KEY=k", "ASR_MAX_SESSIONS=7")
                .run(context -> {
                    assertThat(context).hasSingleBean(DeepgramProvider.class);
                    AsrComponent asr = context.getBean(AsrComponent.class);
                    assertThat(asr.getFallback()).isEqualTo("deepgram");
                    assertThat(asr.getGateOptions().maxSessions()).isEqualTo(7);
                });
    }

    @Test
    void deepgramIsNotThereWhereNobodyNamesIt() {
        with("ASR_PROVIDER=sphinx", "DEEPGRAM_API_KEY=k").run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(DeepgramProvider.class);
            assertThat(context.getBean(AsrComponent.class).getFallback()).isNull();
        });
    }
}
