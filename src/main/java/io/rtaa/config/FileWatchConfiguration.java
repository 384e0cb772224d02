package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What follows the files of settings while the process runs. */
@Configuration(proxyBeanMethods = false)
class FileWatchConfiguration {

    @Bean(destroyMethod = "close")
    FileWatch fileWatch(MeterRegistry registry) {
        return new FileWatch(FileWatch.DEFAULT_INTERVAL, registry);
    }
}
