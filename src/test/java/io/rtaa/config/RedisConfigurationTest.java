package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.ConfigurableEnvironment;

/** The file that REDIS_URL_FILE names, as it changes; that connections use it, RedisUsersTest shows. */
@ExtendWith(OutputCaptureExtension.class)
class RedisConfigurationTest {

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FileWatch watch = new FileWatch(Duration.ofMillis(20), registry);
    private Path file;

    @BeforeEach
    void configure() throws IOException {
        file = Files.writeString(folder.resolve("redis-url"), "redis://rtaa:first-secret@redis.example");
        ConfigurableEnvironment environment =
                TestSettings.environment(Map.of("REDIS_URL_FILE", file.toString()), Map.of());
        new RedisConfiguration().redisStreams(RtaaSettings.read(environment), registry, watch, environment);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    /** At once, as a secret is mounted: a reader sees no part of it. */
    private void replace(String content) throws IOException {
        Path whole = Files.writeString(folder.resolve("next"), content);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private double reloads(String result) {
        return registry.counter("rtaa.settings.files.reloads", "result", result).count();
    }

    @Test
    void otherCredentialsAreTaken() throws IOException {
        replace("redis://rtaa:second-secret@redis.example\n");

        await().untilAsserted(() -> assertThat(reloads("applied")).isOne());
    }

    @Test
    void anotherRedisIsRefusedAndNoSecretShown(CapturedOutput output) throws IOException {
        replace("redis://rtaa:second-secret@redis.other");

        await().untilAsserted(() -> assertThat(reloads("refused")).isOne());
        assertThat(output).contains("REDIS_URL_FILE", "another Redis").doesNotContain("-secret");
    }
}
