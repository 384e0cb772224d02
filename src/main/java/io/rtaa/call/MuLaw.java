package io.rtaa.call;

/**
 * Decodes mu-law, telephony's eight bits a sample, as <a href="https://www.itu.int/rec/T-REC-G.711">ITU-T G.711</a> has it.
 *
 * <p>Thread-safety: stateless.
 */
public final class MuLaw {

    /** G.711's bias, scaled to 16 bits. */
    private static final int BIAS = 0x84;

    private static final short[] LINEAR = new short[256];

    static {
        for (int code = 0; code < LINEAR.length; code++) {
            int bits = ~code;
            int exponent = (bits >> 4) & 0x07;
            int mantissa = bits & 0x0F;
            int magnitude = (((mantissa << 3) + BIAS) << exponent) - BIAS;
            LINEAR[code] = (short) ((bits & 0x80) == 0 ? magnitude : -magnitude);
        }
    }

    private MuLaw() {}

    /** One mu-law byte as a 16-bit sample. */
    public static short toSample(byte code) {
        return LINEAR[code & 0xFF];
    }

    /** The 16-bit little-endian PCM of so many mu-law samples, one a byte. */
    public static byte[] toPcm(byte[] muLaw) {
        byte[] pcm = new byte[muLaw.length * AudioFormat.BYTES_PER_SAMPLE];
        for (int i = 0; i < muLaw.length; i++) {
            short sample = toSample(muLaw[i]);
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        return pcm;
    }
}
