package io.rtaa.asr;

import io.rtaa.asr.CallTroubles.Kind;
import io.rtaa.asr.CallTroubles.Trouble;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallInfo;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Notices that a stream gets speech and no transcript comes of it, whatever the reason.
 *
 * <p>A window counts as speech if its level is {@value #SPEECH_DBFS} dBFS or more: telephone speech lies some 15 dB above
 * that, a quiet line as much below. There is no more to it: hold music and a noisy room count as speech too. A stream gets
 * speech while {@value #SPEECH_PERCENT} per cent of the time watched is speech. It is unheard once it gets speech, and the
 * first of it came a time ago without anything of a transcript since. It is heard again with the next partial or final, and
 * forgotten when nothing but silence came for as long.
 *
 * <p>Thread-safety: the two states may be read from any thread; a session uses the rest from one task at a time.
 */
final class SpeechWatch {

    static final int SPEECH_DBFS = -45;
    static final int SPEECH_PERCENT = 20;

    /** The least mean square of a window that is speech. */
    private static final double SPEECH_SQUARE = Math.pow(32_768, 2) * Math.pow(10, SPEECH_DBFS / 10.0);

    /** Every so many samples one is looked at: enough for a level, and never in step with a tone of whole kilohertz. */
    private static final int STRIDE_SAMPLES = 7;

    private static final int SLOTS = 15;
    private static final long NEVER = Long.MIN_VALUE;

    private final CallInfo info;
    private final LongSupplier nanos;
    private final Duration watched;
    private final CallTroubles troubles;
    private final long slotNanos;

    /** Speech by slot of the time watched, milliseconds; the current slot's number counts on and on. */
    private final int[] speechMillis = new int[SLOTS];

    private int speechMillisInAll;
    private long slot;
    private long unheardSinceNanos = NEVER;

    private volatile boolean getsSpeech;
    private volatile boolean unheard;

    /**
     * @param nanos the time, in the manner of {@link System#nanoTime}; should not count what the process slept through
     * @param watched how far back is looked, and how long speech may go without a transcript
     * @param troubles logs it
     */
    SpeechWatch(CallInfo info, LongSupplier nanos, Duration watched, CallTroubles troubles) {
        this.info = info;
        this.nanos = nanos;
        this.watched = watched;
        this.troubles = troubles;
        this.slotNanos = watched.toNanos() / SLOTS;
        this.slot = Math.floorDiv(nanos.getAsLong(), slotNanos);
    }

    /** Whether the stream gets speech. */
    boolean getsSpeech() {
        return getsSpeech;
    }

    /** Whether the stream gets speech and no transcript: the alarm. */
    boolean isUnheard() {
        return unheard;
    }

    /** Audio came in. */
    void audio(AudioWindow window) {
        if (!isSpeech(window.pcm())) {
            return;
        }
        advance();
        int millis = (int) (window.samples() * 1000L / window.sampleRate());
        speechMillis[Math.floorMod(slot, SLOTS)] += millis;
        speechMillisInAll += millis;
        if (unheardSinceNanos == NEVER) {
            unheardSinceNanos = nanos.getAsLong();
        }
    }

    /** A partial or a final said something. */
    void transcribed() {
        unheardSinceNanos = NEVER;
        clear();
    }

    /** The stream is over. */
    void ended() {
        getsSpeech = false;
        clear();
    }

    /** Looks at the time. */
    void tick() {
        advance();
        getsSpeech = speechMillisInAll * 100L >= watched.toMillis() * SPEECH_PERCENT;
        if (speechMillisInAll == 0) {
            unheardSinceNanos = NEVER;
            clear();
        } else if (getsSpeech
                && !unheard
                && unheardSinceNanos != NEVER
                && nanos.getAsLong() - unheardSinceNanos >= watched.toNanos()) {
            unheard = true;
            String reason = "none for " + watched.toSeconds() + " s";
            troubles.began(this, new Trouble(Kind.UNHEARD, info.stream(), reason, Map.of()));
        }
    }

    private void clear() {
        if (unheard) {
            unheard = false;
            troubles.over(Kind.UNHEARD, this);
        }
    }

    private void advance() {
        long now = Math.floorDiv(nanos.getAsLong(), slotNanos);
        for (long fresh = Math.max(slot + 1, now - SLOTS + 1); fresh <= now; fresh++) {
            int index = Math.floorMod(fresh, SLOTS);
            speechMillisInAll -= speechMillis[index];
            speechMillis[index] = 0;
        }
        slot = Math.max(slot, now);
    }

    /** Whether 16-bit little-endian samples are as loud as speech. */
    static boolean isSpeech(byte[] pcm) {
        long sum = 0;
        int looked = 0;
        for (int at = 0; at + 1 < pcm.length; at += STRIDE_SAMPLES * AudioFormat.BYTES_PER_SAMPLE) {
            long sample = (short) ((pcm[at] & 0xff) | pcm[at + 1] << 8);
            sum += sample * sample;
            looked++;
        }
        return looked > 0 && sum >= SPEECH_SQUARE * looked;
    }
}
