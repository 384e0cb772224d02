package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.bus.memory.MemoryBusComponent;
import io.rtaa.operations.HealthPart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The bus within the process. */
@Configuration(proxyBeanMethods = false)
class MemoryBusConfiguration {

    @Bean("memory-bus")
    MemoryBusComponent memoryBus(MeterRegistry registry) {
        MemoryBusComponent component = new MemoryBusComponent();
        component.setMeterRegistry(registry);
        return component;
    }

    @Bean
    HealthPart memoryBusHealth(MemoryBusComponent memoryBus) {
        return new HealthPart("memory", memoryBus::fault, memoryBus::note);
    }
}
