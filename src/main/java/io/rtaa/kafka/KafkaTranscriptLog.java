package io.rtaa.kafka;

import io.rtaa.bus.Topic;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The log as it lies on the broker. The past is read by a thread and a client of its own, made when they are first needed, so
 * that partitions read already go on meanwhile.
 *
 * <p>Thread-safety: safe.
 */
final class KafkaTranscriptLog implements TranscriptLog, AutoCloseable {

    /** Claims and take-overs are no events: readers that only know the JSON find a type they do not know. */
    private static final byte[] NO_EVENT = "{\"type\":\"take_over\"}".getBytes(StandardCharsets.UTF_8);

    private static final Duration POLL = Duration.ofMillis(500);

    /** A broker from which nothing comes for so long is asked again from the start. */
    private static final Duration STANDSTILL = Duration.ofSeconds(10);

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final KafkaClients clients;
    private final KafkaBusOptions options;
    private final KafkaBus bus;
    private final BusTime time;
    private final ExecutorService reading;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Consumer<byte[], byte[]> reader;
    private boolean closed;

    KafkaTranscriptLog(KafkaClients clients, KafkaBus bus, BusTime time) {
        this.clients = clients;
        this.options = bus.options();
        this.bus = bus;
        this.time = time;
        this.reading = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "kafka-past");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public CompletableFuture<Long> claim(int partition) {
        return append(partition, BusHeaders.CLAIM, partition);
    }

    @Override
    public CompletableFuture<Long> takeOver(int partition, long epoch) {
        return append(partition, BusHeaders.TAKE_OVER, epoch);
    }

    @Override
    public CompletableFuture<Past> past(int partition, long lastOffset) {
        return CompletableFuture.supplyAsync(() -> read(partition, lastOffset), reading);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback tells.
    private synchronized CompletableFuture<Long> append(int partition, String header, long number) {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("the log is closed"));
        }
        if (producer == null) {
            producer = clients.producer();
        }
        CompletableFuture<Long> offset = new CompletableFuture<>();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(options.transcriptsTopic(), partition, null, NO_EVENT);
        record.headers().add(header, BusHeaders.bytes(number));
        producer.send(record, (written, failure) -> {
            if (failure == null) {
                offset.complete(written.offset());
            } else {
                offset.completeExceptionally(failure);
            }
        });
        return offset;
    }

    /** On the reading thread. */
    private Past read(int number, long lastOffset) {
        TopicPartition partition = new TopicPartition(options.transcriptsTopic(), number);
        Consumer<byte[], byte[]> client = reader;
        if (client == null) {
            client = clients.reader();
            reader = client;
        }
        client.assign(List.of(partition));
        long from = time.epochMillis() - options.lookBack().toMillis();
        OffsetAndTimestamp first =
                client.offsetsForTimes(Map.of(partition, from)).get(partition);
        Past past = new Past(new TranscriptFence(), new HashMap<>());
        if (first == null || first.offset() > lastOffset) {
            return past;
        }
        client.seek(partition, first.offset());
        long lastProgress = time.nanos();
        while (client.position(partition) <= lastOffset) {
            List<ConsumerRecord<byte[], byte[]>> records = client.poll(POLL).records(partition);
            if (!records.isEmpty()) {
                lastProgress = time.nanos();
            } else if (time.nanos() - lastProgress >= STANDSTILL.toNanos()) {
                throw new TimeoutException("nothing came of " + partition + " from offset " + client.position(partition)
                        + " for " + STANDSTILL);
            }
            records.stream().filter(record -> record.offset() <= lastOffset).forEach(record -> take(record, past));
        }
        return past;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Past past) {
        try {
            past.fence().take(record.offset(), record.headers(), record.value());
        } catch (IllegalArgumentException e) {
            bus.unreadable(Topic.TRANSCRIPTS, record.partition(), record.offset(), e);
            return;
        }
        TranscriptEvent event = past.fence().event();
        // What was made under no epoch is about audio that came over no Kafka.
        if (event != null && BusHeaders.number(record.headers(), BusHeaders.EPOCH) != BusHeaders.NONE) {
            StreamId stream = event.stream();
            past.streams().computeIfAbsent(stream, unknown -> new StreamPast()).add(event);
        }
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> writing;
        synchronized (this) {
            closed = true;
            writing = producer;
            producer = null;
        }
        if (writing != null) {
            writing.close(CLOSE_WITHIN);
        }
        reading.execute(() -> {
            if (reader != null) {
                reader.close(CLOSE_WITHIN);
                reader = null;
            }
        });
        reading.shutdown();
    }
}
