package io.rtaa.redis;

import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.rtaa.bus.BusMeters;
import io.rtaa.call.UrlAuthority;
import io.rtaa.call.UseCounter;
import io.rtaa.routes.EndpointOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * The bus on Redis Streams: {@code redis-streams:audio} carries {@link io.rtaa.call.AudioMessage}s, {@code
 * redis-streams:transcripts} {@link io.rtaa.call.TranscriptEvent}s. Needs Redis 6.2 or newer, a single one, without
 * cluster.
 *
 * <p>What belongs to one stream lies in one of a fixed number of partitions, in order. A consumer with a group reads a partition
 * under a lease, which others get when it is given back or runs out; what was not acknowledged is read again by them, before
 * anything new. An event and the acknowledgement of the audio it covers are written in one step, which is refused where the
 * lease has gone to another, and does nothing where the event was written before.
 *
 * <p>Connections: one for all that is written, and one for each consumer.
 *
 * <p>Thread-safety: as any component; options are set before it starts.
 */
@Component("redis-streams")
@Metadata(excludeProperties = "url,meterRegistry")
public class RedisStreamsComponent extends DefaultComponent {

    public static final String DEFAULT_URL = "redis://127.0.0.1:6379";
    public static final String DEFAULT_KEY_PREFIX = "rtaa";
    public static final int DEFAULT_PARTITIONS = 32;
    public static final Duration DEFAULT_KEEP = Duration.ofHours(24);
    public static final Duration DEFAULT_COMMAND_TIMEOUT = Duration.ofSeconds(3);

    /** What metrics call this bus. */
    private static final String NAME = "redis";

    public static final int MOST_PARTITIONS = 1024;
    private static final Duration LEAST_KEEP = Duration.ofMinutes(10);
    public static final Duration LONGEST_KEEP = Duration.ofDays(365);
    /** Above the time a read waits at Redis. */
    private static final Duration LEAST_COMMAND_TIMEOUT = Duration.ofMillis(1500);

    private static final Duration LONGEST_COMMAND_TIMEOUT = Duration.ofMinutes(1);

    /** How long a reading thread may do nothing at all before it counts as stuck. */
    static final Duration STUCK_AFTER = Duration.ofSeconds(60);

    private final List<RedisStreamsConsumer> consumers = new CopyOnWriteArrayList<>();
    private RedisStreamsConfiguration configuration = new RedisStreamsConfiguration();
    private RedisURI uri = RedisURI.create(DEFAULT_URL);
    /** Asked by each connection when it is made. */
    private volatile RedisCredentialsProvider credentials = uri.getCredentialsProvider();

    private @Nullable Path caCertificate;
    private String keyPrefix = DEFAULT_KEY_PREFIX;
    private int partitions = DEFAULT_PARTITIONS;
    private Duration keep = DEFAULT_KEEP;
    private Duration commandTimeout = DEFAULT_COMMAND_TIMEOUT;
    private BusMeters meters = new BusMeters(new CompositeMeterRegistry(), NAME);
    private @Nullable ScheduledExecutorService scheduler;
    private volatile @Nullable RedisBus bus;

    public RedisStreamsConfiguration getConfiguration() {
        return configuration;
    }

    /** The options of endpoints whose URI does not set them. */
    public void setConfiguration(RedisStreamsConfiguration configuration) {
        this.configuration = configuration;
    }

    /**
     * Where Redis is: {@code redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]}, or {@code rediss://} for TLS; default {@value
     * #DEFAULT_URL}. Parts of the query are the client's, such as {@code ?verifyPeer=NONE}.
     *
     * @throws IllegalArgumentException if it is no such address; the message holds no secret
     */
    public void setUrl(String url) {
        uri = parse(url);
        credentials = uri.getCredentialsProvider();
    }

    /**
     * Takes other credentials of the same Redis, which connections use that are made from now on; those that are open stay
     * as they are. Any thread, at any time.
     *
     * @param url the address with its new credentials
     * @throws IllegalArgumentException if it is no address, or that of another Redis: calls would be on two of them at once;
     *     the message holds no secret
     */
    public void replaceCredentials(String url) {
        RedisURI other = parse(url);
        if (!placeOf(other).equals(placeOf(uri))) {
            throw new IllegalArgumentException("the address is that of another Redis than " + uri.getHost() + ":"
                    + uri.getPort() + "; allowed: other credentials of this one, and a restart for another one");
        }
        credentials = other.getCredentialsProvider();
    }

    /** All that an address says but for the credentials. */
    private static List<Object> placeOf(RedisURI uri) {
        return List.of(
                uri.getHost(), uri.getPort(), uri.getDatabase(), uri.isSsl(), uri.isStartTls(), uri.getVerifyMode());
    }

    /** Reads an address; see {@link #setUrl}. */
    public static RedisURI parse(String url) {
        try {
            RedisURI parsed = create(url);
            if (parsed.getHost() != null && parsed.getSentinels().isEmpty()) {
                return parsed;
            }
        } catch (RuntimeException e) {
            // What it says may quote the password.
        }
        throw new IllegalArgumentException(
                "the address of Redis is none; allowed: redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], rediss:// for"
                        + " TLS");
    }

    /** Lettuce takes the host from {@link URI}, which gives none with an underscore: that one is put in afterwards. */
    private static RedisURI create(String url) {
        URI read = URI.create(url);
        UrlAuthority authority = UrlAuthority.of(read);
        if (read.getHost() != null || authority == null) {
            return RedisURI.create(url);
        }
        String before = read.getRawAuthority();
        int host = url.indexOf(before) + before.lastIndexOf('@') + 1;
        RedisURI parsed = RedisURI.create(url.substring(0, host)
                + "localhost"
                + url.substring(host + authority.host().length()));
        parsed.setHost(authority.host());
        return parsed;
    }

    public @Nullable Path getCaCertificate() {
        return caCertificate;
    }

    /**
     * A PEM file with the certificates of those who vouch for Redis's own, for {@code rediss://}; null, the default, for those
     * that Java trusts.
     */
    public void setCaCertificate(@Nullable Path caCertificate) {
        this.caCertificate = caCertificate == null ? null : requireCertificate(caCertificate);
    }

    /** @throws IllegalArgumentException if it is no file that can be read */
    public static Path requireCertificate(Path caCertificate) {
        if (!Files.isReadable(caCertificate)) {
            throw new IllegalArgumentException(
                    "caCertificate is '" + caCertificate + "'; allowed: a PEM file that can be read");
        }
        return caCertificate;
    }

    public String getKeyPrefix() {
        return keyPrefix;
    }

    /** The first part of the name of every key; default rtaa. Buses of different prefixes do not meet. */
    public void setKeyPrefix(String keyPrefix) {
        this.keyPrefix = requireKeyPrefix(keyPrefix);
    }

    /** @throws IllegalArgumentException if it is too long, or has characters that a key's name has not */
    public static String requireKeyPrefix(String keyPrefix) {
        if (!keyPrefix.matches("[\\w.:-]{1,64}")) {
            throw new IllegalArgumentException(
                    "keyPrefix is '" + keyPrefix + "'; allowed: up to 64 letters, digits and ._:-");
        }
        return keyPrefix;
    }

    public int getPartitions() {
        return partitions;
    }

    /**
     * How many partitions there are, the same in all processes; default 32, up to 1024. The first
     * process sets it, others refuse to start with another number. At most so many workers have something to do.
     */
    public void setPartitions(int partitions) {
        if (partitions < 1 || partitions > MOST_PARTITIONS) {
            throw new IllegalArgumentException(
                    "partitions is " + partitions + "; allowed: from 1 to " + MOST_PARTITIONS);
        }
        this.partitions = partitions;
    }

    public Duration getKeep() {
        return keep;
    }

    /** How long transcripts are kept; default 24 h, from 10 min to a year. */
    public void setKeep(Duration keep) {
        this.keep = requireRange("keep", keep, LEAST_KEEP, LONGEST_KEEP);
    }

    public Duration getCommandTimeout() {
        return commandTimeout;
    }

    /** How long Redis may take for an answer; default 3 s, from 1.5 s to 1 min. After that the route tries again. */
    public void setCommandTimeout(Duration commandTimeout) {
        this.commandTimeout =
                requireRange("commandTimeout", commandTimeout, LEAST_COMMAND_TIMEOUT, LONGEST_COMMAND_TIMEOUT);
    }

    /** Where the component's meters are registered; nowhere unless set. */
    public void setMeterRegistry(MeterRegistry registry) {
        meters = new BusMeters(registry, NAME);
    }

    /** Why this process cannot use the bus now, in words for a person; null while it can. Answers at once. */
    public @Nullable String fault() {
        RedisBus current = bus;
        if (current == null) {
            return null;
        }
        RedisBusException away = current.link().fault();
        if (away != null) {
            return away.getMessage();
        }
        String refused = current.publishing().fault();
        if (refused != null) {
            return refused;
        }
        return consumers.stream()
                .map(RedisStreamsConsumer::fault)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(this::stuck);
    }

    /** What is worth knowing although this process can use the bus; null for nothing. Answers at once. */
    public @Nullable String note() {
        if (bus == null) {
            return "no route uses it";
        }
        return consumers.stream()
                .map(RedisStreamsConsumer::note)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Which consumer makes no progress although nothing keeps it from that, in words for a person; null where none. */
    public @Nullable String stuck() {
        return consumers.stream()
                .map(consumer -> consumer.stuck(STUCK_AFTER))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Whether another process reads audio too, as far as this one knows. */
    public boolean hasCompany() {
        return consumers.stream()
                .filter(consumer -> consumer.topic().equals(RedisStreamsEndpoint.AUDIO))
                .anyMatch(RedisStreamsConsumer::hasCompany);
    }

    /** The numbers of the partitions of audio that this process has leases on, in order. */
    public List<Integer> audioPartitionsHeld() {
        return consumers.stream()
                .filter(consumer -> consumer.topic().equals(RedisStreamsEndpoint.AUDIO))
                .flatMap(consumer -> consumer.partitionsHeld().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Counts uses for all processes on this bus; fails while the bus is not running, or is away. */
    public UseCounter uses() {
        return new RedisUses(() -> bus);
    }

    void add(RedisStreamsConsumer consumer) {
        consumers.add(consumer);
    }

    void remove(RedisStreamsConsumer consumer) {
        consumers.remove(consumer);
    }

    /** What all endpoints share; made when the first one asks, which may be before the component starts. */
    synchronized RedisBus bus() {
        RedisBus known = bus;
        if (known == null) {
            scheduler = getCamelContext()
                    .getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, "redis-streams");
            uri.setTimeout(commandTimeout);
            uri.setCredentialsProvider(() -> credentials.resolveCredentials());
            known = new RedisBus(
                    new RedisBusOptions(uri, caCertificate, keyPrefix, partitions, keep, commandTimeout),
                    meters,
                    scheduler);
            bus = known;
            meters.up(this, component -> component.fault() == null);
        }
        return known;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String topic, Map<String, Object> parameters) throws Exception {
        EndpointOptions known = EndpointOptions.of(getCamelContext(), "redis-streams");
        known.requireKnown(parameters.keySet());
        known.requireOfType(getCamelContext(), topic, parameters);
        RedisStreamsEndpoint endpoint = new RedisStreamsEndpoint(uri, this, topic, configuration.copy());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        bus().start();
    }

    @Override
    protected void doStop() throws Exception {
        bus().stop();
        super.doStop();
    }

    @Override
    protected synchronized void doShutdown() throws Exception {
        if (bus != null) {
            bus.shutdown();
            bus = null;
        }
        if (scheduler != null) {
            getCamelContext().getExecutorServiceManager().shutdownNow(scheduler);
            scheduler = null;
        }
        super.doShutdown();
    }

    private static Duration requireRange(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value.toSeconds() + " s; allowed: from "
                    + least.toMillis() / 1000.0 + " to " + most.toSeconds() + " s");
        }
        return value;
    }
}
