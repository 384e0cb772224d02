package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.rtaa.bus.BusProcess;
import io.rtaa.bus.Speech;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis behind TLS that knows its users, and what is said when it refuses. */
class RedisUsersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "s3cret-and-long";

    @TempDir
    static Path directory;

    private static SecureRedis redis;

    private final String prefix = "rtaa:" + UUID.randomUUID();
    private final List<BusProcess> processes = new ArrayList<>();

    @BeforeAll
    static void startRedis() throws Exception {
        redis = new SecureRedis(
                directory,
                List.of(
                        "default off",
                        // What docs/operations.md says a user needs.
                        "rtaa on >" + SECRET + " ~rtaa:* +@read +@write +@scripting +@connection +time -@dangerous",
                        "scriptless on >" + SECRET + " ~rtaa:* +@read +@write +@connection +time",
                        "elsewhere on >" + SECRET + " ~other:* +@all",
                        "rotated on >" + SECRET + " ~rtaa:* +@read +@write +@scripting +@connection +time -@dangerous",
                        "admin on >" + SECRET + " ~* +@all"));
        redis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @AfterEach
    void closeProcesses() {
        processes.forEach(BusProcess::close);
    }

    private BusProcess process(String host, String user, String password, boolean trusts) {
        BusProcess process = new BusProcess("redis-streams:audio", "redis-streams:transcripts", context -> {
            RedisStreamsComponent component = new RedisStreamsComponent();
            component.setUrl("rediss://" + user + ":" + password + "@" + host + ":" + redis.port());
            if (trusts) {
                component.setCaCertificate(redis.certificate());
            }
            component.setKeyPrefix(prefix);
            component.setPartitions(4);
            context.addComponent("redis-streams", component);
        });
        processes.add(process);
        return process;
    }

    private static RedisStreamsComponent component(BusProcess process) {
        return process.context().getComponent("redis-streams", RedisStreamsComponent.class);
    }

    /** What one attempt to send says. */
    private static Throwable attempt(BusProcess process, String address, Object body) {
        Exchange sent = process.context()
                .createFluentProducerTemplate()
                .to(address)
                .withBody(body)
                .send();
        return sent.getException();
    }

    @Test
    void aUserWithTheDocumentedRightsCarriesWholeCalls() {
        Speech call = new Speech("t", "secure");
        BusProcess process = process("localhost", "rtaa", SECRET, true)
                .hearsAudio()
                .readsTranscripts()
                .start();

        call.whole(5).forEach(process::send);
        await().atMost(PATIENCE).until(() -> process.heard(call.stream()).size() == 7);
        process.publish(call.started(1), process.heard(call.stream()).get(0));
        process.publish(
                call.words(2, 1, 5), process.heard(call.stream()).subList(1, 7).toArray(new BusProcess.Heard[0]));

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(process.seen(call.stream())).containsExactly(call.started(1), call.words(2, 1, 5)));
        assertThat(component(process).fault()).isNull();
    }

    @Test
    void aUserWithoutScriptsIsToldWhatItNeeds() {
        Speech call = new Speech("t", "scriptless");
        BusProcess process = process("localhost", "scriptless", SECRET, true).start();

        process.send(call.start());

        assertThat(attempt(process, "redis-streams:transcripts", call.started(1)))
                .isInstanceOf(RedisBusException.class)
                .hasMessageContaining("Redis at localhost:" + redis.port() + " refused EVALSHA of script 'publish'")
                .hasMessageContaining("NOPERM")
                .hasMessageContaining("~" + prefix + ":* +@read +@write +@scripting");
    }

    @Test
    void aUserOfOtherKeysIsToldWhichItNeeds() {
        BusProcess process = process("localhost", "elsewhere", SECRET, true).start();

        assertThat(component(process).fault())
                .contains("refused", "NOPERM", "~" + prefix + ":*")
                .doesNotContain(SECRET);
        assertThat(attempt(process, "redis-streams:audio", new Speech("t", "x").start()))
                .isInstanceOf(RedisBusException.class)
                .hasMessageContaining("NOPERM");
    }

    @Test
    void aWrongPasswordIsToldWithoutShowingIt() {
        BusProcess process =
                process("localhost", "rtaa", "wr0ng-password", true).start();

        assertThat(component(process).fault())
                .contains("WRONGPASS", "localhost:" + redis.port())
                .doesNotContain("wr0ng-password");
    }

    /** As docs/security.md says: both passwords are good, the file changes, the old password is good no longer. */
    @Test
    void aPasswordIsReplacedWhileCallsGoOn() {
        Speech call = new Speech("t", "rotated");
        BusProcess process = process("localhost", "rotated", SECRET, true)
                .hearsAudio()
                .readsTranscripts()
                .start();
        process.send(call.start());
        process.send(call.window(1));
        await().atMost(PATIENCE).until(() -> process.heard(call.stream()).size() == 2);

        administer("rotated", AclSetuserArgs.Builder.addPassword("another-password"));
        component(process).replaceCredentials("rediss://rotated:another-password@localhost:" + redis.port());
        administer("rotated", AclSetuserArgs.Builder.removePassword(SECRET));

        // Each connection was cut with the old password, and is made again with the new one.
        await().atMost(PATIENCE).until(() -> attempt(process, "redis-streams:audio", call.window(2)) == null);
        await().atMost(PATIENCE).until(() -> process.heard(call.stream()).size() >= 3);
        process.publish(call.started(1), process.heard(call.stream()).get(0));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(process.seen(call.stream())).containsExactly(call.started(1)));
        assertThat(component(process).fault()).isNull();
    }

    /** Changes a user, and cuts its connections: Redis would keep those that it has let in. */
    private static void administer(String user, AclSetuserArgs change) {
        RedisClient client = RedisClient.create("rediss://admin:" + SECRET + "@localhost:" + redis.port());
        client.setOptions(ClientOptions.builder()
                .sslOptions(SslOptions.builder()
                        .jdkSslProvider()
                        .trustManager(redis.certificate().toFile())
                        .build())
                .build());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().aclSetuser(user, change);
            connection.sync().clientKill(KillArgs.Builder.user(user));
        } finally {
            client.shutdown();
        }
    }

    @Test
    void theAddressOfAnotherRedisIsNoChangeOfCredentials() {
        RedisStreamsComponent component = new RedisStreamsComponent();
        component.setUrl("redis://rtaa:" + SECRET + "@redis.example");

        for (String other : List.of("redis://redis.other", "rediss://redis.example", "redis://redis.example/1")) {
            assertThatThrownBy(() -> component.replaceCredentials(other.replace("//", "//rtaa:" + SECRET + "@")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another Redis than redis.example:6379")
                    .message()
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void aCertificateNobodyVouchesForIsNotTrusted() {
        BusProcess process = process("localhost", "rtaa", SECRET, false).start();

        assertThat(component(process).fault())
                .contains("localhost:" + redis.port())
                .doesNotContain(SECRET);
    }

    @Test
    void aCertificateOfAnotherHostIsNotTrusted() {
        BusProcess process = process("127.0.0.1", "rtaa", SECRET, true).start();

        assertThat(component(process).fault())
                .contains("127.0.0.1:" + redis.port())
                .doesNotContain(SECRET);
    }

    @Test
    void anAddressThatIsNoneIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> new RedisStreamsComponent().setUrl("http://user:" + SECRET + "@host"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis://")
                .message()
                .doesNotContain(SECRET);
    }
}
