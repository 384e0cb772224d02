package io.rtaa.redis;

import io.lettuce.core.ScriptOutputType;
import io.rtaa.call.CallResume;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptProgress;
import io.rtaa.wire.TranscriptReader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How far a call came, as Redis remembers it.
 *
 * @param started its start
 * @param progress what its remembered events tell
 * @param lastSeq the {@code seq} of its last event, remembered or not
 * @param isOver whether its end was published
 */
record CallState(CallStarted started, TranscriptProgress progress, long lastSeq, boolean isOver) {

    private static final RedisScript CALL = RedisScript.named("call");

    /** What call.lua answers before the call's events. */
    private static final int STATE_FIELDS = 3;

    /** Asks for a call; gives null where nothing of it was published, or it is forgotten. */
    static CompletableFuture<@Nullable CallState> of(StreamId stream, RedisBus bus) {
        RedisKeys keys = bus.keys();
        return CALL.<List<byte[]>>run(bus.link(), ScriptOutputType.MULTI, new String[] {
                    keys.call(stream),
                    keys.recent(stream),
                    keys.log(RedisStreamsEndpoint.TRANSCRIPTS, keys.partitionOf(stream))
                })
                .thenApply(CallState::read);
    }

    private static @Nullable CallState read(List<byte[]> answer) {
        if (answer.isEmpty() || !(event(answer.get(0)) instanceof CallStarted started)) {
            return null;
        }
        TranscriptProgress progress = TranscriptProgress.of(started);
        for (byte[] json : answer.subList(STATE_FIELDS, answer.size())) {
            TranscriptEvent event = event(json);
            if (event != null) {
                progress.add(event);
            }
        }
        long lastSeq = Long.parseLong(RedisBus.text(answer.get(1)));
        return new CallState(
                started, progress, lastSeq, RedisBus.text(answer.get(2)).equals("1"));
    }

    /** Null for one that cannot be read: that must not keep its call from going on. */
    private static @Nullable TranscriptEvent event(byte[] json) {
        try {
            return TranscriptReader.read(json);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** What the call's next owner is told; see {@link TranscriptProgress#resume}. */
    CallResume resume(long oldestKeptSample) {
        return progress.resume(oldestKeptSample).withSeqAtLeast(lastSeq);
    }
}
