package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.call.UseCounter;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.security.OutsideAddress;
import io.rtaa.edge.security.ProcessUses;
import io.rtaa.edge.security.SharedUses;
import io.rtaa.edge.security.StreamTokenMeters;
import io.rtaa.edge.security.StreamTokenStep;
import io.rtaa.edge.security.StreamTokens;
import io.rtaa.edge.security.StreamUrlApi;
import io.rtaa.edge.websocket.WebsocketComponent;
import io.rtaa.redis.RedisStreamsComponent;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Stream URLs: where they are asked for, and the step that lets their tokens in. */
@Configuration(proxyBeanMethods = false)
class StreamUrlConfiguration {

    @Bean
    StreamTokens streamTokens(RtaaSettings settings, FileWatch files, ConfigurableEnvironment environment) {
        Path file = settings.credentials().streamKeyFile();
        if (file == null) {
            return Objects.requireNonNullElseGet(settings.credentials().streamTokens(), StreamTokens::none);
        }
        FileContent content = FileContent.read(file);
        StreamTokens tokens = StreamTokens.ofPem(content.text());
        files.watch(
                SetNames.ofFile(Credentials.JWT_PRIVATE_KEY, environment),
                List.of(content),
                changed -> tokens.replaceKey(changed.get(0).text()));
        return tokens;
    }

    @Bean
    StreamTokenMeters streamTokenMeters(MeterRegistry registry) {
        return new StreamTokenMeters(registry);
    }

    /** Counts the sockets of stream tokens: where Redis is the bus, for all processes together. */
    @Bean
    UseCounter streamTokenUses(
            RtaaSettings settings, RedisStreamsComponent redisStreams, StreamTokenMeters meters, Clock clock) {
        ProcessUses own = new ProcessUses(clock);
        return settings.bus() == BusAdapter.REDIS ? new SharedUses(redisStreams.uses(), own, meters) : own;
    }

    @Bean
    StreamTokenStep streamToken(
            RtaaSettings settings, StreamTokens tokens, UseCounter streamTokenUses, StreamTokenMeters meters) {
        return new StreamTokenStep(settings.authOff() ? StreamTokens.none() : tokens, streamTokenUses, meters);
    }

    @Bean
    InitializingBean streamUrlOnListener(
            RtaaSettings settings,
            PublicListener listener,
            WebsocketComponent websocket,
            StreamTokens tokens,
            StreamTokenMeters meters) {
        return () -> {
            if (settings.has(ServiceRole.INGEST)) {
                new StreamUrlApi(
                                tokens,
                                websocket::guardOf,
                                new OutsideAddress(
                                        settings.publicUrl(),
                                        settings.credentials().trustedProxies()),
                                meters,
                                listener.options().handshakeTimeout())
                        .mount(listener);
            }
        };
    }
}
