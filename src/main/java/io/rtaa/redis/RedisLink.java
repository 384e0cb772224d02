package io.rtaa.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateAdapter;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.rtaa.redis.RedisBusException.Kind;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis that is made again for as long as it takes. A command is refused at once while it is away, and every
 * command has its time: waiting and trying again is the routes' business. A connection on which nothing is answered any more is
 * given up and replaced.
 *
 * <p>Keys are text, values bytes.
 *
 * <p>Thread-safety: safe. Answers come on the client's own threads, which must not be blocked.
 */
final class RedisLink {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** After so many commands without an answer, and none with one between them, the connection is replaced. */
    private static final int TIMEOUTS_UNTIL_REPLACED = 2;

    /** How long a start waits for a connection before it goes on without. */
    private static final long FIRST_TRY_MILLIS = 5000;

    private static final long CLOSE_MILLIS = 500;

    private static final long FIRST_WAIT_MILLIS = 50;
    private static final long LONGEST_WAIT_MILLIS = 1000;

    /** What has to be right before a new connection is used. */
    @FunctionalInterface
    interface Check {
        CompletionStage<?> check(RedisAsyncCommands<String, byte[]> commands);
    }

    private final RedisClient client;
    private final RedisURI uri;
    private final String name;
    private final String prefix;
    private final Check check;
    private final ScheduledExecutorService scheduler;
    private final CountDownLatch firstTry = new CountDownLatch(1);
    private final AtomicInteger timeouts = new AtomicInteger();
    private final AtomicInteger connects = new AtomicInteger();
    private final @Nullable ScheduledExecutorService batching;
    private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;
    private volatile @Nullable CommandBatches batches;
    private volatile @Nullable RedisBusException fault;
    private volatile boolean stopped;
    private int failures;

    /**
     * @param name what it is for, in messages
     * @param prefix of the bus's keys, for messages
     * @param scheduler runs what waits before it is tried again
     * @param batching the client's I/O thread, where there are many commands and none of them waits at Redis: then those that
     *     come shortly after each other are sent together; null where each is sent at once
     */
    RedisLink(
            RedisClient client,
            RedisURI uri,
            String name,
            String prefix,
            Check check,
            ScheduledExecutorService scheduler,
            @Nullable ScheduledExecutorService batching) {
        this.client = client;
        this.uri = uri;
        this.name = name;
        this.prefix = prefix;
        this.check = check;
        this.scheduler = scheduler;
        this.batching = batching;
    }

    /** Begins to connect. */
    void start() {
        stopped = false;
        connect();
    }

    /** Waits for the first try to connect, successful or not; but not for long. */
    void awaitFirstTry() throws InterruptedException {
        if (!firstTry.await(FIRST_TRY_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warn("{} has not answered yet; it is tried again", place());
        }
    }

    /** Closes the connection, and waits a moment for that; what is under way fails. */
    void stop() {
        StatefulRedisConnection<String, byte[]> last;
        synchronized (this) {
            stopped = true;
            last = connection;
            connection = null;
        }
        if (last != null) {
            last.closeAsync()
                    .completeOnTimeout(null, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    /** Whether a command could be sent now. */
    boolean isUp() {
        StatefulRedisConnection<String, byte[]> current = connection;
        return current != null && current.isOpen();
    }

    /** How often the connection came about, by the client itself too: Redis may have been another one in between. */
    int connects() {
        return connects.get();
    }

    /** Why no command can be sent; null while one can. */
    @Nullable
    RedisBusException fault() {
        if (isUp()) {
            return null;
        }
        RedisBusException known = fault;
        return known != null ? known : new RedisBusException(Kind.AWAY, place() + " is away: not connected", null);
    }

    /** Where Redis is, without credentials. */
    String place() {
        return "Redis at " + uri.getHost() + ":" + uri.getPort();
    }

    /**
     * Sends a command.
     *
     * @param what the command's name, for messages
     * @return fails with {@link RedisBusException} only
     */
    <T> CompletableFuture<T> send(String what, Function<RedisAsyncCommands<String, byte[]>, RedisFuture<T>> command) {
        RedisBusException away = fault();
        StatefulRedisConnection<String, byte[]> current = connection;
        // Those of a newer connection at worst: then this one is closed, which fails its commands.
        CommandBatches together = batches;
        if (away != null || current == null) {
            return CompletableFuture.failedFuture(
                    away != null ? away : new RedisBusException(Kind.AWAY, place() + " is away", null));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            RedisFuture<T> sent = command.apply(current.async());
            if (together != null) {
                together.added();
            }
            sent.whenComplete((result, failure) -> {
                if (failure == null) {
                    timeouts.set(0);
                    answer.complete(result);
                } else {
                    answer.completeExceptionally(failed(what, failure, current));
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(failed(what, e, current));
        }
        return answer;
    }

    /**
     * Waits for an answer; never on one of the client's threads.
     *
     * @throws RedisBusException if none comes, or Redis refuses
     * @throws InterruptedException if the thread was interrupted
     */
    static <T> T await(CompletionStage<T> answer) throws InterruptedException {
        try {
            return answer.toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (RedisFailures.unwrapped(e) instanceof RedisBusException explained) {
                throw new RedisBusException(explained.kind(), String.valueOf(explained.getMessage()), explained);
            }
            throw new IllegalStateException(e);
        }
    }

    private RedisBusException failed(String what, Throwable failure, StatefulRedisConnection<String, byte[]> used) {
        RedisBusException explained = RedisFailures.explain(what, place(), prefix, failure);
        if (explained.kind() == Kind.NO_ANSWER) {
            if (timeouts.incrementAndGet() >= TIMEOUTS_UNTIL_REPLACED && letGo(used)) {
                LOG.atWarn()
                        .addKeyValue("connection", name)
                        .log("{}; the connection is replaced", explained.getMessage());
                CompletableFuture<Void> unused = used.closeAsync();
                connect();
            }
        } else if (explained.kind() == Kind.REFUSED) {
            timeouts.set(0);
        }
        return explained;
    }

    /** False where somebody else has let go of it before: commands in flight fail on several threads at once. */
    private synchronized boolean letGo(StatefulRedisConnection<String, byte[]> used) {
        if (stopped || connection != used) {
            return false;
        }
        connection = null;
        timeouts.set(0);
        return true;
    }

    private void connect() {
        if (stopped) {
            return;
        }
        CompletableFuture<Void> unused = client.connectAsync(CODEC, uri)
                .toCompletableFuture()
                .thenCompose(fresh -> check.check(fresh.async())
                        .toCompletableFuture()
                        .handle((checked, failure) -> {
                            if (failure != null) {
                                CompletableFuture<Void> unusedClosing = fresh.closeAsync();
                                throw RedisFailures.explain("a look at the bus", place(), prefix, failure);
                            }
                            return fresh;
                        }))
                .handle((fresh, failure) -> {
                    if (failure == null) {
                        connected(fresh);
                    } else {
                        notConnected(RedisFailures.explain("a connection", place(), prefix, failure));
                    }
                    firstTry.countDown();
                    return null;
                });
    }

    private void connected(StatefulRedisConnection<String, byte[]> fresh) {
        boolean surplus;
        synchronized (this) {
            surplus = stopped || connection != null;
            if (!surplus) {
                failures = 0;
                fault = null;
                timeouts.set(0);
                batches = batching == null ? null : batches(fresh, batching);
                countConnects(fresh);
                connection = fresh;
            }
        }
        if (surplus) {
            CompletableFuture<Void> unused = fresh.closeAsync();
        }
    }

    private void countConnects(StatefulConnection<?, ?> fresh) {
        connects.incrementAndGet();
        fresh.addListener(new RedisConnectionStateAdapter() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> again, SocketAddress address) {
                connects.incrementAndGet();
            }
        });
    }

    private static CommandBatches batches(StatefulConnection<?, ?> connection, ScheduledExecutorService ioThread) {
        connection.setAutoFlushCommands(false);
        CommandBatches batches = new CommandBatches(connection::flushCommands, ioThread);
        connection.addListener(new RedisConnectionStateAdapter() {
            /** What was given to the connection while it was away is still there. */
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> again, SocketAddress address) {
                batches.added();
            }
        });
        return batches;
    }

    /** Told again by {@link #fault}; logged when it begins. */
    private void notConnected(RedisBusException why) {
        fault = why;
        if (stopped) {
            return;
        }
        if (failures++ == 0) {
            LOG.atWarn().addKeyValue("connection", name).log("{}; it is tried again", why.getMessage());
        }
        long longest = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(failures, 10));
        long wait = ThreadLocalRandom.current().nextLong(FIRST_WAIT_MILLIS, longest + 1);
        ScheduledFuture<?> unused = scheduler.schedule(this::connect, wait, TimeUnit.MILLISECONDS);
    }

    /** The name and state, no credentials. */
    @Override
    public String toString() {
        return name + " to " + place() + (isUp() ? ", up" : ", down");
    }
}
