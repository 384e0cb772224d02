package io.rtaa.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.rtaa.bus.BusMeters;
import io.rtaa.bus.BusMeters.Cause;
import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.bus.PublishingHealth;
import io.rtaa.bus.Topic;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.redis.RedisBusException.Kind;
import io.rtaa.routes.LogThrottle;
import io.rtaa.wire.KeepAliveJson;
import io.rtaa.wire.TranscriptJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What all endpoints of a component share: the client, the connection over which everything is written, and the scripts. Each
 * consumer has one more connection, on which it waits for entries.
 *
 * <p>Thread-safety: safe.
 */
final class RedisBus {

    private static final Logger LOG = LoggerFactory.getLogger(RedisBus.class);

    /** One thread carries all connections: the work is Redis's, and what is on its way at the same time goes together. */
    private static final int IO_THREADS = 1;

    /** The least that Lettuce takes; they only see to reconnecting. */
    private static final int COMPUTATION_THREADS = 2;

    private static final Duration FIRST_RECONNECT = Duration.ofMillis(20);
    private static final Duration SLOWEST_RECONNECT = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private static final int SHUTDOWN_SECONDS = 1;

    /** Partials kept for a partition: what a dashboard that is a little late still wants. */
    private static final int PARTIALS_KEPT = 256;

    /** Keep-alives kept for a partition, and for how long: readers want the new ones only. */
    private static final int KEEP_ALIVES_KEPT = 100;

    private static final Duration KEEP_ALIVES_KEPT_FOR = Duration.ofMinutes(5);

    /** Events of a call that are remembered for its next owner: far more than the few seconds of words it needs. */
    private static final int RECENT_KEPT = 64;

    /** A call that is over is remembered for so long, in case some of its audio is still on the bus. */
    static final Duration OVER_REMEMBERED = Duration.ofHours(1);

    /** What publish.lua takes in place of a call's start, and answers where it wants the start. */
    private static final byte[] NO_START = {};

    private static final byte[] START_ON_REQUEST = bytes("?");
    private static final long START_WANTED = -2;

    private static final RedisScript PUBLISH = RedisScript.acknowledging("publish");
    private static final RedisScript KEEP_ALIVE = RedisScript.acknowledging("keepalive");
    private static final RedisScript ACKNOWLEDGE = RedisScript.acknowledging("acknowledge");

    private final RedisBusOptions options;
    private final RedisKeys keys;
    private final BusMeters meters;
    private final LogThrottle unreadable = new LogThrottle();
    private final PublishingHealth publishing = new PublishingHealth(System::nanoTime);
    private final CallStarts starts = new CallStarts();
    private final ScheduledExecutorService scheduler;
    private final EventLoopGroupProvider io;
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisLink link;

    /** @param scheduler runs what waits for time to pass; short tasks only */
    RedisBus(RedisBusOptions options, BusMeters meters, ScheduledExecutorService scheduler) {
        this.options = options;
        this.keys = new RedisKeys(options.keyPrefix(), options.partitions());
        this.meters = meters;
        this.scheduler = scheduler;
        this.io = new DefaultEventLoopGroupProvider(IO_THREADS);
        this.resources = DefaultClientResources.builder()
                .eventLoopGroupProvider(io)
                .computationThreadPoolSize(COMPUTATION_THREADS)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .reconnectDelay(Delay.equalJitter(
                        FIRST_RECONNECT, SLOWEST_RECONNECT, FIRST_RECONNECT.toMillis(), TimeUnit.MILLISECONDS))
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(options.commandTimeout()))
                .sslOptions(sslOptions(options))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .build());
        this.link = newLink("commands", ioThread());
    }

    /**
     * Connects, and waits a little for it: a process whose Redis is away starts all the same, and goes on trying.
     *
     * @throws RedisBusException if the bus was set up in another way
     */
    void start() {
        link.start();
        try {
            link.awaitFirstTry();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RedisBusException fault = link.fault();
        if (fault instanceof OtherPartitionsException) {
            throw fault;
        }
    }

    void stop() {
        link.stop();
    }

    /** Lets go of threads and memory; after {@link #stop}. */
    void shutdown() {
        CompletableFuture<Void> unused = client.shutdownAsync(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                .whenComplete((done, failure) -> {
                    Future<Boolean> unusedEnd = resources.shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
                    Future<Boolean> unusedIo = io.shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
                });
    }

    private EventExecutor ioThread() {
        return io.allocate(Transports.eventLoopGroupClass()).next();
    }

    /** Another connection, on which each command is sent at once; the caller starts and stops it. */
    RedisLink newLink(String name) {
        return newLink(name, null);
    }

    private RedisLink newLink(String name, @Nullable ScheduledExecutorService batching) {
        return new RedisLink(
                client, options.uri(), name, options.keyPrefix(), this::checkPartitions, scheduler, batching);
    }

    RedisKeys keys() {
        return keys;
    }

    RedisBusOptions options() {
        return options;
    }

    /** The connection for everything that does not wait at Redis. */
    RedisLink link() {
        return link;
    }

    BusMeters meters() {
        return meters;
    }

    /** Counts an entry that cannot be read; one a minute is logged. */
    void unreadable(Topic topic, StreamMessage<String, byte[]> entry, String why) {
        meters.unreadable(topic).increment();
        unreadable
                .atLevel(LOG, Level.WARN)
                .addKeyValue("topic", topic.label())
                .log("Entry {} of {} cannot be read: {}", entry.getId(), entry.getStream(), why);
    }

    /** Counts what Redis did not do. */
    void countFailure(Topic topic, Doing doing, RedisBusException failure) {
        Cause cause = switch (failure.kind()) {
            case AWAY -> Cause.AWAY;
            case NO_ANSWER -> Cause.NO_ANSWER;
            case REFUSED -> Cause.REFUSED;
        };
        meters.errors(topic, doing, cause).increment();
    }

    PublishingHealth publishing() {
        return publishing;
    }

    /** The starts of the calls that this process publishes, for a Redis that has lost them. */
    CallStarts starts() {
        return starts;
    }

    /**
     * Publishes an event; and its call's start again before it where Redis has lost that.
     *
     * @param lease the lease on the audio it was made from; null where that has none
     * @param position what it lets the lease's group acknowledge; null for nothing new
     * @return 1 published, 0 published before, -1 the lease is somebody else's
     */
    CompletableFuture<Long> publish(Publication event, @Nullable Lease lease, @Nullable Position position) {
        byte[] start = starts.get(event.stream());
        if (start == null) {
            return publish(event, lease, position, NO_START);
        }
        return publish(event, lease, position, START_ON_REQUEST).thenCompose(answer -> {
            if (answer != START_WANTED) {
                return CompletableFuture.completedFuture(answer);
            }
            meters.callsRestored().increment();
            return publish(event, lease, position, start);
        });
    }

    private CompletableFuture<Long> publish(
            Publication event, @Nullable Lease lease, @Nullable Position position, byte[] start) {
        String log = lease == null ? "" : lease.log();
        String[] names = {
            keys.call(event.stream()),
            keys.recent(event.stream()),
            keys.log(RedisStreamsEndpoint.TRANSCRIPTS, keys.partitionOf(event.stream())),
            keys.partials(keys.partitionOf(event.stream())),
            keys.live(keys.partitionOf(event.stream())),
            lease == null ? keys.call(event.stream()) : lease.record(),
            lease == null ? keys.call(event.stream()) : log,
            lease == null ? keys.call(event.stream()) : lease.groups()
        };
        return PUBLISH.run(
                link,
                ScriptOutputType.INTEGER,
                names,
                bytes(lease == null ? "" : lease.token()),
                bytes(position == null ? "" : position.toString()),
                bytes(event.type()),
                bytes(Long.toString(event.seq())),
                event.json(),
                bytes(RedisKeys.nameOf(event.stream())),
                bytes(Long.toString(options.keep().toMillis())),
                bytes(Long.toString(OVER_REMEMBERED.toMillis())),
                bytes(Integer.toString(PARTIALS_KEPT)),
                bytes(Integer.toString(RECENT_KEPT)),
                start);
    }

    /** Publishes an event that has no number of its own to those who read along. */
    CompletableFuture<String> publishLive(TranscriptEvent event) {
        String key = keys.partials(keys.partitionOf(event.stream()));
        XAddArgs trimming = XAddArgs.Builder.maxlen(PARTIALS_KEPT).approximateTrimming();
        byte[] json = bytes(TranscriptJson.write(event));
        return link.send("XADD", commands -> commands.xadd(key, trimming, Transcripts.FIELD, json));
    }

    /**
     * Publishes a sign that this process still has a call.
     *
     * @param lease the lease on the call's audio; null where that has none
     * @return 1 published, -1 the lease is somebody else's
     */
    CompletableFuture<Long> keepAlive(KeepAlive alive, @Nullable Lease lease) {
        String log = keys.keepAlives(keys.partitionOf(alive.stream()));
        return KEEP_ALIVE.run(
                link,
                ScriptOutputType.INTEGER,
                new String[] {
                    log,
                    lease == null ? log : lease.record(),
                    lease == null ? log : lease.log(),
                    lease == null ? log : lease.groups()
                },
                bytes(lease == null ? "" : lease.token()),
                KeepAliveJson.write(alive),
                bytes(Integer.toString(KEEP_ALIVES_KEPT)),
                bytes(Long.toString(KEEP_ALIVES_KEPT_FOR.toMillis())));
    }

    /**
     * Acknowledges what a lease has settled, if there is anything new and no acknowledgement is under way. Does not wait for it;
     * where it fails that is counted, and the next one makes up for it.
     */
    void acknowledge(Lease lease, String topic) {
        Position position = lease.beginAcknowledging();
        if (position == null) {
            return;
        }
        CompletableFuture<Void> unused = ACKNOWLEDGE
                .<Long>run(
                        link,
                        ScriptOutputType.INTEGER,
                        new String[] {lease.record(), lease.log(), lease.groups()},
                        bytes(lease.token()),
                        bytes(position.toString()),
                        bytes(trims(topic)))
                .handle((done, failure) -> {
                    lease.endAcknowledging();
                    if (failure != null) {
                        countFailure(Topic.named(topic), Doing.ACKNOWLEDGE, (RedisBusException)
                                RedisFailures.unwrapped(failure));
                    } else if (done < 0) {
                        meters.fenced(Topic.named(topic)).increment();
                        lease.fenced();
                    } else {
                        lease.acknowledged(position);
                    }
                    return null;
                });
    }

    /** Audio is let go of once it is acknowledged; transcripts are kept for their time. */
    static String trims(String topic) {
        return topic.equals(RedisStreamsEndpoint.AUDIO) ? "trim" : "";
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static SslOptions sslOptions(RedisBusOptions options) {
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
        if (options.caCertificate() != null) {
            ssl.trustManager(options.caCertificate().toFile());
        }
        return ssl.build();
    }

    /** Sets the number of partitions again where Redis has lost it; a failure shows in what is asked next. */
    void agreeOnPartitions() {
        CompletableFuture<String> unused = link.send(
                "SET",
                commands -> commands.set(
                        keys.partitionCount(), bytes(Integer.toString(options.partitions())), SetArgs.Builder.nx()));
    }

    /** All processes have to agree on the number of partitions: the first one sets it. */
    private CompletionStage<?> checkPartitions(RedisAsyncCommands<String, byte[]> commands) {
        String ours = Integer.toString(options.partitions());
        return commands.set(keys.partitionCount(), bytes(ours), SetArgs.Builder.nx())
                .thenCompose(set -> commands.get(keys.partitionCount()))
                .thenAccept(found -> {
                    String theirs = text(found);
                    if (!ours.equals(theirs)) {
                        throw new OtherPartitionsException(link.place() + " has a bus with the key prefix '"
                                + options.keyPrefix() + "' and " + theirs + " partitions, this process is set to "
                                + ours
                                + "; allowed: the same number everywhere, or another key prefix");
                    }
                });
    }

    /** The bus was set up with another number of partitions. */
    private static final class OtherPartitionsException extends RedisBusException {
        OtherPartitionsException(String message) {
            super(Kind.REFUSED, message, null);
        }
    }

    /**
     * An event as it is written.
     *
     * @param json its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
    record Publication(io.rtaa.call.StreamId stream, String type, long seq, byte[] json) {}
}
