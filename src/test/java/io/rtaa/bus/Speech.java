package io.rtaa.bus;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A call whose windows and words can be told apart: window n is heard as the word {@code w<n>}. */
public final class Speech {

    /** Milliseconds of audio in a window. */
    public static final int WINDOW_MILLIS = 100;

    private static final int RATE = 8000;
    private static final int WINDOW_SAMPLES = (int) AudioFormat.samples(WINDOW_MILLIS, RATE);

    private final CallInfo info;

    public Speech(String tenant, String interaction) {
        info = new CallInfo(
                        new StreamId(tenant, interaction),
                        "CA-" + interaction,
                        null,
                        "100",
                        null,
                        RATE,
                        1_763_800_000_000L)
                .withRequestId("r-" + interaction)
                .withTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }

    private Speech(CallInfo info) {
        this.info = info;
    }

    /** A call of the same id that starts so much later. */
    public Speech again(Duration later) {
        return new Speech(new CallInfo(
                info.stream(),
                info.callSid(),
                info.streamSid(),
                info.from(),
                info.to(),
                info.sampleRate(),
                info.startedAtMillis() + later.toMillis()));
    }

    /** The same, as it goes on after so much audio over another socket. */
    public Speech after(long audioMillis) {
        return new Speech(info.following(new CallInfo.Before(audioMillis, 0)));
    }

    public StreamId stream() {
        return info.stream();
    }

    public CallStart start() {
        return new CallStart(info);
    }

    /** @param n from 1, as windows are numbered */
    public AudioWindow window(int n) {
        byte[] pcm = new byte[WINDOW_SAMPLES * AudioFormat.BYTES_PER_SAMPLE];
        new Random(stream().hashCode() * 31L + n).nextBytes(pcm);
        return new AudioWindow(stream(), n, (n - 1L) * WINDOW_SAMPLES, RATE, pcm, info.leg());
    }

    /** The end after so many windows. */
    public CallEnd end(int windows) {
        return end(windows, EndReason.CALLENDED);
    }

    public CallEnd end(int windows, EndReason reason) {
        return new CallEnd(stream(), windows + 1L, (long) windows * WINDOW_SAMPLES, reason, info.leg());
    }

    /** Start, so many windows, end. */
    public List<AudioMessage> whole(int windows) {
        List<AudioMessage> all = new ArrayList<>(List.of(start()));
        for (int n = 1; n <= windows; n++) {
            all.add(window(n));
        }
        all.add(end(windows));
        return all;
    }

    public CallStarted started(long seq) {
        return new CallStarted(info, seq, info.startedAtMillis());
    }

    public Partial partial(long seq, int n) {
        return Shorthand.partial(stream(), seq, info.startedAtMillis(), "w" + n, null, begin(n), begin(n + 1), 0);
    }

    /** What was said in the windows from one to another, both included. */
    public Final words(long seq, int from, int to) {
        List<Word> words = new ArrayList<>();
        for (int n = from; n <= to; n++) {
            words.add(new Word("w" + n, "w" + n, begin(n), begin(n + 1), 1.0, null));
        }
        return Shorthand.finalOf(
                stream(),
                seq,
                info.startedAtMillis(),
                String.join(" ", words.stream().map(Word::text).toList()),
                1.0,
                begin(from),
                begin(to + 1),
                0,
                null,
                true,
                words);
    }

    public CallEnded ended(long seq, int windows) {
        return ended(seq, windows, EndReason.CALLENDED);
    }

    public CallEnded ended(long seq, int windows, EndReason reason) {
        return Shorthand.ended(stream(), seq, info.startedAtMillis(), reason, begin(windows + 1), info.leg());
    }

    private static long begin(int window) {
        return (window - 1L) * WINDOW_MILLIS;
    }
}
