package io.rtaa.kafka;

import io.micrometer.core.instrument.Counter;
import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.bus.Topic;
import io.rtaa.call.AudioMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of audio that the group has assigned to this process: taken over before anything of them is read, committed
 * up to what is final, and given away with their sessions released.
 *
 * <p>Thread-safety: used by the polling thread; counts and faults may be asked for by any.
 */
final class AudioLeases implements ConsumerRebalanceListener, GroupReader {

    private static final Logger LOG = LoggerFactory.getLogger(AudioLeases.class);

    /** How often what is settled is committed: what is committed late is only read once more. */
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);

    /** How long a commit, or a look at a position, may hold up the polling thread. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A broker answers within half a second even when there is nothing to read. */
    private static final Duration DEAF_AFTER = Duration.ofSeconds(3);

    /** Messages for each stream that wait in the log where a partition is behind: some seconds of audio. */
    private static final long BEHIND_MESSAGES = 30;

    /** A take-over is a matter of seconds; one that takes longer is worth a person's look. */
    private static final Duration LATE_AFTER = Duration.ofSeconds(15);

    private static final Duration SIGN_OF_LIFE_INTERVAL = Duration.ofSeconds(2);

    private final String topic;
    private final TranscriptLog log;
    private final KafkaBus bus;
    private final Counter reclaimed;
    private final BusTime time;
    private final Map<Integer, TakeOver> takeOvers = new ConcurrentSkipListMap<>();
    private final Map<Integer, PartitionLease> leases = new ConcurrentHashMap<>();
    private final Map<Integer, Long> committed = new HashMap<>();
    private final Set<Integer> held = new HashSet<>();
    private @Nullable Consumer<?, ?> consumer;
    private AudioTarget target = (message, receipt) -> {};
    private long lastCommitNanos;
    private long lastReadNanos;
    private long lastSignNanos;
    private long lastHeldSignNanos;
    private double lastFetches;
    private volatile boolean deaf;

    /** @param group the group that the partitions are read for */
    AudioLeases(String group, TranscriptLog log, KafkaBus bus, BusTime time) {
        this.topic = bus.options().audioTopic();
        this.log = log;
        this.bus = bus;
        this.reclaimed = bus.meters().reader(Topic.AUDIO, group).callsReclaimed();
        this.time = time;
    }

    /** Where the audio goes; before anything is polled. */
    void deliverTo(AudioTarget audioTarget) {
        target = audioTarget;
    }

    /** Which client reads; before it subscribes. A new one follows an old one that is closed. */
    void readBy(Consumer<?, ?> client) {
        consumer = client;
        takeOvers.clear();
        held.clear();
        lastReadNanos = time.nanos();
        lastFetches = 0;
    }

    @Override
    public Set<Integer> partitions() {
        return leases.keySet();
    }

    @Override
    public long lagMillis() {
        long now = time.epochMillis();
        long oldest = leases.values().stream()
                .map(PartitionLease::oldestMillis)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .min()
                .orElse(now);
        return Math.max(0, now - oldest);
    }

    /** Records that were read, from the oldest of each partition that is not final on. */
    long unsettled() {
        return leases.values().stream().mapToLong(PartitionLease::unsettled).sum();
    }

    /** Which partitions have not been taken over for long, and why; null where none. */
    @Nullable
    String fault() {
        long now = time.nanos();
        List<TakeOver> late = takeOvers.values().stream()
                .filter(takeOver -> takeOver.waits(now).compareTo(LATE_AFTER) >= 0)
                .toList();
        if (late.isEmpty()) {
            return null;
        }
        long seconds = late.stream()
                .mapToLong(takeOver -> takeOver.waits(now).toSeconds())
                .max()
                .orElseThrow();
        String reason = late.stream()
                .map(TakeOver::reason)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("no answer yet");
        return "partitions " + late.stream().map(TakeOver::partition).toList() + " of " + topic
                + " are not taken over for " + seconds + " s: " + reason;
    }

    boolean isTakingOver() {
        return !takeOvers.isEmpty();
    }

    boolean isReadable(TopicPartition partition) {
        return leases.containsKey(partition.partition()) && !held.contains(partition.partition());
    }

    /** What is to be done before each poll. */
    void beforePoll() {
        advance();
        keepPace();
        resumeSilent();
        if (isPast(lastCommitNanos, COMMIT_INTERVAL)) {
            lastCommitNanos = time.nanos();
            Map<TopicPartition, OffsetAndMetadata> settled = settled(leases.keySet());
            if (!settled.isEmpty()) {
                client().commitAsync(settled, (offsets, failure) -> {
                    if (failure != null) {
                        bus.countUncommitted(Topic.AUDIO, failure);
                        offsets.keySet().forEach(partition -> committed.remove(partition.partition()));
                    }
                });
            }
        }
    }

    /**
     * What is to be done after each poll.
     *
     * @param records how many came
     * @param fetches how many answers the client has had from brokers, with or without records
     */
    void afterPoll(int records, double fetches) {
        boolean read = records > 0 || fetches > lastFetches || leases.size() == held.size();
        lastFetches = fetches;
        if (read) {
            lastReadNanos = time.nanos();
            if (deaf) {
                deaf = false;
                signsOfLife();
            }
        } else if (isPast(lastReadNanos, DEAF_AFTER)) {
            deaf = true;
            if (isPast(lastSignNanos, SIGN_OF_LIFE_INTERVAL)) {
                signsOfLife();
            }
        }
    }

    /** Whether brokers have stopped answering: no sign of any stream can come. */
    boolean isDeaf() {
        return deaf;
    }

    /**
     * Hands on a record's message.
     *
     * @param publishedMillis when the record was published, epoch milliseconds
     */
    void deliver(int partition, long offset, long publishedMillis, AudioMessage message) {
        PartitionLease lease = leases.get(partition);
        if (lease == null) {
            throw new IllegalStateException("audio of partition " + partition + ", which is not taken over");
        }
        if (lease.deliver(offset, publishedMillis, message, target)) {
            reclaimed.increment();
        }
    }

    /** Passes over a record that nobody can read. */
    void skip(int partition, long offset) {
        PartitionLease lease = leases.get(partition);
        if (lease != null) {
            lease.skip(offset);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        client().pause(partitions);
        for (TopicPartition partition : partitions) {
            takeOvers.put(
                    partition.partition(), new TakeOver(partition.partition(), log, this::countLease, time.nanos()));
        }
        if (!partitions.isEmpty()) {
            LOG.info("Taking over {} partitions of {}: {}", partitions.size(), topic, numbers(partitions));
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> settled = settled(numbers(partitions));
        if (!settled.isEmpty()) {
            try {
                client().commitSync(settled, PATIENCE);
            } catch (KafkaException e) {
                bus.countUncommitted(Topic.AUDIO, e);
                LOG.info("What is settled could not be committed, and will be read again: {}", e.getMessage());
            }
        }
        release(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        release(partitions);
    }

    private void release(Collection<TopicPartition> partitions) {
        for (int partition : numbers(partitions)) {
            takeOvers.remove(partition);
            committed.remove(partition);
            held.remove(partition);
            PartitionLease lease = leases.remove(partition);
            if (lease != null) {
                lease.release(target);
            }
        }
        if (!partitions.isEmpty()) {
            LOG.info("Gave up {} partitions of {}: {}", partitions.size(), topic, numbers(partitions));
        }
    }

    /** Takes over what it can; one request confirms all claims that are in the log. */
    private void advance() {
        List<TakeOver> claimed = new ArrayList<>();
        for (TakeOver takeOver : List.copyOf(takeOvers.values())) {
            switch (takeOver.advance(time.nanos())) {
                case CLAIMED -> claimed.add(takeOver);
                case DONE -> begin(takeOver);
                case CLAIMING, TAKING_OVER, FAILED -> {}
            }
        }
        if (!claimed.isEmpty()) {
            confirm(claimed);
        }
    }

    /** The group's coordinator takes a commit from members of the present generation only. */
    private void confirm(List<TakeOver> claimed) {
        try {
            Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
            for (TakeOver takeOver : claimed) {
                TopicPartition partition = partition(takeOver.partition());
                positions.put(partition, new OffsetAndMetadata(client().position(partition, PATIENCE)));
            }
            client().commitSync(positions, PATIENCE);
        } catch (CommitFailedException
                | RebalanceInProgressException
                | RetriableCommitFailedException
                | TimeoutException e) {
            LOG.debug("Membership is not confirmed yet", e);
            if (e instanceof TimeoutException) {
                countLease(e);
            }
            claimed.forEach(takeOver -> takeOver.unconfirmed(e));
            return;
        }
        claimed.forEach(TakeOver::confirmed);
    }

    private void begin(TakeOver takeOver) {
        int partition = takeOver.partition();
        takeOvers.remove(partition);
        leases.put(
                partition,
                new PartitionLease(partition, takeOver.epoch(), takeOver.past().streams(), time));
        lastReadNanos = time.nanos();
        client().resume(List.of(partition(partition)));
    }

    /**
     * Audio that lay in the log for a while, as when all workers were away, would come faster than anybody can recognise it: it
     * stays there until its turn comes. A partition that is read as it is written is never held. Nobody can know meanwhile which
     * of its calls are still there, so all of them get signs of life.
     */
    private void keepPace() {
        for (PartitionLease lease : leases.values()) {
            int number = lease.partition();
            if (held.contains(number)) {
                if (!lease.hasStreamAbove(PartitionLease.GO_ON_BELOW_MILLIS)) {
                    held.remove(number);
                    client().resume(List.of(partition(number)));
                }
            } else if (isBehind(lease) && lease.hasStreamAbove(PartitionLease.HOLD_ABOVE_MILLIS)) {
                held.add(number);
                client().pause(List.of(partition(number)));
            }
        }
        if (!held.isEmpty() && isPast(lastHeldSignNanos, SIGN_OF_LIFE_INTERVAL)) {
            lastHeldSignNanos = time.nanos();
            leases.values().stream()
                    .filter(lease -> held.contains(lease.partition()))
                    .forEach(lease -> lease.signOfLife(target));
        }
    }

    /** Once nothing of a partition can be on its way, streams that are live and silent are taken over too. */
    private void resumeSilent() {
        for (PartitionLease lease : leases.values()) {
            int number = lease.partition();
            boolean unknown = client().currentLag(partition(number)).isEmpty();
            if (deaf || unknown || held.contains(number) || isBehind(lease)) {
                lease.notUpToDate();
            }
            reclaimed.increment(lease.resumeSilent(target));
        }
    }

    private boolean isBehind(PartitionLease lease) {
        OptionalLong lag = client().currentLag(partition(lease.partition()));
        return lag.orElse(0) > BEHIND_MESSAGES * lease.liveStreams();
    }

    /** What is settled of these partitions and not committed yet; taken as committed. */
    private Map<TopicPartition, OffsetAndMetadata> settled(Collection<Integer> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int partition : partitions) {
            PartitionLease lease = leases.get(partition);
            long watermark = lease == null ? BusHeaders.NONE : lease.watermark();
            if (watermark != BusHeaders.NONE && watermark > committed.getOrDefault(partition, BusHeaders.NONE)) {
                committed.put(partition, watermark);
                offsets.put(partition(partition), new OffsetAndMetadata(watermark));
            }
        }
        return offsets;
    }

    private void countLease(Throwable failure) {
        bus.count(Topic.AUDIO, Doing.LEASE, failure);
    }

    private void signsOfLife() {
        lastSignNanos = time.nanos();
        leases.values().forEach(lease -> lease.signOfLife(target));
    }

    private boolean isPast(long sinceNanos, Duration wait) {
        return time.nanos() - sinceNanos >= wait.toNanos();
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).sorted().toList();
    }

    private Consumer<?, ?> client() {
        if (consumer == null) {
            throw new IllegalStateException("no client reads " + topic);
        }
        return consumer;
    }
}
