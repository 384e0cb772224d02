package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.asr.AsrComponent;
import io.rtaa.asr.AsrHealth;
import io.rtaa.asr.GateOptions;
import io.rtaa.asr.QuietCalls;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.asr.deepgram.DeepgramProvider;
import io.rtaa.asr.sphinx.SphinxOptions;
import io.rtaa.asr.sphinx.SphinxProvider;
import io.rtaa.operations.HealthPart;
import io.rtaa.operations.Liveness;
import io.rtaa.tracing.CallTracing;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** The recognisers there are. None costs anything before its first call. */
@Configuration(proxyBeanMethods = false)
class AsrConfiguration {

    /** The built-in route that takes what an events' route gave up past it. */
    private static final String GIVEN_UP = "direct:asr-given-up?block=false";

    @Bean
    AsrComponent asr(
            List<RecogniserProvider> providers, RtaaSettings settings, MeterRegistry registry, CallTracing tracing) {
        AsrSettings asr = settings.asr();
        AsrComponent component = new AsrComponent();
        component.setMeterRegistry(registry);
        component.setTracing(tracing);
        providers.forEach(component::addProvider);
        component.setSessionOptions(asr.session());
        component.setFallback(asr.fallback());
        component.setGivenUpUri(GIVEN_UP);
        component.setGateOptions(GateOptions.DEFAULTS.withMaxSessions(asr.maxSessions()));
        component.setMaxBacklogBytes(Runtime.getRuntime().maxMemory() / 100 * asr.backlogHeapPercent());
        return component;
    }

    /** What the route of keep-alives says. */
    @Bean
    QuietCalls quietCalls(AsrComponent asr, RtaaSettings settings) {
        return new QuietCalls(asr, settings.asr().keepAliveAfter());
    }

    @Bean
    HealthPart recogniserHealth(AsrComponent asr) {
        AsrHealth health = new AsrHealth(asr);
        return new HealthPart("recogniser", health::fault, health::note);
    }

    @Bean
    Liveness asrLiveness(AsrComponent asr) {
        return new Liveness("recogniser", asr::stuck);
    }

    @Bean
    @Conditional(DeepgramIsNamed.class)
    DeepgramProvider deepgramProvider(Vertx vertx, RtaaSettings settings, MeterRegistry registry) {
        DeepgramSettings deepgram =
                Objects.requireNonNull(settings.deepgram(), "settings without a key do not get this far");
        return new DeepgramProvider(
                vertx, registry, deepgram.transport(), deepgram.options(), deepgram.keys(), deepgram.proxy());
    }

    @Bean
    SphinxProvider sphinxProvider() {
        return new SphinxProvider(SphinxOptions.defaults());
    }

    /** Whether Deepgram recognises, or takes over where another fails. */
    static final class DeepgramIsNamed extends AnyNestedCondition {

        DeepgramIsNamed() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty(name = "rtaa.asr.provider", havingValue = "deepgram")
        static final class AsProvider {}

        @ConditionalOnProperty(name = "rtaa.asr.fallback", havingValue = "deepgram")
        static final class AsFallback {}
    }
}
