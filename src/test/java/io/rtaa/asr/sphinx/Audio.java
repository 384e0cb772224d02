package io.rtaa.asr.sphinx;

import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;

/** Audio for tests: 16-bit little-endian PCM at 16 kHz. */
final class Audio {

    private static final int WAV_HEADER_BYTES = 44;

    private Audio() {}

    static CallInfo call(String id, int sampleRate) {
        return new CallInfo(new StreamId("tenant", id), null, null, null, null, sampleRate, 0);
    }

    /** The samples of a WAV file on the class path that has the plain header of 44 bytes. */
    static byte[] wav(String resource) {
        byte[] file = bytes(resource);
        return Arrays.copyOfRange(file, WAV_HEADER_BYTES, file.length);
    }

    static byte[] bytes(String resource) {
        try (InputStream in = Objects.requireNonNull(Audio.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] silence(double seconds) {
        return new byte[2 * (int) (seconds * 16_000)];
    }

    static byte[] noise(double seconds, double level, long seed) {
        Random random = new Random(seed);
        byte[] audio = silence(seconds);
        ByteBuffer pcm = littleEndian(audio);
        while (pcm.hasRemaining()) {
            pcm.putShort((short) Math.max(-32_768, Math.min(32_767, level * random.nextGaussian())));
        }
        return audio;
    }

    /** A sound that swells and fades four times a second, as syllables do. */
    static byte[] buzz(double seconds) {
        Random random = new Random(3);
        byte[] audio = silence(seconds);
        ByteBuffer pcm = littleEndian(audio);
        for (int i = 0; pcm.hasRemaining(); i++) {
            double swell = 0.55 + 0.45 * Math.cos(2 * Math.PI * 4 * i / 16_000);
            pcm.putShort((short) (6000 * swell * Math.max(-3, Math.min(3, random.nextGaussian()))));
        }
        return audio;
    }

    /** As loud as it gets, at 200 Hz. */
    static byte[] square(double seconds) {
        byte[] audio = silence(seconds);
        ByteBuffer pcm = littleEndian(audio);
        for (int i = 0; pcm.hasRemaining(); i++) {
            pcm.putShort(i / 40 % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE);
        }
        return audio;
    }

    /** Every second sample, each the mean of two: good enough a telephone. */
    static byte[] at8kHz(byte[] at16kHz) {
        byte[] audio = new byte[at16kHz.length / 2];
        ByteBuffer from = littleEndian(at16kHz);
        ByteBuffer to = littleEndian(audio);
        while (to.hasRemaining()) {
            to.putShort((short) ((from.getShort() + from.getShort()) / 2));
        }
        return audio;
    }

    static byte[] joined(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static ByteBuffer littleEndian(byte[] pcm) {
        return ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN);
    }
}
