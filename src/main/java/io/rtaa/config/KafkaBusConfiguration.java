package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.kafka.KafkaBus;
import io.rtaa.kafka.KafkaBusComponent;
import io.rtaa.operations.HealthPart;
import io.rtaa.operations.Liveness;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The bus on Kafka. Nothing is connected unless a route names it. */
@Configuration(proxyBeanMethods = false)
class KafkaBusConfiguration {

    @Bean
    KafkaBus kafkaBus(RtaaSettings settings, MeterRegistry registry) {
        return new KafkaBus(settings.kafka().options(), registry);
    }

    @Bean("kafka")
    KafkaBusComponent kafkaBusComponent(KafkaBus bus) {
        return new KafkaBusComponent(bus);
    }

    @Bean
    HealthPart kafkaHealth(KafkaBus bus) {
        return new HealthPart("kafka", bus::fault, bus::note);
    }

    @Bean
    Liveness kafkaLiveness(KafkaBus bus) {
        return new Liveness("kafka", bus::stuck);
    }
}
