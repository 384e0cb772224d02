package io.rtaa.kafka;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The leases of one partition on Kafka's own mock of its client; a test controls the log and the clock. */
final class LeaseFixture {

    private static final String TOPIC = "audio";
    static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    final Speech call = new Speech("t", "call");
    final Group group = new Group();
    final Log log = new Log();
    final Time time = new Time();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final AudioLeases leases = new AudioLeases("workers", log, bus(), time);
    final List<AudioMessage> heard = new ArrayList<>();
    final List<@Nullable AudioReceipt> receipts = new ArrayList<>();

    LeaseFixture() {
        group.updateBeginningOffsets(Map.of(PARTITION, 0L));
        leases.deliverTo((message, receipt) -> {
            heard.add(message);
            receipts.add(receipt);
        });
        leases.readBy(group);
        group.subscribe(List.of(TOPIC), leases);
        group.rebalance(List.of(PARTITION));
    }

    private KafkaBus bus() {
        return new KafkaBus(
                new KafkaBusOptions(
                        TOPIC,
                        "transcripts",
                        "partials",
                        1,
                        0,
                        true,
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Duration.ZERO),
                meters,
                time);
    }

    /** A record of the partition comes, written just now. */
    void deliver(long offset, AudioMessage message) {
        leases.deliver(0, offset, time.epochMillis(), message);
    }

    /** The claim is answered, and then the reading of what was published: the partition is taken over. */
    void takeOver(TranscriptLog.Past past) {
        log.claims.get(0).complete(40L);
        leases.beforePoll();
        log.pasts.get(0).complete(past);
        leases.beforePoll();
    }

    /** A second passes, and the client polls. */
    void poll() {
        time.pass(Duration.ofSeconds(1));
        leases.beforePoll();
    }

    /** The offset that was committed last, or zero. */
    long committed() {
        return group.committed;
    }

    /** Of a call that is live and has said nothing lately. */
    StreamPast silent() {
        StreamPast past = new StreamPast();
        past.add(call.started(1));
        past.add(call.words(2, 1, 5));
        return past;
    }

    /** What the log has of the call alone. */
    TranscriptLog.Past pastOf(StreamPast past) {
        return new TranscriptLog.Past(new TranscriptFence(), new HashMap<>(Map.of(call.stream(), past)));
    }

    /** An empty log. */
    static TranscriptLog.Past nothing() {
        return new TranscriptLog.Past(new TranscriptFence(), new HashMap<>());
    }

    /** A client whose group may have forgotten it. */
    static final class Group extends MockConsumer<byte[], byte[]> {

        boolean refuses;
        private long committed;

        Group() {
            super(OffsetResetStrategy.EARLIEST);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            if (refuses) {
                throw new CommitFailedException();
            }
            note(offsets);
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            note(offsets);
        }

        private void note(Map<TopicPartition, OffsetAndMetadata> offsets) {
            committed = offsets.get(PARTITION).offset();
        }
    }

    /** A log that answers when it is told to. */
    static final class Log implements TranscriptLog {

        final List<CompletableFuture<Long>> claims = new ArrayList<>();
        final List<Long> takeOvers = new ArrayList<>();
        final List<CompletableFuture<Past>> pasts = new ArrayList<>();

        @Override
        public CompletableFuture<Long> claim(int partition) {
            claims.add(new CompletableFuture<>());
            return claims.get(claims.size() - 1);
        }

        @Override
        public CompletableFuture<Long> takeOver(int partition, long epoch) {
            takeOvers.add(epoch);
            return CompletableFuture.completedFuture(epoch + 1);
        }

        @Override
        public CompletableFuture<Past> past(int partition, long lastOffset) {
            pasts.add(new CompletableFuture<>());
            return pasts.get(pasts.size() - 1);
        }
    }

    /** A clock that stands still until a test moves it. */
    static final class Time implements BusTime {

        private long nanos = Duration.ofHours(1).toNanos();

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long epochMillis() {
            return nanos / 1_000_000;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    }
}
