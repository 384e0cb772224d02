package io.rtaa.call;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a caller encodes its samples. */
public enum AudioEncoding {
    /** Signed 16-bit little-endian PCM. */
    PCM16(16),
    /** ITU-T G.711 mu-law, a byte a sample. */
    MU_LAW(8),
    /** ITU-T G.711 A-law, a byte a sample. */
    A_LAW(8);

    private static final Map<String, AudioEncoding> BY_NAME = new HashMap<>();

    /** Asterisk's names of PCM, which say the rate in kHz; {@code slin} alone says none. */
    private static final Map<String, Integer> RATES_BY_NAME = new HashMap<>();

    static {
        name(PCM16, "pcm16", "pcm", "pcm_s16le", "linear16", "slin", "raw/slin", "l16", "audio/l16", "audio/x-l16");
        // These say how the bytes are carried, and nothing of the samples.
        name(PCM16, "base64", "raw", "audio/x-raw");
        name(MU_LAW, "mulaw", "ulaw", "pcmu", "g711_ulaw", "audio/x-mulaw", "audio/basic", "audio/pcmu");
        name(A_LAW, "alaw", "pcma", "g711_alaw", "audio/x-alaw", "audio/pcma");
        for (int rate : new int[] {8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000}) {
            for (String name : new String[] {"slin" + rate / 1000, "raw/slin" + rate / 1000}) {
                name(PCM16, name);
                RATES_BY_NAME.put(name, rate);
            }
        }
    }

    private final int bitsPerSample;

    AudioEncoding(int bitsPerSample) {
        this.bitsPerSample = bitsPerSample;
    }

    private static void name(AudioEncoding encoding, String... names) {
        for (String name : names) {
            BY_NAME.put(name, encoding);
        }
    }

    /**
     * The encoding that carriers and bridges call by this name, in any case; null for a name that none of them uses.
     */
    public static @Nullable AudioEncoding ofName(String name) {
        return BY_NAME.get(key(name));
    }

    /** The rate that such a name says, in samples a second; null for a name that says none. */
    static @Nullable Integer sampleRateOfName(String name) {
        return RATES_BY_NAME.get(key(name));
    }

    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** The bits that a sample takes on the caller's wire. */
    public int bitsPerSample() {
        return bitsPerSample;
    }
}
