package io.rtaa.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.CallIsLiveException;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.wire.AudioBytes;
import io.rtaa.wire.TranscriptJson;
import io.rtaa.wire.TranscriptReader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Erases calls: first a script drops what is remembered of the call and publishes the erasure, then the call's entries
 * before it are looked for, a part of a log at a time, and deleted. What was begun and fails is done again by the next
 * try.
 *
 * <p>Thread-safety: safe.
 */
final class RedisErasure {

    private static final RedisScript ERASE = RedisScript.named("erase");

    /** Entries that are looked at together: a few hundred kilobytes of either log. */
    private static final int EVENTS_AT_ONCE = 1000;

    private static final int AUDIO_AT_ONCE = 100;

    private static final Boundary<String> BEGINNING = Boundary.including("-");
    private static final Boundary<String> END = Boundary.including("+");

    /** Which entries of a log are the call's. */
    private interface Entries extends Predicate<StreamMessage<String, byte[]>> {}

    private final RedisBus bus;

    RedisErasure(RedisBus bus) {
        this.bus = bus;
    }

    /**
     * Erases a call.
     *
     * @return fails with {@link CallIsLiveException} for a call that is live, else with {@link RedisBusException}
     */
    CompletableFuture<Void> erase(CallErased erasure) {
        StreamId stream = erasure.stream();
        RedisKeys keys = bus.keys();
        int partition = keys.partitionOf(stream);
        String transcripts = keys.log(RedisStreamsEndpoint.TRANSCRIPTS, partition);
        Entries events = entry -> isEventOf(stream, entry);
        return CallState.of(stream, bus).thenCompose(state -> {
            long leg = state == null
                    ? erasure.endedMillis()
                    : state.started().info().leg();
            Entries audio = entry -> isAudioOf(stream, leg, entry);
            return publish(erasure, transcripts, partition, state).thenCompose(id -> {
                Boundary<String> before = Boundary.excluding(id);
                return delete(transcripts, BEGINNING, before, EVENTS_AT_ONCE, events)
                        .thenCompose(done -> delete(keys.partials(partition), BEGINNING, END, EVENTS_AT_ONCE, events))
                        .thenCompose(done -> delete(
                                keys.log(RedisStreamsEndpoint.AUDIO, partition),
                                BEGINNING,
                                before,
                                AUDIO_AT_ONCE,
                                audio));
            });
        });
    }

    private CompletableFuture<String> publish(
            CallErased erasure, String transcripts, int partition, @Nullable CallState state) {
        StreamId stream = erasure.stream();
        bus.starts().forget(stream);
        return ERASE.<byte[]>run(
                        bus.link(),
                        ScriptOutputType.VALUE,
                        new String[] {
                            bus.keys().call(stream),
                            bus.keys().recent(stream),
                            transcripts,
                            bus.keys().live(partition)
                        },
                        RedisBus.bytes(TranscriptJson.write(erasure)),
                        RedisBus.bytes(RedisKeys.nameOf(stream)),
                        RedisBus.bytes(state == null ? "" : withoutNumbers(state.started())),
                        RedisBus.bytes(Long.toString(bus.options().keep().toMillis())),
                        RedisBus.bytes(Long.toString(RedisBus.OVER_REMEMBERED.toMillis())))
                .thenApply(id -> {
                    if (id == null) {
                        throw new CallIsLiveException(stream);
                    }
                    return RedisBus.text(id);
                });
    }

    private static String withoutNumbers(CallStarted started) {
        return TranscriptJson.write(
                new CallStarted(started.info().withoutNumbers(), started.seq(), started.timestampMillis()));
    }

    /** Deletes entries of a part of a log, and then of the next. */
    private CompletableFuture<Void> delete(
            String log, Boundary<String> from, Boundary<String> to, int atOnce, Entries which) {
        return bus.link()
                .<List<StreamMessage<String, byte[]>>>send(
                        "XRANGE", commands -> commands.xrange(log, Range.from(from, to), Limit.from(atOnce)))
                // Reading them must not hold up the connection's thread.
                .thenComposeAsync(entries -> {
                    String[] found = entries.stream()
                            .filter(which)
                            .map(StreamMessage::getId)
                            .toArray(String[]::new);
                    CompletableFuture<?> deleted = found.length == 0
                            ? CompletableFuture.completedFuture(null)
                            : bus.link().send("XDEL", commands -> commands.xdel(log, found));
                    if (entries.size() < atOnce) {
                        return deleted.thenAccept(done -> {});
                    }
                    String read = entries.get(entries.size() - 1).getId();
                    return deleted.thenCompose(done -> delete(log, Boundary.excluding(read), to, atOnce, which));
                });
    }

    private static boolean isEventOf(StreamId stream, StreamMessage<String, byte[]> entry) {
        byte[] event = entry.getBody().get(Transcripts.FIELD);
        return event != null && stream.equals(TranscriptReader.streamOf(event));
    }

    /** Whether an entry is audio of the call; that of a leg which has started since is not. */
    private static boolean isAudioOf(StreamId stream, long leg, StreamMessage<String, byte[]> entry) {
        byte[] bytes = entry.getBody().get(AudioProducer.FIELD);
        if (bytes == null) {
            return false;
        }
        try {
            AudioMessage message = AudioBytes.read(bytes);
            return message.stream().equals(stream) && !message.isOfLaterLegThan(leg);
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }
}
