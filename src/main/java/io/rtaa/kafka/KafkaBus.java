package io.rtaa.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.bus.BusMeters;
import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.bus.PublishingHealth;
import io.rtaa.bus.Topic;
import io.rtaa.routes.LogThrottle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What this process knows of the bus as a whole: whether its topics are as they have to be, whether the broker answers,
 * and how the groups stand that read from it. Asked by one thread of its own, every two seconds.
 *
 * <p>Thread-safety: safe.
 */
public final class KafkaBus implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaBus.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** How long a request of the watch may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * A polling thread comes by every fraction of a second, and waits for the broker for a few seconds at most. Where a group
     * reads, the route is done on that thread, and may try again what its sink does not take.
     */
    private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

    private final LogThrottle unreadable = new LogThrottle();
    private final KafkaBusOptions options;
    private final BusMeters meters;
    private final BusTime time;
    private final PublishingHealth publishing;
    private final List<TopicGate> gates = new CopyOnWriteArrayList<>();
    private final List<PollWatch> polls = new CopyOnWriteArrayList<>();
    private final List<GroupWatch> groups = new CopyOnWriteArrayList<>();
    private @Nullable Admin admin;
    private @Nullable ScheduledExecutorService watch;
    private @Nullable ScheduledFuture<?> looks;
    private volatile @Nullable AudioLeases leases;
    private volatile @Nullable GroupWatch audio;
    private volatile @Nullable String brokerFault;

    /** @param registry gets the bus' meters once a route uses it */
    public KafkaBus(KafkaBusOptions options, MeterRegistry registry) {
        this(options, registry, BusTime.system());
    }

    KafkaBus(KafkaBusOptions options, MeterRegistry registry, BusTime time) {
        this.options = options;
        this.meters = new BusMeters(registry, "kafka");
        this.time = time;
        this.publishing = new PublishingHealth(time::nanos);
    }

    /** What the bus is made of. */
    public KafkaBusOptions options() {
        return options;
    }

    /** The client that asks after the cluster; there once a route uses the bus. */
    synchronized Admin admin() {
        if (admin == null) {
            throw new IllegalStateException("no route uses the bus on Kafka");
        }
        return admin;
    }

    BusMeters meters() {
        return meters;
    }

    /** Counts what Kafka did not do. */
    void count(Topic topic, Doing doing, Throwable failure) {
        meters.errors(topic, doing, Answers.cause(failure)).increment();
    }

    /** Counts what Kafka did not take as acknowledged: maybe because others read the partition by now. */
    void countUncommitted(Topic topic, Exception failure) {
        if (failure instanceof CommitFailedException) {
            meters.fenced(topic).increment();
        } else {
            count(topic, Doing.ACKNOWLEDGE, failure);
        }
    }

    /** Counts a record that is passed over as it makes no sense. */
    void unreadable(Topic topic, int partition, long offset, IllegalArgumentException why) {
        meters.unreadable(topic).increment();
        unreadable
                .atLevel(LOG, Level.WARN)
                .addKeyValue("topic", topic.label())
                .log(
                        "Passing over a record of {}, partition {}, offset {}: {}",
                        options.nameOf(topic),
                        partition,
                        offset,
                        why.getMessage());
    }

    /** Has health tell that Kafka did not take something. */
    void publishFailed(Topic topic, Throwable failure) {
        publishing.failed(topic, "Kafka takes no " + topic.label() + ": " + Answers.reason(failure));
    }

    PublishingHealth publishing() {
        return publishing;
    }

    /**
     * Why the bus does not work, in words for a person; null while it does. Answers at once.
     */
    public @Nullable String fault() {
        for (TopicGate gate : gates) {
            String fault = gate.fault();
            if (fault != null) {
                return fault;
            }
        }
        String broker = brokerFault;
        if (broker != null) {
            return broker;
        }
        String reading = readingFault();
        return reading == null ? publishing.fault() : reading;
    }

    private @Nullable String readingFault() {
        for (PollWatch poll : polls) {
            String refusal = poll.refusal();
            if (refusal != null) {
                return poll.topic() + " cannot be read from Kafka: " + refusal;
            }
            Duration since = poll.sincePolled();
            if (!poll.restartHelps() && since.compareTo(STUCK_AFTER) > 0) {
                return "a route that reads " + poll.topic() + " for a group has taken no event for " + since.toSeconds()
                        + " s";
            }
        }
        AudioLeases reading = leases;
        if (reading == null) {
            return null;
        }
        return reading.isDeaf() ? "no answer to what is read from Kafka" : reading.fault();
    }

    /** What is worth knowing although the bus works; null where nothing is. Answers at once. */
    public @Nullable String note() {
        if (gates.isEmpty()) {
            return "no route uses it";
        }
        return groups.stream()
                .map(GroupWatch::note)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** What stands still in this process and will not go on by itself; null where nothing does. Answers at once. */
    public @Nullable String stuck() {
        for (PollWatch poll : polls) {
            Duration since = poll.sincePolled();
            if (poll.restartHelps() && since.compareTo(STUCK_AFTER) > 0) {
                return "nobody has looked for messages of " + poll.topic() + " for " + since.toSeconds() + " s";
            }
        }
        return null;
    }

    /** Whether others read audio beside this process; as it was seconds ago. */
    public boolean hasCompany() {
        GroupWatch watched = audio;
        return watched != null && watched.workers() > (leases == null ? 0 : 1);
    }

    /**
     * Sees to some topics.
     *
     * @return closed until the topics are known to be right; where the broker does not answer now, that may be later
     * @throws TopicsException where they are not right
     */
    synchronized TopicGate use(KafkaClients clients, List<BusTopic> topics) {
        TopicGate gate = new TopicGate(topics);
        Admin client = admin == null ? clients.admin() : admin;
        admin = client;
        try {
            new KafkaTopics(client, options, PATIENCE).require(topics);
            gate.open();
        } catch (TimeoutException e) {
            brokerFault = "Kafka does not answer";
            LOG.warn("Kafka does not answer; its topics are looked at again until it does");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        gates.add(gate);
        if (watch == null) {
            meters.up(this, bus -> bus.fault() == null);
            watch = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "kafka-watch");
                thread.setDaemon(true);
                return thread;
            });
            looks = watch.scheduleWithFixedDelay(
                    () -> look(client), LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
        return gate;
    }

    /**
     * Watches a polling thread, until it ends.
     *
     * @param restartHelps whether the process is stuck when the thread is; else that is a fault, as others are here
     */
    PollWatch watchPolls(String topic, boolean restartHelps) {
        PollWatch poll = new PollWatch(topic, restartHelps, time);
        polls.add(poll);
        return poll;
    }

    /** A polling thread has ended. */
    void polledNoMore(PollWatch poll) {
        polls.remove(poll);
    }

    /** Watches over the group that reads audio, here or elsewhere. */
    synchronized void watchAudio(String group) {
        GroupWatch watched = audio;
        if (watched == null) {
            watched = watch(Topic.AUDIO, group, group);
            audio = watched;
            measureReading(watched, leases);
        }
    }

    /** The numbers of the partitions of audio that this process reads, in order. */
    public List<Integer> audioPartitionsHeld() {
        AudioLeases reading = leases;
        return reading == null
                ? List.of()
                : reading.partitions().stream().sorted().toList();
    }

    /** Watches over audio that is read here. */
    synchronized void read(AudioLeases audioLeases) {
        leases = audioLeases;
        measureReading(audio, audioLeases);
    }

    private static void measureReading(@Nullable GroupWatch watched, @Nullable AudioLeases reading) {
        if (watched != null && reading != null) {
            watched.readBy(reading);
            watched.meters().unacknowledged(reading, AudioLeases::unsettled);
        }
    }

    /** Audio is not read here any more. */
    void readNoMore() {
        leases = null;
    }

    /**
     * Watches over a group that reads a topic.
     *
     * @param group what the broker calls it
     * @param label what metrics call it
     */
    GroupWatch watch(Topic topic, String group, String label) {
        GroupWatch watched =
                new GroupWatch(options.nameOf(topic), group, options.partitions(), meters.reader(topic, label));
        groups.add(watched);
        return watched;
    }

    /** A group is not read here any more. */
    void watchNoMore(GroupWatch watched) {
        groups.remove(watched);
        watched.close();
    }

    private void look(Admin client) {
        try {
            Answers.await(client.describeCluster().nodes(), PATIENCE);
            for (TopicGate gate : gates) {
                if (gate.fault() != null) {
                    open(gate, client);
                }
            }
            brokerFault = null;
            for (GroupWatch watched : groups) {
                watched.look(client, PATIENCE);
            }
        } catch (TimeoutException e) {
            brokerFault = "Kafka does not answer";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            brokerFault = "Kafka refuses: " + e.getMessage();
        } catch (RuntimeException | Error e) {
            // The watch goes on whatever happens: a task that throws is not scheduled again, and health would stay as
            // it is.
            if (brokerFault == null) {
                LOG.atError().setCause(e).log("Looking at Kafka failed; it is looked at again");
            }
            brokerFault = "looking at Kafka failed: " + e;
        }
    }

    private void open(TopicGate gate, Admin client) throws TimeoutException, InterruptedException {
        try {
            new KafkaTopics(client, options, PATIENCE).require(gate.topics());
            gate.open();
        } catch (TopicsException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(gate.fault())) {
                LOG.error("{}", reason);
            }
            gate.fault(reason);
        }
    }

    @Override
    public synchronized void close() {
        gates.clear();
        groups.forEach(this::watchNoMore);
        audio = null;
        if (looks != null) {
            looks.cancel(true);
            looks = null;
        }
        if (watch != null) {
            watch.shutdownNow();
            watch = null;
        }
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }
}
