package io.rtaa.redis;

import io.rtaa.bus.SinkName;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@code redis-streams:} URI. The same URI serves to write and to read; an option for the one does nothing for
 * the other.
 *
 * <p>Thread-safety: for one thread; each endpoint has a copy of its own.
 */
@UriParams
public class RedisStreamsConfiguration implements Cloneable {

    /** The group that reads audio unless another is named. */
    public static final String DEFAULT_AUDIO_GROUP = "asr";

    public static final Duration DEFAULT_LEASE_TIME = Duration.ofSeconds(6);
    public static final Duration DEFAULT_BLOCK = Duration.ofMillis(500);
    public static final Duration DEFAULT_LINGER = Duration.ofMillis(10);
    public static final int DEFAULT_BATCH = 64;
    public static final long DEFAULT_MAX_LENGTH = 20_000;
    public static final String DEFAULT_SINCE = "2h";
    public static final int DEFAULT_MAX_IN_FLIGHT = 1000;
    public static final Duration DEFAULT_RETRY_DELAY = Duration.ofMillis(100);
    public static final Duration DEFAULT_MAX_RETRY_DELAY = Duration.ofSeconds(30);

    private static final Pattern NAME = Pattern.compile("[\\w.-]{1,64}");
    private static final Duration LEAST_LEASE_TIME = Duration.ofSeconds(1);
    private static final Duration LONGEST_LEASE_TIME = Duration.ofMinutes(1);
    private static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);
    private static final Duration LONGEST_LINGER = Duration.ofMillis(200);
    private static final int MOST_BATCH = 10_000;

    @UriParam(label = "consumer")
    private @Nullable String group;

    @UriParam(label = "consumer")
    private @Nullable String sink;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "6s")
    private Duration leaseTime = DEFAULT_LEASE_TIME;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "500ms")
    private Duration block = DEFAULT_BLOCK;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "10ms")
    private Duration linger = DEFAULT_LINGER;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_BATCH)
    private int batch = DEFAULT_BATCH;

    @UriParam(label = "consumer", defaultValue = DEFAULT_SINCE)
    private String since = DEFAULT_SINCE;

    @UriParam(label = "consumer", defaultValue = "false")
    private boolean keepAlives;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_MAX_IN_FLIGHT)
    private int maxInFlight = DEFAULT_MAX_IN_FLIGHT;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "100ms")
    private Duration retryDelay = DEFAULT_RETRY_DELAY;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "30s")
    private Duration maxRetryDelay = DEFAULT_MAX_RETRY_DELAY;

    @UriParam(label = "producer,advanced", defaultValue = "" + DEFAULT_MAX_LENGTH)
    private long maxLength = DEFAULT_MAX_LENGTH;

    public @Nullable String getGroup() {
        return group;
    }

    /**
     * Who reads: the consumers of a group share the partitions, and go on where the group left off. A group begins with the
     * oldest entry there is. Audio is always read by a group, {@code asr} unless another is named; each group gets all audio,
     * which is kept until every group is done with it. Transcripts are read without a group unless one is named:
     * then each consumer gets every event, and nothing is acknowledged. Letters, digits and {@code ._-}, up to 64.
     */
    public void setGroup(@Nullable String group) {
        if (group != null && !NAME.matcher(group).matches()) {
            throw new IllegalArgumentException("group is '" + group + "'; allowed: up to 64 letters, digits and ._-");
        }
        this.group = group;
    }

    public @Nullable String getSink() {
        return sink;
    }

    /**
     * The {@link SinkName} under which a route reads transcripts. It is a group of its own that begins, where the name
     * is new, with what is published from the start of the route on; one route of a process reads under it.
     */
    public void setSink(@Nullable String sink) {
        this.sink = sink == null ? null : new SinkName(sink).value();
    }

    public Duration getLeaseTime() {
        return leaseTime;
    }

    /**
     * How long a worker keeps its partitions without a word of it; default 6 s, from 1 s to 1 min. It speaks three times as
     * often. So long after a worker has died others take its partitions; one that was only slow loses nothing by that, as what it
     * publishes afterwards is refused.
     */
    public void setLeaseTime(Duration leaseTime) {
        this.leaseTime = requireRange("leaseTime", leaseTime, LEAST_LEASE_TIME, LONGEST_LEASE_TIME);
    }

    public Duration getBlock() {
        return block;
    }

    /** How long a read waits at Redis for something to read; default 500 ms, from 1 ms to 1 s. What comes is read at once. */
    public void setBlock(Duration block) {
        this.block = requireRange("block", block, Duration.ofMillis(1), LONGEST_BLOCK);
    }

    public Duration getLinger() {
        return linger;
    }

    /**
     * How long a consumer waits after a read, so that the next one brings several entries at once; default 10 ms, up to 200 ms;
     * 0 reads each entry as soon as it is there, and costs a third more processor time. A backlog is read without waiting.
     */
    public void setLinger(Duration linger) {
        this.linger = requireRange("linger", linger, Duration.ZERO, LONGEST_LINGER);
    }

    public int getBatch() {
        return batch;
    }

    /** The most entries of a partition that one read brings; default 64, from 1 to 10,000. */
    public void setBatch(int batch) {
        this.batch = requireRange("batch", batch, 1, MOST_BATCH);
    }

    public boolean isKeepAlives() {
        return keepAlives;
    }

    /**
     * Whether a reader of transcripts without a group also gets a {@link io.rtaa.call.KeepAlive} now and then for each
     * quiet call; default false. For the dashboard.
     */
    public void setKeepAlives(boolean keepAlives) {
        this.keepAlives = keepAlives;
    }

    public String getSince() {
        return since;
    }

    /**
     * Where a consumer without a group or sink begins: so long ago ({@code 2h}, the default), {@code 0} with the oldest
     * event that is kept, {@code $} with what comes from now on. After that it goes on where it was, whatever happens
     * to its connection.
     */
    public void setSince(String since) {
        if (!since.equals("0") && !since.equals("$")) {
            Since.duration(since);
        }
        this.since = since;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    /**
     * How many events a consumer of transcripts with a group may have read and not handed to its route; default 1000, at
     * least 1. With more it reads no further.
     */
    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = requireRange("maxInFlight", maxInFlight, 1, Integer.MAX_VALUE);
    }

    public Duration getRetryDelay() {
        return retryDelay;
    }

    /**
     * How long a consumer of transcripts with a group waits before it offers an event again that its route failed on; default 100 ms. It
     * doubles with each try. The partition's later events wait meanwhile, other partitions go on.
     */
    public void setRetryDelay(Duration retryDelay) {
        this.retryDelay = requireRange("retryDelay", retryDelay, Duration.ofMillis(1), Duration.ofHours(1));
    }

    public Duration getMaxRetryDelay() {
        return maxRetryDelay;
    }

    /** The longest that wait becomes; default 30 s. */
    public void setMaxRetryDelay(Duration maxRetryDelay) {
        this.maxRetryDelay = requireRange("maxRetryDelay", maxRetryDelay, Duration.ofMillis(1), Duration.ofHours(1));
    }

    public long getMaxLength() {
        return maxLength;
    }

    /**
     * The most audio messages that a partition keeps, as a last resort against filling Redis where nobody reads; default 20,000,
     * the audio of three calls for about ten minutes; 0 for no limit. What it cuts is told as a gap by whoever reads on. Redis may keep some
     * dozens more.
     */
    public void setMaxLength(long maxLength) {
        if (maxLength < 0) {
            throw new IllegalArgumentException("maxLength is " + maxLength + "; allowed: 0 or more");
        }
        this.maxLength = maxLength;
    }

    RedisStreamsConfiguration copy() {
        try {
            return (RedisStreamsConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    private static int requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: from " + least + " to " + most);
        }
        return value;
    }

    private static Duration requireRange(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value.toMillis() + " ms; allowed: from "
                    + least.toMillis() + " to " + most.toMillis() + " ms");
        }
        return value;
    }
}
