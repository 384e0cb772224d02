package io.rtaa.asr.faults;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A call: what its caller says, message by message, and the transcript events that come of it.
 *
 * <p>Thread-safety: one thread takes messages; any may add events and read them.
 */
final class Call {

    static final int WINDOW_MILLIS = 100;

    private final StreamId stream;
    private final SpokenAudio audio;
    private final Queue<AudioMessage> messages = new ArrayDeque<>();
    private final List<TranscriptEvent> events = new CopyOnWriteArrayList<>();

    Call(StreamId stream, SpokenAudio audio) {
        this.stream = stream;
        this.audio = audio;
        int rate = audio.sampleRate();
        messages.add(new CallStart(new CallInfo(stream, null, stream.interactionId(), null, null, rate, 0)));
        long number = 1;
        long sample = 0;
        for (byte[] pcm : audio.frames(WINDOW_MILLIS)) {
            AudioWindow window = new AudioWindow(stream, number++, sample, rate, pcm);
            sample = window.endSample();
            messages.add(window);
        }
        messages.add(new CallEnd(stream, number, sample, EndReason.CALLENDED));
    }

    StreamId stream() {
        return stream;
    }

    SpokenAudio audio() {
        return audio;
    }

    /** The next message, due {@link #WINDOW_MILLIS} after the one before; null after the last. */
    @Nullable
    AudioMessage nextMessage() {
        return messages.poll();
    }

    void add(TranscriptEvent event) {
        events.add(event);
    }

    List<TranscriptEvent> events() {
        return List.copyOf(events);
    }

    boolean isOver() {
        return events.stream().anyMatch(TranscriptEvent.CallEnded.class::isInstance);
    }
}
