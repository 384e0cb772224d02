package io.rtaa.telephony;

import io.rtaa.call.AudioFormat;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole PCM samples of a stream's payloads, however they were cut: an odd byte waits for the next payload.
 *
 * <p>Thread-safety: one payload at a time.
 */
final class SampleAssembler {

    private static final byte[] NOTHING = {};

    private final @Nullable UnaryOperator<byte[]> muLawToPcm;
    private boolean carrying;
    private byte carried;

    /** @param muLawToPcm decodes mu-law; null where payloads are PCM already */
    SampleAssembler(@Nullable UnaryOperator<byte[]> muLawToPcm) {
        this.muLawToPcm = muLawToPcm;
    }

    /** The samples that are whole by now; the payload itself where nothing has to be done. */
    byte[] add(byte[] payload) {
        if (muLawToPcm != null) {
            return muLawToPcm.apply(payload);
        }
        int carriedBytes = carrying ? 1 : 0;
        int wholeBytes = (carriedBytes + payload.length) / AudioFormat.BYTES_PER_SAMPLE * AudioFormat.BYTES_PER_SAMPLE;
        if (carriedBytes == 0 && wholeBytes == payload.length) {
            return payload;
        }
        byte[] pcm = NOTHING;
        if (wholeBytes > 0) {
            pcm = new byte[wholeBytes];
            pcm[0] = carried;
            System.arraycopy(payload, 0, pcm, carriedBytes, wholeBytes - carriedBytes);
        }
        int left = carriedBytes + payload.length - wholeBytes;
        if (left > 0 && payload.length > 0) {
            carried = payload[payload.length - 1];
        }
        carrying = left > 0;
        return pcm;
    }
}
