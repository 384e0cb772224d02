package io.rtaa.audio;

import io.rtaa.call.AudioFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long windows are.
 *
 * @param minMillis a window closes once it holds so many milliseconds
 * @param maxMillis no window holds more, and none waits longer after its first frame came, in milliseconds
 */
public record WindowLengths(int minMillis, int maxMillis) {

    /** The usual telephone frame, in milliseconds: room for one more must be left between the two lengths. */
    public static final int MIN_ROOM_MILLIS = 20;

    /** Above it a transcript could not be called live, in milliseconds. */
    public static final int MAX_MILLIS = 5000;

    public WindowLengths {
        if (!isAllowed(minMillis, maxMillis)) {
            throw new IllegalArgumentException("windows of " + minMillis + " to " + maxMillis
                    + " ms; allowed: WINDOW_MIN_MS at least " + MIN_ROOM_MILLIS + ", WINDOW_MAX_MS at least "
                    + MIN_ROOM_MILLIS + " more and at most " + MAX_MILLIS);
        }
    }

    private static boolean isAllowed(int minMillis, int maxMillis) {
        return minMillis >= MIN_ROOM_MILLIS && maxMillis >= minMillis + MIN_ROOM_MILLIS && maxMillis <= MAX_MILLIS;
    }

    private static final Pattern OF_TENANT = Pattern.compile(".*\\S.*:\\s*(\\d{1,9})\\s*-\\s*(\\d{1,9})\\s*");

    /**
     * Reads the lengths of a tenant's windows.
     *
     * @param line such as {@code acme: 300-500}
     * @throws IllegalArgumentException that names the line and what is allowed
     */
    static WindowLengths ofTenant(String line) {
        Matcher lengths = OF_TENANT.matcher(line);
        int min = lengths.matches() ? Integer.parseInt(lengths.group(1)) : 0;
        int max = lengths.matches() ? Integer.parseInt(lengths.group(2)) : 0;
        if (!isAllowed(min, max)) {
            throw new IllegalArgumentException("windows of a tenant are '" + line.strip()
                    + "'; allowed: the tenant and two lengths in milliseconds, such as 'acme: 300-500', the first at"
                    + " least " + MIN_ROOM_MILLIS + ", the second at least " + MIN_ROOM_MILLIS + " more and at most "
                    + MAX_MILLIS);
        }
        return new WindowLengths(min, max);
    }

    /** The audio after which a window closes, in bytes. */
    int closingBytes(int sampleRate) {
        return bytes(minMillis, sampleRate);
    }

    /**
     * The longest frame that may enter a window, in bytes: it fits behind the most that an open window holds. It is a whole
     * number of samples.
     */
    int longestFrameBytes(int sampleRate) {
        return bytes(maxMillis - minMillis, sampleRate);
    }

    private static int bytes(int millis, int sampleRate) {
        return Math.toIntExact(AudioFormat.samples(millis, sampleRate) * AudioFormat.BYTES_PER_SAMPLE);
    }
}
