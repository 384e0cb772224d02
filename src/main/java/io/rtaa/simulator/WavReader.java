package io.rtaa.simulator;

import io.rtaa.call.ALaw;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.MuLaw;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads WAV files: PCM of 16 or 8 bits, mu-law or A-law, one channel or two (mixed to one), at the rates of {@link
 * AudioFormat}. Chunks may stand in any order, and those of odd size may lack the byte that fills them up. A data chunk
 * whose size is 0, unknown, or beyond the file's end, as programs write that stream, lasts to the end of the file.
 *
 * <p>The form is that of Microsoft's <i>Multimedia Programming Interface and Data Specifications 1.0</i> and of {@code
 * WAVEFORMATEXTENSIBLE}.
 */
public final class WavReader {
    /** The largest file taken, in bytes: more than an hour at the highest rate. */
    public static final int MAX_BYTES = 256 * 1024 * 1024;

    private static final int PCM = 1;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int RIFF_HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int FORMAT_BYTES = 16;

    /** Where an extensible format holds its real one: the first two bytes of its GUID. */
    private static final int SUB_FORMAT_OFFSET = 24;

    /** The rest of the GUID of every format that has a number. */
    private static final byte[] NUMBERED = HexFormat.of().parseHex("000000001000800000aa00389b71");

    /** What programs put between "fmt " and "data", and those two. */
    private static final Set<String> KNOWN_CHUNKS = Set.of(
            "fmt ", "data", "LIST", "fact", "bext", "cue ", "smpl", "inst", "PEAK", "junk", "JUNK", "PAD ", "id3 ",
            "ID3 ", "iXML");

    private static final Pattern CHUNK_ID = Pattern.compile("[A-Za-z][ -~]{3}");

    private record Format(int encoding, int channels, int sampleRate, int bits) {}

    private WavReader() {}

    /**
     * @throws WavException if the file is no WAV or holds what cannot be played
     * @throws IOException if the file cannot be read
     */
    public static Recording read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_BYTES) {
            throw new WavException(file + " has " + size + " bytes; allowed: " + MAX_BYTES);
        }
        try {
            return parse(Files.readAllBytes(file));
        } catch (WavException e) {
            throw new WavException(file + ": " + e.getMessage());
        }
    }

    /** @throws WavException if the bytes are no WAV or hold what cannot be played */
    public static Recording parse(byte[] bytes) throws WavException {
        ByteBuffer wav = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < RIFF_HEADER_BYTES || !"RIFF".equals(id(wav, 0)) || !"WAVE".equals(id(wav, 8))) {
            throw new WavException("not a WAV file: it does not begin with RIFF and WAVE");
        }
        Format format = null;
        ByteBuffer data = null;
        long at = RIFF_HEADER_BYTES;
        while (at + CHUNK_HEADER_BYTES <= bytes.length && (format == null || data == null || data.capacity() == 0)) {
            int start = (int) at + CHUNK_HEADER_BYTES;
            String id = id(wav, (int) at);
            long size = Integer.toUnsignedLong(wav.getInt((int) at + 4));
            if (id.equals("fmt ")) {
                format = format(wav, start, size);
            } else if (id.equals("data")) {
                size = dataSize(wav, start, size);
                data = wav.slice(start, (int) size).order(ByteOrder.LITTLE_ENDIAN);
            }
            at = start + size + (size & 1) - (isFillerForgotten(wav, start + size, size) ? 1 : 0);
        }
        if (format == null || data == null) {
            throw new WavException("the file ends at byte " + bytes.length + " without a "
                    + (format == null ? "\"fmt \"" : "\"data\"") + " chunk");
        }
        return decode(format, data);
    }

    /** A chunk of odd size is followed by a byte that fills it up. Some writers leave it out: the next chunk tells. */
    private static boolean isFillerForgotten(ByteBuffer wav, long end, long size) {
        if ((size & 1) == 0 || end + CHUNK_HEADER_BYTES > wav.capacity()) {
            return false;
        }
        String unfilled = id(wav, (int) end);
        String filled = end + 1 + CHUNK_HEADER_BYTES > wav.capacity() ? "" : id(wav, (int) end + 1);
        return KNOWN_CHUNKS.contains(unfilled)
                || (isChunkId(unfilled) && !KNOWN_CHUNKS.contains(filled) && !isChunkId(filled));
    }

    private static long dataSize(ByteBuffer wav, int start, long size) {
        int left = wav.capacity() - start;
        boolean isFollowedByAudio = left < CHUNK_HEADER_BYTES || !isChunkId(id(wav, start));
        return size > left || (size == 0 && isFollowedByAudio) ? left : size;
    }

    private static boolean isChunkId(String id) {
        return CHUNK_ID.matcher(id).matches();
    }

    private static String id(ByteBuffer wav, int at) {
        byte[] id = new byte[4];
        wav.get(at, id);
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    private static Format format(ByteBuffer wav, int start, long size) throws WavException {
        if (size < FORMAT_BYTES || start + size > wav.capacity()) {
            throw new WavException("the \"fmt \" chunk at byte " + (start - CHUNK_HEADER_BYTES) + " says " + size
                    + " bytes; allowed: " + FORMAT_BYTES + " to what the file has left");
        }
        int encoding = Short.toUnsignedInt(wav.getShort(start));
        if (encoding == EXTENSIBLE && size >= SUB_FORMAT_OFFSET + 2 + NUMBERED.length) {
            byte[] rest = new byte[NUMBERED.length];
            wav.get(start + SUB_FORMAT_OFFSET + 2, rest);
            if (!Arrays.equals(rest, NUMBERED)) {
                throw new WavException("an extensible format of a kind of its own; allowed: PCM, A-law, mu-law");
            }
            encoding = Short.toUnsignedInt(wav.getShort(start + SUB_FORMAT_OFFSET));
        }
        int channels = Short.toUnsignedInt(wav.getShort(start + 2));
        int rate = wav.getInt(start + 4);
        int bits = Short.toUnsignedInt(wav.getShort(start + 14));
        boolean known =
                encoding == PCM ? bits == 16 || bits == 8 : (encoding == A_LAW || encoding == MU_LAW) && bits == 8;
        if (!known) {
            throw new WavException("encoding " + encoding + " with " + bits
                    + " bits a sample; allowed: 1 (PCM) with 16 or 8 bits, 6 (A-law) and 7 (mu-law) with 8 bits");
        }
        if (channels != 1 && channels != 2) {
            throw new WavException(channels + " channels; allowed: 1, or 2 that are mixed to 1");
        }
        if (!AudioFormat.isSampleRate(rate)) {
            throw new WavException(
                    "sample rate " + Integer.toUnsignedString(rate) + "; allowed: " + AudioFormat.SAMPLE_RATES);
        }
        return new Format(encoding, channels, rate, bits);
    }

    private static Recording decode(Format format, ByteBuffer data) throws WavException {
        int frameBytes = format.channels * format.bits / 8;
        int frames = data.capacity() / frameBytes;
        if (frames == 0) {
            throw new WavException("the \"data\" chunk has " + data.capacity() + " bytes; allowed: one sample or more");
        }
        ByteBuffer pcm =
                ByteBuffer.allocate(frames * AudioFormat.BYTES_PER_SAMPLE).order(ByteOrder.LITTLE_ENDIAN);
        for (int frame = 0; frame < frames; frame++) {
            int sum = 0;
            for (int channel = 0; channel < format.channels; channel++) {
                int sample = frame * format.channels + channel;
                sum += sample(format, data, sample);
            }
            pcm.putShort((short) (sum / format.channels));
        }
        return new Recording(format.sampleRate, pcm.array());
    }

    private static short sample(Format format, ByteBuffer data, int index) {
        return switch (format.encoding) {
            case MU_LAW -> MuLaw.toSample(data.get(index));
            case A_LAW -> ALaw.toSample(data.get(index));
            // PCM of 8 bits has no sign, that of 16 has.
            default ->
                format.bits == 8
                        ? (short) ((Byte.toUnsignedInt(data.get(index)) - 128) << 8)
                        : data.getShort(index * 2);
        };
    }
}
