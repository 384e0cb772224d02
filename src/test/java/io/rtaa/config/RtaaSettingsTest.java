package io.rtaa.config;

import static io.rtaa.config.TestSettings.environment;
import static io.rtaa.config.TestSettings.faults;
import static io.rtaa.config.TestSettings.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.lettuce.core.RedisURI;
import io.rtaa.edge.security.TokenRules;
import io.rtaa.redis.RedisStreamsComponent;
import io.rtaa.testsupport.SigningKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.ConfigurableEnvironment;

/** How the settings of the process are read: the listener, its credentials, roles and the bus. */
class RtaaSettingsTest {

    private static String publicKey;

    @BeforeAll
    static void makeAKey() {
        publicKey = SigningKey.FIRST.publicPem();
    }

    @Test
    void aProcessThatIsToldNothingIsOpenOnLoopbackOnly() {
        RtaaSettings settings = read(Map.of());
        assertThat(settings.bindAddress()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.management())
                .isEqualTo(new ManagementSettings(8081, "127.0.0.1", "rtaa", null, null, List.of(), null, false));
        assertThat(settings.roles()).containsExactlyInAnyOrder(ServiceRole.values());
        assertThat(settings.asr().provider()).isEqualTo("sphinx");
        assertThat(settings.asr().fallback()).isNull();
        assertThat(settings.asr().maxSessions()).isEqualTo(100);
        assertThat(settings.asr().backlogHeapPercent()).isEqualTo(25);
        assertThat(settings.windows().min()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.windows().max()).isEqualTo(Duration.ofMillis(200));
        assertThat(settings.maxCalls()).isEqualTo(2000);
        assertThat(settings.drain()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.isOpen(Door.EXOTEL)).isTrue();
    }

    @Test
    void aPublicUrlIsCheckedAndTheErrorSaysWhatIsAllowed() {
        assertThat(read(Map.of()).publicUrl()).isNull();
        assertThat(read(Map.of("PUBLIC_URL", "https://rtaa.example/calls/")).publicUrl())
                .hasToString("https://rtaa.example/calls");
        assertThatThrownBy(() -> read(Map.of("PUBLIC_URL", "rtaa.example")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(SettingsException::faults)
                .asString()
                .contains("PUBLIC_URL: 'rtaa.example' is no address of a page; allowed: http:// or https://");
    }

    @Test
    void operatorsNeedAPortOfTheirOwn() {
        assertThatThrownBy(() -> read(Map.of("PORT", "9000", "MANAGEMENT_PORT", "9000", "MANAGEMENT_ADDRESS", "here")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(SettingsException::faults)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(
                        "MANAGEMENT_PORT is 9000, and so is PORT; allowed: another port, or 0 for a free one",
                        "MANAGEMENT_ADDRESS is 'here'; allowed: an IP address of this machine, 0.0.0.0 or localhost");
        assertThat(read(Map.of("PORT", "0", "MANAGEMENT_PORT", "0"))
                        .management()
                        .port())
                .isZero();
    }

    @Test
    void aProcessWithACredentialForEveryDoorBindsEverywhere() {
        RtaaSettings settings = read(Map.of("JWT_PUBLIC_KEY", publicKey));
        assertThat(settings.bindAddress()).isEqualTo("0.0.0.0");
        assertThat(settings.isOpen(Door.TRANSCRIPTS)).isFalse();
    }

    @Test
    void aJwkSetGuardsEveryDoorAsAKeyDoes() {
        RtaaSettings settings =
                read(Map.of("JWT_JWKS_URL", "https://id.example/keys", "JWT_ISSUER", "https://id.example"));
        assertThat(settings.bindAddress()).isEqualTo("0.0.0.0");
        assertThat(settings.credentials().jwt())
                .isNotNull()
                .returns("https://id.example/keys", jwt -> String.valueOf(jwt.jwksUrl()))
                .returns(new TokenRules("https://id.example", null), JwtSettings::rules);
    }

    @Test
    void aKeyAndAJwkSetAreNotSetTogether() {
        assertThat(faults(Map.of("JWT_PUBLIC_KEY", publicKey, "JWT_JWKS_URL", "https://id.example/keys")))
                .isEqualTo("JWT_PUBLIC_KEY and JWT_JWKS_URL are both set; allowed: one of them");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id.example/keys",
                "ftp://id.example/keys",
                "file:/etc/keys",
                "https:///keys",
                "https://user:s3cret@id.example/keys",
                "https://id.example/s3cret keys"
            })
    void whatIsNoAddressOfAJwkSetIsRefusedAndNotShown(String url) {
        assertThat(faults(Map.of("JWT_JWKS_URL", url)))
                .startsWith("JWT_JWKS_URL: this is no address of a JWK set; allowed: https://HOST[:PORT]/PATH")
                .doesNotContain("s3cret");
    }

    @Test
    void aClaimNeedsAName() {
        assertThat(faults(Map.of("JWT_ROLE_CLAIM", " ", "JWT_TENANT_CLAIM", "")))
                .isEqualTo(
                        "JWT_ROLE_CLAIM is not set; allowed: the name of a claim, or a path of names separated by dots\n"
                                + "JWT_TENANT_CLAIM is not set; allowed: the name of a claim, or a path of names separated by dots");
    }

    @Test
    void basicGuardsExotelsDoorAlone() {
        RtaaSettings settings = read(Map.of("EXOTEL_BASIC_AUTH", "key:token"));
        assertThat(settings.bindAddress()).isEqualTo("127.0.0.1");
        assertThat(settings.isOpen(Door.EXOTEL)).isFalse();
        assertThat(settings.isOpen(Door.INGEST)).isTrue();
    }

    @Test
    void aProcessWithoutDoorsBindsEverywhereForItsHealth() {
        assertThat(read(Map.of("RTAA_ROLES", "asr")).bindAddress()).isEqualTo("0.0.0.0");
    }

    @Test
    void anOpenDoorRefusesToBeReachedFromOutsideAndNamesItsCredential() {
        assertThatThrownBy(() -> read(Map.of("BIND_ADDRESS", "0.0.0.0", "EXOTEL_BASIC_AUTH", "key:token")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(SettingsException::faults)
                .asString()
                .contains("/v1/ingest has no credential")
                .contains("/v1/transcripts")
                .contains("JWT_PUBLIC_KEY")
                .doesNotContain("/v1/exotel has");
    }

    @Test
    void openOnPurposeMayBindAnywhere() {
        RtaaSettings settings =
                read(Map.of("BIND_ADDRESS", "0.0.0.0", "RTAA_AUTH", "none", "JWT_PUBLIC_KEY", publicKey));
        assertThat(settings.bindAddress()).isEqualTo("0.0.0.0");
        assertThat(settings.isOpen(Door.TRANSCRIPTS)).isTrue();
    }

    @Test
    void audioThatStaysInAProcessNeedsItsReaderThere() {
        assertThatThrownBy(() -> read(Map.of("RTAA_ROLES", "ingest,dashboard")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(fault -> String.join("\n", fault.faults()))
                .asString()
                .contains("RTAA_ROLES has ingest without asr")
                .contains("PUBSUB_ADAPTER=redis or kafka");
        assertThat(read(Map.of("RTAA_ROLES", "ingest", "PUBSUB_ADAPTER", "redis"))
                        .has(ServiceRole.ASR))
                .isFalse();
    }

    @Test
    void aFaultOfTheRolesIsToldOnce() {
        for (String roles : List.of("recognise", "ingest,recognise", "recognise,recognise")) {
            assertThat(TestSettings.faults(Map.of("RTAA_ROLES", roles)))
                    .as(roles)
                    .isEqualTo("RTAA_ROLES is 'recognise'; allowed: ingest, asr, dashboard");
        }
    }

    @Test
    void everyFaultIsToldAtOnceAndNoSecret() {
        assertThatThrownBy(() -> read(Map.of(
                        "PORT", "eighty",
                        "RTAA_ROLES", "ingest,recognise",
                        "PUBSUB_ADAPTER", "rabbit",
                        "WINDOW_MIN_MS", "5000",
                        "EXOTEL_BASIC_AUTH", "s3cret-without-colon",
                        "JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----",
                        "EXOTEL_ALLOWED_IPS", "10.0.0.0/99",
                        "BIND_ADDRESS", "somewhere.example")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(fault -> String.join("\n", fault.faults()))
                .asString()
                .contains("PORT is 'eighty'; allowed: a whole number from 0 to 65535")
                .contains("RTAA_ROLES is 'recognise'; allowed: ingest, asr, dashboard")
                .contains("PUBSUB_ADAPTER is 'rabbit'")
                .contains("WINDOW_MIN_MS is '5000'")
                .contains("EXOTEL_BASIC_AUTH")
                .contains("JWT_PUBLIC_KEY")
                .contains("EXOTEL_ALLOWED_IPS")
                .contains("BIND_ADDRESS is 'somewhere.example'")
                .doesNotContain("s3cret")
                .doesNotContain("nonsense");
    }

    @ParameterizedTest
    @CsvSource({"memory", "in_memory", "MEMORY"})
    void theMemoryBusHasTwoNames(String name) {
        assertThat(BusAdapter.named(name)).contains(BusAdapter.MEMORY);
        assertThat(read(Map.of("PUBSUB_ADAPTER", name)).roles()).isNotEmpty();
    }

    @Test
    void aLimitOfTriesThatIsNoneIsAFault() {
        assertThat(faults(Map.of("rtaa.steps.max-tries", "0")))
                .contains("rtaa.steps.max-tries is '0'; allowed: a whole number from 1 to 1000000");
    }

    @Test
    void aTempFolderThatCannotBeWrittenIsOneFault() {
        assertThat(faults(Map.of("java.io.tmpdir", "/nonexistent/tmp")))
                .contains("java.io.tmpdir is '/nonexistent/tmp', where this process cannot write; allowed: ");
    }

    @Test
    void hostsMayHaveAnUnderscore() {
        RtaaSettings settings = read(Map.of(
                "REDIS_URL", "rediss://my_redis:p_w%40@my_redis:6380/2?clientName=my_redis",
                "KAFKA_BROKERS", "kafka_1:9092,kafka_2:9092",
                "DEEPGRAM_API_KEY", "k",
                "DEEPGRAM_URL", "ws://speech_to_text:9100"));

        RedisURI redis = RedisStreamsComponent.parse(settings.redis().url());
        assertThat(redis.getHost()).isEqualTo("my_redis");
        assertThat(redis.getPort()).isEqualTo(6380);
        assertThat(redis.getDatabase()).isEqualTo(2);
        assertThat(redis.getCredentialsProvider().resolveCredentials().block()).satisfies(credentials -> {
            assertThat(credentials.getUsername()).isEqualTo("my_redis");
            assertThat(credentials.getPassword()).isEqualTo("p_w@".toCharArray());
        });
        assertThat(redis.getClientName()).isEqualTo("my_redis");
        assertThat(redis.isSsl()).isTrue();
        assertThat(settings.deepgram()).isNotNull();
        assertThat(faults(Map.of("REDIS_URL", "redis-sentinel://my_redis#main")))
                .contains("REDIS_URL");
    }

    @Test
    void quotesThatAnEnvFileKeptAreNamedAndNoSecretIsShown() {
        assertThat(faults(Map.of(
                        "DEEPGRAM_API_KEY", "\"s3cret\"",
                        "PORT", "'8080'",
                        "RTAA_ROLES", "\"ingest,asr\"",
                        "PUBSUB_ADAPTER", "\"redis\"",
                        "rtaa.max-calls", "\" 7 \"",
                        "WINDOW_MIN_MS", "\"100")))
                .contains("DEEPGRAM_API_KEY has quotes around its value")
                .contains("allowed: the value without quotes")
                .contains("PORT has quotes", "RTAA_ROLES has quotes", "PUBSUB_ADAPTER has quotes")
                .contains("rtaa.max-calls has quotes")
                .contains("WINDOW_MIN_MS is '\"100'")
                .doesNotContain("s3cret")
                .doesNotContain("rtaa.bus");
    }

    @Test
    void aFaultInTheAddressOfRedisDoesNotShowItsPassword() {
        assertThat(faults(Map.of("REDIS_URL", "http://user:s3cret@redis", "rtaa.redis.partitions", "0")))
                .contains("REDIS_URL", "rediss:// for TLS", "rtaa.redis.partitions is '0'")
                .doesNotContain("s3cret");
    }

    @Test
    void variablesThatKubernetesSetsForServicesAreIgnoredByName() {
        ConfigurableEnvironment environment = environment(
                Map.of(),
                Map.of(
                        "RTAA_PORT", "tcp://10.0.0.1:80",
                        "RTAA_SERVICE_PORT", "80",
                        "RTAA_MANAGEMENT_PORT", "tcp://[fd00::1]:80",
                        "MANAGEMENT_PORT", "tcp://10.0.0.2:80",
                        "SERVER_PORT", "udp://10.0.0.3:80",
                        "SERVER_PORT_80_UDP", "udp://10.0.0.3:80",
                        "SERVER_SERVICE_HOST", "10.0.0.3",
                        "MANAGEMENT_SERVER_PORT", "tcp://10.0.0.4:80",
                        "REDIS_PORT", "tcp://10.0.0.5:6379",
                        "KAFKA_PORT_9092_TCP_ADDR", "10.0.0.6"));

        assertThat(ServiceLinks.ignore(environment))
                .containsExactly(
                        "MANAGEMENT_PORT",
                        "MANAGEMENT_SERVER_PORT",
                        "RTAA_MANAGEMENT_PORT",
                        "RTAA_PORT",
                        "SERVER_PORT");
        RtaaSettings settings = RtaaSettings.read(environment);
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.management().port()).isEqualTo(8081);
        assertThat(environment.getProperty("REDIS_PORT"))
                .as("of use to a route")
                .isEqualTo("tcp://10.0.0.5:6379");
        assertThat(ServiceLinks.ignore(environment)).isEmpty();
    }

    @Test
    void aPortThatAnOperatorSetsInTheRelaxedFormStays() {
        ConfigurableEnvironment environment =
                environment(Map.of(), Map.of("RTAA_PORT", "9090", "MANAGEMENT_PORT", "9091"));

        assertThat(ServiceLinks.ignore(environment)).isEmpty();
        assertThat(RtaaSettings.read(environment).port()).isEqualTo(9090);
        assertThat(RtaaSettings.read(environment).management().port()).isEqualTo(9091);
    }

    @Test
    void springBootsPropertiesOfListenersAreRefusedWithTheSettingToUse() {
        assertThat(faults(environment(
                        Map.of("server.address", "0.0.0.0", "management.server.ssl.enabled", "true"),
                        Map.of(
                                "SERVER_PORT", "9090",
                                "SERVER_SHUTDOWN", "gracefully",
                                "MANAGEMENT_SERVER_PORT", "9091",
                                "SERVER_NAME", "web1",
                                "SERVER_TOMCAT_THREADS_MAX", "2"))))
                .contains(
                        "SERVER_PORT is set",
                        "allowed: PORT (public listener) or MANAGEMENT_PORT (management listener)")
                .contains("server.address is set", "allowed: BIND_ADDRESS (public listener)")
                .contains("SERVER_SHUTDOWN is set", "allowed: DRAIN_SECONDS")
                .contains("MANAGEMENT_SERVER_PORT is set", "allowed: MANAGEMENT_PORT")
                .contains("management.server.ssl.enabled is set", "SERVER_TOMCAT_THREADS_MAX is set")
                .doesNotContain("SERVER_NAME");
    }

    @Test
    void aFaultNamesTheVariableOrPropertyThatWasSet() {
        assertThat(faults(environment(
                        Map.of("rtaa.drain-seconds", "long", "rtaa.asr.fallback", "sphinx"),
                        Map.of(
                                "MAX_CALLS", "7",
                                "RTAA_MAX_CALLS", "many",
                                "RTAA_WINDOWS_MINMS", "200",
                                "WINDOW_MAX_MS", "201",
                                "RTAA_PORT", "8081",
                                "RTAA_EXOTEL_ALLOWED_IPS", "here",
                                "DEEPGRAM_PARAMETERS", "diarize",
                                "BIND_ADDRESS", "somewhere"))))
                .contains("RTAA_MAX_CALLS is 'many'")
                .contains("rtaa.drain-seconds is 'long'")
                .contains("WINDOW_MAX_MS is 201 and RTAA_WINDOWS_MINMS is 200")
                .contains("MANAGEMENT_PORT is 8081, and so is RTAA_PORT;")
                .contains("rtaa.asr.fallback is 'sphinx', and so is ASR_PROVIDER;")
                .contains("RTAA_EXOTEL_ALLOWED_IPS: ")
                .contains("BIND_ADDRESS is 'somewhere'")
                .contains("\nDEEPGRAM_PARAMETERS: 'diarize'");
    }

    @Test
    void aMaximumBelowTheMinimumIsAFault() {
        assertThatThrownBy(() -> read(Map.of("WINDOW_MIN_MS", "200", "WINDOW_MAX_MS", "100")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(fault -> String.join("\n", fault.faults()))
                .asString()
                .contains("WINDOW_MAX_MS is 100 and WINDOW_MIN_MS is 200");
    }
}
