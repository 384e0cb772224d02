package io.rtaa.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process knows of the bus as a whole: whether its topics are as they have to be, whether the broker answers, how
 * much audio waits and whether anybody reads it. Asked by one thread of its own, every two seconds.
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

    private final KafkaBusOptions options;
    private final MeterRegistry registry;
    private final BusTime time;
    private final BusCounters counters = new BusCounters();
    private final PublishingHealth publishing;
    private final List<TopicGate> gates = new CopyOnWriteArrayList<>();
    private final List<PollWatch> polls = new CopyOnWriteArrayList<>();
    private @Nullable Admin admin;
    private @Nullable ScheduledExecutorService watch;
    private @Nullable ScheduledFuture<?> looks;
    private volatile @Nullable AudioLeases leases;
    private volatile @Nullable String group;
    private volatile @Nullable String brokerFault;
    private volatile long lag;
    private volatile int unowned;
    private volatile int workers;

    /** @param registry gets the bus' meters once a route uses it */
    public KafkaBus(KafkaBusOptions options, MeterRegistry registry) {
        this(options, registry, BusTime.system());
    }

    KafkaBus(KafkaBusOptions options, MeterRegistry registry, BusTime time) {
        this.options = options;
        this.registry = registry;
        this.time = time;
        this.publishing = new PublishingHealth(time);
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

    BusCounters counters() {
        return counters;
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
        AudioLeases audio = leases;
        if (audio == null) {
            return null;
        }
        return audio.isDeaf() ? "no answer to what is read from Kafka" : audio.fault();
    }

    /** What is worth knowing although the bus works; null where nothing is. Answers at once. */
    public @Nullable String note() {
        if (gates.isEmpty()) {
            return "no route uses it";
        }
        return unowned == 0
                ? null
                : unowned + " of " + options.partitions() + " partitions of audio are read by nobody";
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

    /** Records of audio that are not final yet, whoever reads them; as it was seconds ago. */
    public long lag() {
        return lag;
    }

    /** Partitions of audio that nobody reads; as it was seconds ago. */
    public int unownedPartitions() {
        return unowned;
    }

    /** Processes that read audio; as it was seconds ago. */
    public int workers() {
        return workers;
    }

    /** Whether others read audio beside this process; as it was seconds ago. */
    public boolean hasCompany() {
        return workers > (leases == null ? 0 : 1);
    }

    /** Partitions of audio that this process reads. */
    public int ownedPartitions() {
        AudioLeases reading = leases;
        return reading == null ? 0 : reading.owned();
    }

    /** Records of audio that this process has read and that are not final. */
    public long unsettled() {
        AudioLeases reading = leases;
        return reading == null ? 0 : reading.unsettled();
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
            new KafkaBusMeters(this).bindTo(registry);
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
    void watch(String groupId) {
        group = groupId;
    }

    /** Watches over audio that is read here. */
    void read(AudioLeases audioLeases) {
        leases = audioLeases;
    }

    /** Audio is not read here any more. */
    void readNoMore() {
        leases = null;
    }

    private void look(Admin client) {
        try {
            ask(client.describeCluster().nodes());
            for (TopicGate gate : gates) {
                if (gate.fault() != null) {
                    open(gate, client);
                }
            }
            brokerFault = null;
            String audioGroup = group;
            if (audioGroup != null) {
                lookAtAudio(client, audioGroup);
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

    private void lookAtAudio(Admin client, String audioGroup) throws TimeoutException, InterruptedException {
        try {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (int partition = 0; partition < options.partitions(); partition++) {
                latest.put(new TopicPartition(options.audioTopic(), partition), OffsetSpec.latest());
            }
            Map<TopicPartition, OffsetAndMetadata> committed =
                    ask(client.listConsumerGroupOffsets(audioGroup).partitionsToOffsetAndMetadata());
            long behind = 0;
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                    ask(client.listOffsets(latest).all()).entrySet()) {
                OffsetAndMetadata from = committed.get(end.getKey());
                behind += Math.max(0, end.getValue().offset() - (from == null ? 0 : from.offset()));
            }
            lag = behind;
            unowned = options.partitions() - assigned(client, audioGroup).size();
        } catch (KafkaException e) {
            LOG.debug("The group {} cannot be looked at", audioGroup, e);
        }
    }

    private Set<Integer> assigned(Admin client, String audioGroup) throws TimeoutException, InterruptedException {
        ConsumerGroupDescription description =
                ask(client.describeConsumerGroups(List.of(audioGroup)).all()).get(audioGroup);
        List<TopicPartition> partitions = new ArrayList<>();
        if (description != null) {
            workers = description.members().size();
            description
                    .members()
                    .forEach(member -> partitions.addAll(member.assignment().topicPartitions()));
        }
        Set<Integer> audio = new HashSet<>();
        partitions.stream()
                .filter(partition -> partition.topic().equals(options.audioTopic()))
                .forEach(partition -> audio.add(partition.partition()));
        return audio;
    }

    private static <T> T ask(KafkaFuture<T> answer) throws TimeoutException, InterruptedException {
        return Answers.await(answer, PATIENCE);
    }

    @Override
    public synchronized void close() {
        gates.clear();
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
