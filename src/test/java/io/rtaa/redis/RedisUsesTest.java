package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.UseCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Uses that several processes count together in a real Redis. */
class RedisUsesTest extends RedisFixture {

    private static final Duration KEPT = Duration.ofMinutes(1);

    private static Optional<Runnable> take(UseCounter uses, String id) {
        return uses.take(id, 8, KEPT).toCompletableFuture().join();
    }

    @Test
    void processesTakeFromTheSameUses() {
        UseCounter one = started(worker(), process -> {}).component().uses();
        UseCounter other = started(worker(), process -> {}).component().uses();
        List<CompletableFuture<Optional<Runnable>>> taking = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            taking.add(one.take("token", 8, KEPT).toCompletableFuture());
            taking.add(other.take("token", 8, KEPT).toCompletableFuture());
        }

        List<Runnable> taken = taking.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();

        assertThat(taken).hasSize(8);
        assertThat(take(one, "another")).isPresent();
        assertThat(commands.pttl(keys.uses("token"))).isBetween(1L, KEPT.toMillis());

        taken.get(0).run();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(commands.get(keys.uses("token"))).isEqualTo("7"));
        assertThat(take(other, "token")).isPresent();
        assertThat(take(one, "token")).isEmpty();
    }

    @Test
    void aUseThatComesBackAfterItIsForgottenLeavesNothingBehind() {
        UseCounter uses = started(worker(), process -> {}).component().uses();
        Runnable taken = take(uses, "token").orElseThrow();
        commands.del(keys.uses("token"));

        taken.run();
        assertThat(take(uses, "later")).isPresent();

        assertThat(commands.exists(keys.uses("token"))).isZero();
    }

    @Test
    void takingFailsWhileRedisIsAway() {
        Worker worker = started(worker(), process -> {});
        UseCounter uses = worker.component().uses();
        assertThat(take(uses, "token")).isPresent();

        worker.wire.cut();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(uses.take("token", 8, KEPT))
                        .failsWithin(PATIENCE)
                        .withThrowableThat()
                        .withCauseInstanceOf(RedisBusException.class));
        CompletableFuture<Optional<Runnable>> notRunning =
                new RedisStreamsComponent().uses().take("token", 8, KEPT).toCompletableFuture();
        assertThat(notRunning).isCompletedExceptionally();
    }
}
