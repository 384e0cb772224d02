package io.rtaa.edge.websocket;

import io.rtaa.call.SocketPace;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How fast one socket may be read. What comes costs time, of which there is a stock of {@link
 * WebsocketEndpointOptions#setBurst burst} for each limit; it refills as time passes. While a stock is used up the socket
 * is to rest: {@link #restNanos}.
 *
 * <p>A frame within the limits costs two subtractions and one comparison, and no look at the clock: a stock is refilled
 * when it is used up.
 *
 * <p>Thread-safety: none; it belongs to the socket's event loop, or to the thread that runs its route at the moment.
 */
final class ReadingPace implements SocketPace {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** The limits of reading, as metrics name them. */
    enum Limit {
        FRAMES,
        BYTES,
        AUDIO,
        WITHOUT_AUDIO
    }

    private final LongSupplier clock;
    private final Runnable onTooFarAhead;
    private final long burstNanos;
    private final long nanosPerFrame;
    private final long nanosPerByte;
    private final long nanosPerMessageWithoutAudio;
    private final int audioSpeed;
    private final Duration maxAudioLead;

    private long frames;
    private long bytes;
    private long audio;
    private long withoutAudio;
    private long refilledNanos;
    private boolean hasAudio;

    /** How much more audio the stream may send at once before it is too far ahead, nanoseconds. */
    private long roomForLead = Long.MAX_VALUE;

    private long leadMeasuredNanos;

    /**
     * @param clock tells nanoseconds as {@link System#nanoTime()}
     * @param onTooFarAhead runs when a stream is refused for its lead
     */
    ReadingPace(WebsocketEndpointOptions options, LongSupplier clock, Runnable onTooFarAhead) {
        this.clock = clock;
        this.onTooFarAhead = onTooFarAhead;
        this.burstNanos = options.getBurst().toNanos();
        this.nanosPerFrame = nanosEach(options.getMaxFrameRate());
        this.nanosPerByte = nanosEach(options.getMaxByteRate());
        this.nanosPerMessageWithoutAudio = nanosEach(options.getMaxRateWithoutAudio());
        this.audioSpeed = options.getMaxAudioSpeed();
        this.maxAudioLead = options.getMaxAudioLead();
        this.frames = burstNanos;
        this.bytes = burstNanos;
        this.withoutAudio = burstNanos;
        this.audio = audioBurstNanos();
        this.refilledNanos = clock.getAsLong();
    }

    private static long nanosEach(int perSecond) {
        return perSecond == 0 ? 0 : NANOS_PER_SECOND / perSecond;
    }

    /** The burst is an amount of audio, which takes less than its own time to read. */
    private long audioBurstNanos() {
        return audioSpeed == 0 ? burstNanos : burstNanos / audioSpeed;
    }

    /** A frame of any kind came. */
    void frame(int length) {
        frames -= nanosPerFrame;
        bytes -= length * nanosPerByte;
    }

    /** The route is done with a message. */
    void messageDone() {
        if (hasAudio) {
            hasAudio = false;
        } else {
            withoutAudio -= nanosPerMessageWithoutAudio;
        }
    }

    @Override
    public void streamStarted() {
        if (!maxAudioLead.isZero()) {
            roomForLead = maxAudioLead.toNanos();
            leadMeasuredNanos = clock.getAsLong();
        }
    }

    @Override
    public @Nullable String audio(long nanos) {
        hasAudio = true;
        if (audioSpeed > 0) {
            audio -= nanos / audioSpeed;
        }
        roomForLead -= nanos;
        return roomForLead < 0 ? judgeLead() : null;
    }

    private @Nullable String judgeLead() {
        long now = clock.getAsLong();
        roomForLead += now - leadMeasuredNanos;
        leadMeasuredNanos = now;
        if (roomForLead >= 0) {
            return null;
        }
        onTooFarAhead.run();
        return "audio is more than " + maxAudioLead.toSeconds() + " s ahead of the time since its start; allowed: audio"
                + " as it is spoken (maxAudioLead)";
    }

    /** Whether more came than the stocks held; a look at the clock may show that they hold more by now. */
    boolean isUsedUp() {
        return (frames | bytes | audio | withoutAudio) < 0;
    }

    /** How long the socket is not to be read, nanoseconds; 0 for not at all. */
    long restNanos() {
        long now = clock.getAsLong();
        long passed = now - refilledNanos;
        refilledNanos = now;
        frames = Math.min(burstNanos, frames + passed);
        bytes = Math.min(burstNanos, bytes + passed);
        withoutAudio = Math.min(burstNanos, withoutAudio + passed);
        audio = Math.min(audioBurstNanos(), audio + passed);
        return Math.max(0, -least());
    }

    /** The limit of which most is used up. */
    Limit tightest() {
        long least = least();
        if (least == audio) {
            return Limit.AUDIO;
        }
        if (least == withoutAudio) {
            return Limit.WITHOUT_AUDIO;
        }
        return least == frames ? Limit.FRAMES : Limit.BYTES;
    }

    private long least() {
        return Math.min(Math.min(frames, bytes), Math.min(audio, withoutAudio));
    }
}
