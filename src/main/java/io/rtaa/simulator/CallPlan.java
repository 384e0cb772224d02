package io.rtaa.simulator;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.UrlAuthority;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What calls to place.
 *
 * @param url the ws or wss address; credentials in it ({@code wss://KEY:TOKEN@host/path}) are sent as Basic, as Exotel does
 * @param recording what every call plays
 * @param length how long each call plays: the recording is repeated or cut; null plays it once
 * @param padded whether silence fills {@code length} instead of repetition
 * @param frameMillis the audio in a message: 10 to 1000
 * @param calls how many calls at once
 * @param ramp over what time their starts are spread
 * @param connectTimeout how long connecting and the handshake may take, each
 * @param basic {@code KEY:TOKEN}, sent as Basic; null for none
 * @param token a JWT, sent as {@code ?token=}; null for none
 */
public record CallPlan(
        URI url,
        Recording recording,
        @Nullable Duration length,
        boolean padded,
        int frameMillis,
        int calls,
        Duration ramp,
        Duration connectTimeout,
        @Nullable String basic,
        @Nullable String token) {
    /** The frame Exotel's production traffic shows. */
    public static final int DEFAULT_FRAME_MILLIS = 20;

    /** What Exotel allows a handshake. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** The most calls one process places: the ports of one address. */
    public static final int MAX_CALLS = 20_000;

    /** The longest call: Exotel's own limit on a session. */
    public static final Duration MAX_LENGTH = Duration.ofMinutes(60);

    public CallPlan {
        if (!List.of("ws", "wss").contains(url.getScheme()) || UrlAuthority.of(url) == null) {
            throw new IllegalArgumentException(
                    "the url is no websocket address; allowed: ws://host[:port]/path, wss://…");
        }
        requireWithin("frame-ms", frameMillis, 10, 1000);
        requireWithin("calls", calls, 1, MAX_CALLS);
        if (length != null) {
            requireWithin("the length in ms", length.toMillis(), 1, MAX_LENGTH.toMillis());
        }
        requireWithin("the ramp in ms", ramp.toMillis(), 0, MAX_LENGTH.toMillis());
        requireWithin("the connect timeout in ms", connectTimeout.toMillis(), 1, MAX_LENGTH.toMillis());
    }

    /** One call that plays a recording once, in frames of {@link #DEFAULT_FRAME_MILLIS}, without credentials. */
    public static CallPlan of(URI url, Recording recording) {
        return new CallPlan(
                url,
                recording,
                null,
                false,
                DEFAULT_FRAME_MILLIS,
                1,
                Duration.ZERO,
                DEFAULT_CONNECT_TIMEOUT,
                null,
                null);
    }

    /** Whom to call. */
    UrlAuthority authority() {
        return Objects.requireNonNull(UrlAuthority.of(url), "checked when this was made");
    }

    /** The bytes of audio a call plays. */
    long totalBytes() {
        return length == null
                ? recording.pcm().length
                : AudioFormat.samples(length.toMillis(), recording.sampleRate()) * AudioFormat.BYTES_PER_SAMPLE;
    }

    int frameBytes() {
        return (int) AudioFormat.samples(frameMillis, recording.sampleRate()) * AudioFormat.BYTES_PER_SAMPLE;
    }

    /** The audio of frame {@code index}, from 0; the last may be shorter. */
    byte[] frame(long index) {
        byte[] pcm = recording.pcm();
        long from = index * frameBytes();
        byte[] frame = new byte[(int) Math.min(frameBytes(), totalBytes() - from)];
        int filled = 0;
        while (filled < frame.length && !(padded && from + filled >= pcm.length)) {
            int source = (int) ((from + filled) % pcm.length);
            int count = Math.min(frame.length - filled, pcm.length - source);
            System.arraycopy(pcm, source, frame, filled, count);
            filled += count;
        }
        return frame;
    }

    private static void requireWithin(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: " + min + " to " + max);
        }
    }

    /** Leaves out the credentials, and with them the whole url. */
    @Override
    public String toString() {
        return "CallPlan[" + calls + " calls to " + authority() + ", " + recording + ", frames of " + frameMillis
                + " ms]";
    }
}
