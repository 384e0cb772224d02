package io.rtaa.redis;

import io.lettuce.core.ScriptOutputType;
import io.rtaa.call.UseCounter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts uses for all processes of a bus together. A use that Redis does not get back, as it is away, stays taken until it
 * is forgotten.
 *
 * <p>Thread-safety: safe. Answers come on the client's own thread, which must not be blocked.
 */
final class RedisUses implements UseCounter {

    private static final RedisScript TAKE = RedisScript.named("use");
    private static final RedisScript GIVE_BACK = RedisScript.named("unuse");

    private final Supplier<@Nullable RedisBus> current;

    /** @param current the bus that is running; null while none is */
    RedisUses(Supplier<@Nullable RedisBus> current) {
        this.current = current;
    }

    @Override
    public CompletionStage<Optional<Runnable>> take(String id, int most, Duration kept) {
        RedisBus bus = current.get();
        if (bus == null) {
            return CompletableFuture.failedStage(new IllegalStateException("the bus on Redis is not running"));
        }
        String[] key = {bus.keys().uses(id)};
        return TAKE.<Long>run(
                        bus.link(),
                        ScriptOutputType.INTEGER,
                        key,
                        RedisBus.bytes(Integer.toString(most)),
                        RedisBus.bytes(Long.toString(Math.max(1, kept.toMillis()))))
                .thenApply(taken -> taken > 0 ? Optional.of(() -> giveBack(bus, key)) : Optional.empty());
    }

    private static void giveBack(RedisBus bus, String[] key) {
        CompletableFuture<Long> unused = GIVE_BACK.run(bus.link(), ScriptOutputType.INTEGER, key);
    }
}
