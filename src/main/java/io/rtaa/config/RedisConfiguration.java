package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.operations.HealthPart;
import io.rtaa.operations.Liveness;
import io.rtaa.redis.RedisStreamsComponent;
import java.nio.file.Path;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** The bus on Redis. Nothing is connected unless a route names it. */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

    @Bean("redis-streams")
    RedisStreamsComponent redisStreams(
            RtaaSettings settings, MeterRegistry registry, FileWatch files, ConfigurableEnvironment environment) {
        RedisSettings redis = settings.redis();
        RedisStreamsComponent component = new RedisStreamsComponent();
        component.setMeterRegistry(registry);
        component.setUrl(redis.url());
        component.setCaCertificate(redis.caCertificate());
        component.setKeyPrefix(redis.keyPrefix());
        component.setPartitions(redis.partitions());
        component.setKeep(redis.keep());
        Path urlFile = redis.urlFile();
        if (urlFile != null) {
            FileContent content = FileContent.read(urlFile);
            component.setUrl(content.text().strip());
            files.watch(
                    SetNames.ofFile(RedisSettings.URL, environment),
                    List.of(content),
                    changed ->
                            component.replaceCredentials(changed.get(0).text().strip()));
        }
        return component;
    }

    @Bean
    HealthPart redisHealth(RedisStreamsComponent redisStreams) {
        return new HealthPart("redis", redisStreams::fault, redisStreams::note);
    }

    @Bean
    Liveness redisLiveness(RedisStreamsComponent redisStreams) {
        return new Liveness("redis", redisStreams::stuck);
    }
}
