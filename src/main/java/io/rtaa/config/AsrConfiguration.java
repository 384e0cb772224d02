package io.rtaa.config;

import io.rtaa.asr.AsrComponent;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.asr.deepgram.DeepgramProvider;
import io.rtaa.asr.sphinx.SphinxOptions;
import io.rtaa.asr.sphinx.SphinxProvider;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The recognisers there are. None costs anything before its first call. */
@Configuration(proxyBeanMethods = false)
class AsrConfiguration {

    @Bean
    AsrComponent asr(List<RecogniserProvider> providers) {
        AsrComponent component = new AsrComponent();
        providers.forEach(component::addProvider);
        return component;
    }

    @Bean
    @ConditionalOnProperty(name = "rtaa.asr.provider", havingValue = "deepgram")
    DeepgramProvider deepgramProvider(Vertx vertx, RtaaSettings settings) {
        DeepgramSettings deepgram =
                Objects.requireNonNull(settings.deepgram(), "settings without a key do not get this far");
        return new DeepgramProvider(vertx, deepgram.transport(), deepgram.options(), deepgram.keys());
    }

    @Bean
    SphinxProvider sphinxProvider() {
        return new SphinxProvider(SphinxOptions.defaults());
    }
}
