package io.rtaa.config;

import io.rtaa.asr.AsrComponent;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.asr.sphinx.SphinxOptions;
import io.rtaa.asr.sphinx.SphinxProvider;
import java.util.List;
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
    SphinxProvider sphinxProvider() {
        return new SphinxProvider(SphinxOptions.defaults());
    }
}
