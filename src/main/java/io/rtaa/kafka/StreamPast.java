package io.rtaa.kafka;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptProgress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What was published of a stream before its partition came to this process.
 *
 * <p>Thread-safety: none; handed from the thread that reads it to the one that uses it.
 */
final class StreamPast {

    /** Of a stream whose start is too long ago to be read: more events than it takes to know how far it came. */
    private static final int KEPT_WITHOUT_START = 64;

    /** In a stream whose rate nobody tells any more, nothing is left to be recognised. */
    private static final int ANY_SAMPLE_RATE = 8000;

    private @Nullable TranscriptProgress progress;
    private final Deque<TranscriptEvent> withoutStart = new ArrayDeque<>();
    private @Nullable CallEnded end;

    /** Takes the stream's next event; a start after the end begins anew, for an id may be used again. */
    void add(TranscriptEvent event) {
        if (event instanceof CallEnded ended) {
            end = ended;
        }
        if (event instanceof CallStarted started && (progress == null || end != null)) {
            progress = TranscriptProgress.of(started);
            end = null;
        } else if (progress != null) {
            progress.add(event);
        } else {
            if (withoutStart.size() == KEPT_WITHOUT_START) {
                withoutStart.removeFirst();
            }
            withoutStart.addLast(event);
        }
    }

    /** How the stream ended, so that nothing of it is left to publish; null while it has not. */
    @Nullable
    CallEnded end() {
        return end;
    }

    /**
     * What goes before the first message of the stream that is still to be had.
     *
     * @param nowMillis stands for the stream's start where that is not known, epoch milliseconds
     */
    CallResume resume(AudioMessage first, long nowMillis) {
        boolean isOfLaterLeg =
                progress != null && first.isOfLaterLegThan(progress.info().leg());
        return resume(info(first, nowMillis), isOfLaterLeg ? 0 : firstSample(first));
    }

    /**
     * What a session begins with where no message of the stream is to be had, so that it is there to end the stream.
     *
     * @param nowMillis as above
     */
    CallResume resume(StreamId stream, long nowMillis) {
        return resume(unknown(stream, ANY_SAMPLE_RATE, nowMillis, 0), 0);
    }

    private CallResume resume(CallInfo ifUnknown, long oldestKeptSample) {
        TranscriptProgress known = progress;
        if (known == null) {
            known = new TranscriptProgress(ifUnknown);
            withoutStart.forEach(known::add);
        }
        return known.resume(oldestKeptSample);
    }

    private static CallInfo info(AudioMessage first, long nowMillis) {
        if (first instanceof CallStart start) {
            return start.info();
        }
        int sampleRate = ANY_SAMPLE_RATE;
        if (first instanceof AudioWindow window) {
            sampleRate = window.sampleRate();
        } else if (first instanceof CallNote note) {
            sampleRate = note.sampleRate();
        }
        return unknown(first.stream(), sampleRate, nowMillis, first.leg());
    }

    private static CallInfo unknown(StreamId stream, int sampleRate, long nowMillis, long leg) {
        return new CallInfo(stream, null, null, null, null, sampleRate, nowMillis, leg, null, null, null);
    }

    private static long firstSample(AudioMessage message) {
        if (message instanceof AudioWindow window) {
            return window.firstSample();
        }
        if (message instanceof CallNote note) {
            return note.sample();
        }
        return message instanceof CallEnd end ? end.totalSamples() : 0;
    }
}
