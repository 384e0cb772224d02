package io.rtaa.steps;

import io.rtaa.call.StreamId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The name of a file about a call, below some directory: {@code TENANT/INTERACTION-START} and a suffix, where {@code
 * START} is the start of the call's socket in epoch milliseconds. Characters of ids that a name of a file should not
 * have are written as {@code %} and two hexadecimal digits.
 *
 * @param folder the tenant's
 * @param call the call's, as a part of file names
 */
record CallFileName(String folder, String call) {

    /** File systems take 255 bytes; this leaves room for the rest of the name. */
    private static final int MAX_CHARS = 200;

    static CallFileName of(StreamId stream) {
        return new CallFileName(name(stream.tenantId()), name(stream.interactionId()));
    }

    /** The file of one socket. */
    String file(long startMillis, String suffix) {
        return call + "-" + startMillis + suffix;
    }

    /** A name that no id can lead out of the directory with; a long one is cut, with a number in place of the rest. */
    private static String name(String id) {
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("+", "%20");
        // "." and ".." are folders of their own.
        String safe = encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
        return safe.length() <= MAX_CHARS
                ? safe
                : safe.substring(0, MAX_CHARS) + "~" + Integer.toHexString(id.hashCode());
    }
}
