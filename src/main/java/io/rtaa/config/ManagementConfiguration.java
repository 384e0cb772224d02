package io.rtaa.config;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.rtaa.audio.AudioMeters;
import io.rtaa.audio.MessageOrder;
import io.rtaa.operations.HealthPart;
import io.rtaa.operations.Liveness;
import io.rtaa.telephony.CallerMeters;
import io.rtaa.telephony.ExotelProcessor;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.telephony.PcmProcessor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.CompositeHealthContributor;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthContributor;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The management listener: Spring Boot's own web server with its Actuator, apart from the public listener. What is measured
 * is bound to its registry: a {@link MeterBinder} bean is all it takes.
 */
@Configuration(proxyBeanMethods = false)
class ManagementConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementConfiguration.class);

    /** The parts of {@code /health}, here with the reasons, which may name hosts, and with what else they have to say. */
    @Bean
    HealthContributor partsHealthContributor(List<HealthPart> parts) {
        Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
        parts.forEach(part -> indicators.put(part.name(), () -> health(part.problem(), part.note())));
        return CompositeHealthContributor.fromMap(indicators);
    }

    /** What {@code /health/live} asks, with the reasons. */
    @Bean
    HealthContributor progressHealthContributor(List<Liveness> progress) {
        Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
        progress.forEach(
                each -> indicators.put(each.name(), () -> health(each.stuck().get(), () -> null)));
        return CompositeHealthContributor.fromMap(indicators);
    }

    private static Health health(@Nullable String problem, Supplier<@Nullable String> remark) {
        if (problem != null) {
            return Health.down().withDetail("reason", problem).build();
        }
        String note = remark.get();
        return note == null
                ? Health.up().build()
                : Health.up().withDetail("note", note).build();
    }

    @Bean
    MeterBinder callerMeters(LiveLegs liveLegs, ExotelProcessor exotelProcessor, PcmProcessor pcmProcessor) {
        return new CallerMeters(liveLegs, exotelProcessor, pcmProcessor);
    }

    @Bean
    MeterBinder audioMeters(MessageOrder messageOrder) {
        return new AudioMeters(messageOrder);
    }

    @Bean
    ApplicationListener<WebServerInitializedEvent> tellsWhereItIs(RtaaSettings settings) {
        return started -> LOG.info(
                "Management on {}:{}",
                settings.management().address(),
                started.getWebServer().getPort());
    }
}
