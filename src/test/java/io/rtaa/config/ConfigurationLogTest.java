package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.rtaa.RtaaApplication;
import io.rtaa.testsupport.JavaCommand;
import io.rtaa.testsupport.SigningKey;
import io.rtaa.testsupport.cluster.RedisProcess;
import io.rtaa.testsupport.cluster.RtaaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.ConfigurableEnvironment;

/** What the start logs of the settings, and what it never logs. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationLogTest {

    @TempDir
    private Path folder;

    private static Map<String, String> inForce(Map<String, Object> variables) {
        ConfigurableEnvironment environment = TestSettings.environment(variables, Map.of());
        return ConfigurationLog.inForce(RtaaSettings.read(environment), environment);
    }

    @Test
    void whatMattersIsThereAtItsDefaultAndNothingElse() {
        assertThat(inForce(Map.of()))
                .hasToString("{PORT=8080, BIND_ADDRESS=127.0.0.1, RTAA_AUTH=on, RTAA_ROLES=ingest,asr,dashboard,"
                        + " MAX_CALLS=2000, PUBSUB_ADAPTER=memory, MANAGEMENT_PORT=8081, MANAGEMENT_ADDRESS=127.0.0.1,"
                        + " ASR_PROVIDER=sphinx, ASR_FALLBACK=none, ASR_MAX_SESSIONS=100, tls=off, auth=/v1/exotel open,"
                        + " /v1/ingest open, /v1/transcripts and /api open}");
    }

    @Test
    void whatIsSetIsThereAndASecretIsMasked() throws Exception {
        Path key = Files.writeString(folder.resolve("key.pem"), SigningKey.FIRST.publicPem());
        Map<String, Object> variables = new HashMap<>();
        variables.put("RTAA_ROLES", "ingest");
        variables.put("PUBSUB_ADAPTER", "redis");
        variables.put("REDIS_URL", "redis://me:hidden@redis:6379");
        variables.put("EXOTEL_BASIC_AUTH", "hidden:hidden");
        variables.put("JWT_PUBLIC_KEY_FILE", key.toString());
        variables.put("DRAIN_SECONDS", "7");
        variables.put("WINDOW_MIN_MS", "100");

        Map<String, String> shown = inForce(variables);
        assertThat(shown)
                .containsEntry("RTAA_ROLES", "ingest")
                .containsEntry("PUBSUB_ADAPTER", "redis")
                .containsEntry("DRAIN_SECONDS", "7")
                .containsEntry("REDIS_URL", "***")
                .containsEntry("EXOTEL_BASIC_AUTH", "***")
                .containsEntry("BIND_ADDRESS", "0.0.0.0")
                .containsEntry("JWT_PUBLIC_KEY_FILE", key.toString())
                .containsEntry("auth", "/v1/exotel Basic or token, /v1/ingest token")
                .doesNotContainKeys("WINDOW_MIN_MS", "JWT_PUBLIC_KEY");
        assertThat(shown.toString()).doesNotContain("hidden");
    }

    @Test
    void everyWayInIsThereWithItsHandshakeThoseOfATeamToo(CapturedOutput output) throws Exception {
        Path routes = Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: websocket:mine
                      parameters:
                        path: /v1/mine
                        kind: viewer
                        handshake: none
                      steps:
                        - to: log:mine
                - route:
                    id: second
                    from:
                      uri: websocket:second?path=/v1/second&kind=viewer
                      steps:
                        - to: log:mine
                """);
        SpringApplication.run(
                        RtaaApplication.class,
                        "--rtaa.management.port=0",
                        "--PORT=0",
                        "--rtaa.roles=dashboard",
                        "--rtaa.routes=" + routes)
                .close();

        assertThat(output)
                .contains("Who comes in where endpoints=\"/api direct:viewer-handshake, /v1/mine none, /v1/second"
                        + " direct:viewer-handshake, /v1/transcripts direct:viewer-handshake\"");
    }

    @Test
    void theProxyOnTheWayToDeepgramIsThereWithoutItsPassword() {
        Map<String, Object> variables = new HashMap<>();
        variables.put("HTTPS_PROXY", "me:hidden@proxy:3128");
        variables.put("NO_PROXY", ".internal");

        assertThat(inForce(variables)).doesNotContainKeys("HTTPS_PROXY", "NO_PROXY");

        variables.put("DEEPGRAM_API_KEY", "k");
        assertThat(inForce(variables))
                .containsEntry("HTTPS_PROXY", "***@proxy:3128")
                .containsEntry("NO_PROXY", ".internal");
        ConfigurableEnvironment environment = TestSettings.environment(Map.of(), variables);
        assertThat(ConfigurationLog.inForce(RtaaSettings.read(environment), environment))
                .containsKey("HTTPS_PROXY")
                .doesNotContainKeys("https_proxy", "no_proxy");
        variables.put("HTTPS_PROXY", "http://me:hidden@proxy");
        assertThat(inForce(variables)).containsEntry("HTTPS_PROXY", "http://***@proxy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wss://user:hidden@host:9/path                    | wss://***@host:9/path",
                "wss://hidden@host                                | wss://***@host",
                "https://a:hid@den@host/x                         | https://***@host/x",
                "callback=https%3A%2F%2Fuser%3Ahidden%40host%2Fx  | callback=https%3A%2F%2F***%40host%2Fx",
                "kafka:audio?saslJaasConfig=RAW(hidden)&x=1       | kafka:audio?saslJaasConfig=xxxxxx&x=1",
                "host:9092,other:9092                             | host:9092,other:9092",
                "diarize=true&keyterm=a@b                         | diarize=true&keyterm=a@b"
            })
    void userAndPasswordInAnAddressAreMasked(String value, String shown) {
        assertThat(ConfigurationLog.shown(value)).isEqualTo(shown);
    }

    @Test
    void aValueStaysOnTheLineAndIsBounded() {
        assertThat(ConfigurationLog.shown("a\nINFO \"b\"\r\u2028c\u001b[31m")).isEqualTo("a INFO  b c [31m");
        assertThat(ConfigurationLog.shown("x".repeat(5000))).isEqualTo("x".repeat(200) + "…");
        assertThat(ConfigurationLog.shown("x".repeat(199) + "\ud83d\ude00\ud83d\ude00"))
                .isEqualTo("x".repeat(199) + "…");
    }

    /** A process with every secret, once as variables and once as files, on a bus that asks for a password. */
    @Test
    void noSecretIsInTheLogOfAStartAtDebugLevel() throws Exception {
        try (RedisProcess redis = new RedisProcess(folder.resolve("redis"))) {
            redis.start();
            String address = "redis://127.0.0.1:" + redis.port();
            RedisClient client = RedisClient.create(address);
            try (StatefulRedisConnection<String, String> connection = client.connect()) {
                connection
                        .sync()
                        .aclSetuser(
                                "rtaa",
                                AclSetuserArgs.Builder.on()
                                        .addPassword("redis-hidden")
                                        .allKeys()
                                        .allCommands());
            } finally {
                client.shutdown();
            }
            Map<String, String> secrets = new HashMap<>();
            secrets.put("REDIS_URL", "redis://rtaa:redis-hidden@127.0.0.1:" + redis.port());
            secrets.put("EXOTEL_BASIC_AUTH", "basic-hidden-key:basic-hidden-token");
            secrets.put("DEEPGRAM_API_KEY", "deepgram-hidden-1,deepgram-hidden-2");
            secrets.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20otlp-hidden");
            secrets.put("JWT_PUBLIC_KEY", SigningKey.FIRST.publicPem());
            secrets.put("JWT_PRIVATE_KEY", SigningKey.SECOND.privatePem());
            secrets.put("MANAGEMENT_PASSWORD", "admin-hidden-password");
            secrets.put("MANAGEMENT_VIEWERS", "eve:viewer-hidden-password");
            assertThat(SettingsFiles.declarations().stream()
                            .filter(Setting::secret)
                            .map(Setting::variable))
                    .as("the secrets that this test knows")
                    .containsExactlyInAnyOrderElementsOf(secrets.keySet());

            Map<String, String> byFile = new HashMap<>();
            for (Map.Entry<String, String> secret : secrets.entrySet()) {
                Path file = Files.writeString(folder.resolve(secret.getKey()), secret.getValue() + "\n");
                byFile.put(secret.getKey() + "_FILE", file.toString());
            }
            assertNothingIsHidden("variables", secrets, "=\"***\"", secrets);
            assertNothingIsHidden("files", byFile, "=\"" + folder, secrets);
        }
    }

    private void assertNothingIsHidden(
            String name, Map<String, String> variables, String shown, Map<String, String> secrets) throws IOException {
        Map<String, String> all = new HashMap<>(variables);
        all.put("PUBSUB_ADAPTER", "redis");
        all.put("HTTPS_PROXY", "http://user:proxy-hidden@127.0.0.1:3128");
        all.put("LOGGING_LEVEL_ROOT", "debug");
        try (RtaaProcess process =
                new RtaaProcess(name, folder.resolve(name), JavaCommand.quick().main(RtaaApplication.class), all)) {
            process.start();
            await().until(() -> Files.readString(process.log()).contains("Started RtaaApplication"));
            String log = Files.readString(process.log());
            assertThat(log).contains(" DEBUG ", " Configuration ");
            variables.keySet().forEach(variable -> assertThat(log).contains(variable + shown));
            assertThat(log).doesNotContain("-hidden");
            assertThat((secrets.get("JWT_PUBLIC_KEY") + secrets.get("JWT_PRIVATE_KEY"))
                            .lines()
                            .filter(line -> line.length() > 20 && !line.startsWith("-----"))
                            .filter(log::contains)
                            .collect(Collectors.toList()))
                    .isEmpty();
        }
    }
}
