package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.operations.HealthPart;
import io.rtaa.operations.Liveness;
import io.rtaa.redis.RedisStreamsComponent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The bus on Redis. Nothing is connected unless a route names it. */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

    @Bean("redis-streams")
    RedisStreamsComponent redisStreams(RtaaSettings settings, MeterRegistry registry) {
        RedisSettings redis = settings.redis();
        RedisStreamsComponent component = new RedisStreamsComponent();
        component.setMeterRegistry(registry);
        component.setUrl(redis.url());
        component.setCaCertificate(redis.caCertificate());
        component.setKeyPrefix(redis.keyPrefix());
        component.setPartitions(redis.partitions());
        component.setKeep(redis.keep());
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
