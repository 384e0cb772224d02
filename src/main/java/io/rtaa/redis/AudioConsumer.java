package io.rtaa.redis;

import io.lettuce.core.StreamMessage;
import io.rtaa.bus.Topic;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallResume;
import io.rtaa.call.StreamId;
import io.rtaa.wire.AudioBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the audio of the partitions it has leases on, and hands it to its route with a receipt for each message. Before the
 * first message of a stream that another process had, the route gets a {@link CallResume}; when a partition goes to another
 * process, a {@link CallRelease} for each of its streams.
 *
 * <p>Thread-safety: the reading thread alone runs the route and uses a partition's state, so it needs no lock for
 * either. The keeper's thread says which leases are taken and gone, and never waits: a route that blocks delays its own
 * calls, and no lease.
 */
class AudioConsumer extends LeasedConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(AudioConsumer.class);

    /** A stream that is live says so every five seconds. */
    private static final Duration LIVE_STREAMS_SPEAK_WITHIN = Duration.ofSeconds(12);

    /** An entry as it was read; the message is null where it is none this version knows. */
    private record Piece(
            AudioPartition partition,
            Position position,
            @Nullable AudioMessage message) {}

    private static final Map<String, Object> NO_RECEIPT = Map.of();

    private final Map<String, AudioPartition> partitions = new ConcurrentHashMap<>();
    /** Partitions whose leases are gone, and whose streams the route has not been told of. */
    private final Queue<AudioPartition> gone = new ConcurrentLinkedQueue<>();

    private Map<String, AudioPartition> reading = Map.of();

    AudioConsumer(RedisStreamsEndpoint endpoint, Processor processor, String group) {
        super(endpoint, processor, group);
    }

    @Override
    Map<String, Position> wanted() throws InterruptedException {
        // In this order: a partition that went and came back is released before anything of it is read again.
        Map<String, AudioPartition> now = new LinkedHashMap<>(partitions);
        releaseGone();
        Map<String, Position> wanted = new LinkedHashMap<>();
        for (Map.Entry<String, AudioPartition> entry : now.entrySet()) {
            AudioPartition partition = entry.getValue();
            partition.tidy();
            if (!partition.isFull()) {
                wanted.put(entry.getKey(), partition.read());
            } else if (partition.isSignOfLifeDue()) {
                signsOfLife(partition);
            }
            if (partition.asksForLive(LIVE_STREAMS_SPEAK_WITHIN)) {
                resumeSilent(partition);
            }
        }
        reading = now;
        return wanted;
    }

    @Override
    void take(List<StreamMessage<String, byte[]>> entries) throws InterruptedException {
        List<Piece> pieces = new ArrayList<>(entries.size());
        Map<StreamId, CompletableFuture<@Nullable CallState>> asked = new HashMap<>();
        for (StreamMessage<String, byte[]> entry : entries) {
            AudioPartition partition = reading.get(entry.getStream());
            // A partition that went and came back meanwhile is read from another position.
            if (partition == null || partitions.get(entry.getStream()) != partition) {
                continue;
            }
            Piece piece = new Piece(partition, Position.of(entry.getId()), message(entry));
            pieces.add(piece);
            if (piece.message() != null && !partition.knows(piece.message().stream())) {
                asked.computeIfAbsent(piece.message().stream(), unknown -> CallState.of(unknown, bus()));
            }
        }
        Map<StreamId, @Nullable CallState> states = new HashMap<>();
        for (Map.Entry<StreamId, CompletableFuture<@Nullable CallState>> answer : asked.entrySet()) {
            states.put(answer.getKey(), RedisLink.await(answer.getValue()));
        }
        for (Piece piece : pieces) {
            releaseGone();
            handOn(piece, states);
        }
    }

    private @Nullable AudioMessage message(StreamMessage<String, byte[]> entry) {
        byte[] bytes = entry.getBody().get(AudioProducer.FIELD);
        try {
            if (bytes != null) {
                return AudioBytes.read(bytes);
            }
            bus().unreadable(Topic.AUDIO, entry, "it has no field '" + AudioProducer.FIELD + "'");
        } catch (IllegalArgumentException e) {
            bus().unreadable(Topic.AUDIO, entry, String.valueOf(e.getMessage()));
        }
        return null;
    }

    private void handOn(Piece piece, Map<StreamId, @Nullable CallState> states) {
        AudioPartition partition = piece.partition();
        AudioMessage message = piece.message();
        if (!partition.lease().isHeld()) {
            return;
        }
        partition.read(piece.position());
        if (message == null) {
            partition.lease().read(piece.position()).settle();
            return;
        }
        if (!partition.knows(message.stream())) {
            CallState state = states.get(message.stream());
            meet(partition, message.stream(), state, firstSample(message, state));
        }
        partition.tidy();
        if (partition.isOver(message)) {
            partition.lease().read(piece.position()).settle();
            return;
        }
        if (partition.followsAnotherOwnersEnd(message)) {
            // What this process knows of an earlier time is out of date.
            handOn(new CallRelease(message.stream()), NO_RECEIPT);
        }
        AudioMessage handedOn = partition.goesOn(message);
        handOn(handedOn, partition.lease().read(piece.position(), partition.note(message)));
        reader().consumed().increment();
    }

    /** Where the audio begins of the leg that Redis knows. */
    private static long firstSample(AudioMessage message, @Nullable CallState state) {
        return state != null && message.isOfLaterLegThan(state.progress().info().leg())
                ? 0
                : AudioPartition.firstSample(message);
    }

    /** A stream is met for the first time under this lease: somebody else may have had it before. */
    private void meet(AudioPartition partition, StreamId stream, @Nullable CallState state, long oldestKeptSample) {
        if (state == null) {
            return;
        }
        if (state.isOver()) {
            partition.meetOver(state.progress().info(), state.progress().end());
            return;
        }
        bus().starts().put(state.started());
        CallResume resume = state.resume(oldestKeptSample);
        partition.meet(resume.info());
        reader().callsReclaimed().increment();
        LOG.atInfo()
                .addKeyValue("interaction_id", stream.interactionId())
                .addKeyValue("tenant_id", stream.tenantId())
                .log("takes the call over");
        handOn(resume, new OriginOnly(partition.lease()));
    }

    private void handOn(AudioMessage message, AudioReceipt receipt) {
        Exception failure = handOn(message, Map.of(AudioReceipt.PROPERTY, receipt));
        if (failure != null) {
            // Kept back it would hold up its partition for ever; the hole it leaves is told by whoever recognises the
            // rest.
            getExceptionHandler().handleException("audio of " + message.stream() + " could not be handed on", failure);
            receipt.settle();
        }
    }

    /** Takes over streams that are live and silent: they have nothing in the log, and may have nobody left who would end them. */
    private void resumeSilent(AudioPartition partition) throws InterruptedException {
        try {
            String key = bus().keys().live(partition.lease().partition());
            Set<byte[]> names = RedisLink.await(bus().link().send("SMEMBERS", commands -> commands.smembers(key)));
            for (byte[] name : names) {
                StreamId stream = RedisKeys.streamOf(RedisBus.text(name));
                if (partition.knows(stream)) {
                    continue;
                }
                CallState state = RedisLink.await(CallState.of(stream, bus()));
                if (partition.lease().isHeld()) {
                    meet(partition, stream, state, 0);
                }
            }
        } catch (RedisBusException e) {
            partition.askAgainForLive();
            throw e;
        }
    }

    @Override
    void rewind(String log, Position to) {
        AudioPartition partition = partitions.get(log);
        if (partition != null) {
            partition.read(to);
            partition.lease().rewind(to);
        }
    }

    @Override
    void readFailed() {
        for (AudioPartition partition : partitions.values()) {
            if (partition.isSignOfLifeDue()) {
                signsOfLife(partition);
            }
        }
    }

    @Override
    void readWorksAgain() {
        partitions.values().forEach(this::signsOfLife);
    }

    /** Streams that send nothing may be gone; while nothing of them is read they are not to blame. */
    private void signsOfLife(AudioPartition partition) {
        partition.tidy();
        if (partition.lease().isHeld()) {
            partition.signsOfLife().forEach(sign -> handOn(sign, NO_RECEIPT));
        }
    }

    @Override
    public void taken(Lease lease, Position from) {
        partitions.put(lease.log(), new AudioPartition(lease, from));
        wake();
    }

    @Override
    public void gone(Lease lease) {
        lease.giveUp();
        AudioPartition partition = partitions.remove(lease.log());
        if (partition != null) {
            gone.add(partition);
            wake();
        }
    }

    @Override
    void leasesGaveBack() {
        afterReading(this::releaseGone);
    }

    private void releaseGone() {
        for (AudioPartition partition = gone.poll(); partition != null; partition = gone.poll()) {
            partition.tidy();
            partition.recognised().forEach(stream -> handOn(new CallRelease(stream), NO_RECEIPT));
        }
    }

    @Override
    public int weight(Lease lease) {
        AudioPartition partition = partitions.get(lease.log());
        return partition == null ? 0 : partition.weight();
    }

    /** Goes with a message that is not in the log: nothing is to be settled, but a session must know where it comes from. */
    private record OriginOnly(AudioOrigin origin) implements AudioReceipt {
        @Override
        public void settle() {
            // Nothing is kept for it.
        }
    }
}
