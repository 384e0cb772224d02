package io.rtaa.call;

/**
 * Decodes A-law, the eight bits a sample of telephony outside North America and Japan, as <a
 * href="https://www.itu.int/rec/T-REC-G.711">ITU-T G.711</a> has it.
 *
 * <p>Thread-safety: stateless.
 */
public final class ALaw {

    /** Every other bit travels inverted. */
    private static final int INVERTED = 0x55;

    private static final short[] LINEAR = new short[256];

    static {
        for (int code = 0; code < LINEAR.length; code++) {
            int bits = code ^ INVERTED;
            int exponent = (bits >> 4) & 0x07;
            int mantissa = bits & 0x0F;
            int magnitude = exponent == 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
            LINEAR[code] = (short) ((bits & 0x80) == 0 ? -magnitude : magnitude);
        }
    }

    private ALaw() {}

    /** One A-law byte as a 16-bit sample. */
    public static short toSample(byte code) {
        return LINEAR[code & 0xFF];
    }

    /** The 16-bit little-endian PCM of so many A-law samples, one a byte. */
    public static byte[] toPcm(byte[] aLaw) {
        byte[] pcm = new byte[aLaw.length * AudioFormat.BYTES_PER_SAMPLE];
        for (int i = 0; i < aLaw.length; i++) {
            short sample = toSample(aLaw[i]);
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        return pcm;
    }
}
