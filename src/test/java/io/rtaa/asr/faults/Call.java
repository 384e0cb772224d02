package io.rtaa.asr.faults;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.testsupport.Verdict;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.rtaa.testsupport.deepgram.SpokenAudio.Spoken;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A call: what its caller says, message by message, and the transcript events that come of it.
 *
 * <p>Thread-safety: one thread sets it up; then one at a time takes messages; any may add events and read them.
 */
final class Call {

    static final int WINDOW_MILLIS = 100;

    private final StreamId stream;
    private final SpokenAudio audio;
    private final Queue<AudioMessage> messages = new ArrayDeque<>();
    private final List<TranscriptEvent> events = new CopyOnWriteArrayList<>();
    private int windowsUntilHold = Integer.MAX_VALUE;
    private int windowsOnHold;

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
        messages.add(new CallEnd(stream, number, sample, EndReason.CALLENDED, 0));
    }

    StreamId stream() {
        return stream;
    }

    SpokenAudio audio() {
        return audio;
    }

    /**
     * Has the call send nothing for a while between two sentences; what is said goes on after it.
     *
     * @param which decides between which; any number
     */
    void hold(int which, Duration length) {
        List<Long> pauses = new ArrayList<>();
        List<Spoken> words = audio.words();
        for (int i = 1; i < words.size(); i++) {
            long endMillis = words.get(i - 1).endMillis();
            if (words.get(i).startMillis() - endMillis >= 2 * WINDOW_MILLIS) {
                pauses.add(endMillis + WINDOW_MILLIS);
            }
        }
        windowsUntilHold = Math.toIntExact(pauses.get(Math.floorMod(which, pauses.size())) / WINDOW_MILLIS);
        windowsOnHold = Math.toIntExact(length.toMillis() / WINDOW_MILLIS);
    }

    /** What to send now, {@link #WINDOW_MILLIS} after the last time; null while on hold and after the last message. */
    @Nullable
    AudioMessage nextMessage() {
        if (messages.peek() instanceof AudioWindow) {
            if (windowsUntilHold == 0 && windowsOnHold > 0) {
                windowsOnHold--;
                return null;
            }
            windowsUntilHold--;
        }
        return messages.poll();
    }

    void add(TranscriptEvent event) {
        events.add(event);
    }

    List<TranscriptEvent> events() {
        return List.copyOf(events);
    }

    /** How the call was getting on, as it was told. */
    List<Status> statuses() {
        return events.stream()
                .filter(Status.class::isInstance)
                .map(Status.class::cast)
                .toList();
    }

    Verdict verdict() {
        return Verdict.of(audio, events());
    }

    boolean isOver() {
        return events.stream().anyMatch(TranscriptEvent.CallEnded.class::isInstance);
    }
}
