package io.rtaa.telephony.exotel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Audio that comes before the {@code start} that says how it is coded and whose it is. It is kept for {@link #KEPT} and
 * up to {@link #MAX_BYTES}, whatever is reached first.
 *
 * <p>Thread-safety: none.
 */
final class EarlyAudio {

    /** How long audio waits for its start, from the first message on. */
    static final Duration KEPT = Duration.ofSeconds(2);

    /** The most audio that waits, in bytes: so long at the highest rate there is. */
    static final int MAX_BYTES = 192_000;

    private final PayloadBytes audio;
    private final long sinceMillis;
    private @Nullable String streamSid;
    private @Nullable String track;

    /**
     * @param nowMillis when the first message came
     * @param expectedBytes room that is made at once
     */
    EarlyAudio(long nowMillis, int expectedBytes) {
        sinceMillis = nowMillis;
        audio = new PayloadBytes(expectedBytes);
    }

    /** Whether a message belongs to this audio; what it names is noted where nothing was named before. */
    boolean takesStream(@Nullable String sid) {
        streamSid = streamSid == null ? sid : streamSid;
        return sid == null || sid.equals(streamSid);
    }

    /** As {@link #takesStream}, for the track. */
    boolean takesTrack(@Nullable String name) {
        track = track == null ? name : track;
        return name == null || name.equals(track);
    }

    void add(byte[] payload) {
        audio.write(payload, 0, payload.length);
    }

    /** Whether no start is waited for any longer. */
    boolean isOver(long nowMillis) {
        return nowMillis - sinceMillis >= KEPT.toMillis() || audio.length() >= MAX_BYTES;
    }

    @Nullable
    String streamSid() {
        return streamSid;
    }

    @Nullable
    String track() {
        return track;
    }

    byte[] audio() {
        return audio.exact();
    }
}
