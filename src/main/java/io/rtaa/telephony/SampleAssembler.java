package io.rtaa.telephony;

import io.rtaa.call.ALaw;
import io.rtaa.call.AudioCoding;
import io.rtaa.call.AudioEncoding;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.MuLaw;
import io.rtaa.call.Resampler;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole PCM samples of a stream's payloads, at a rate that {@link AudioFormat} allows, however the payloads were
 * cut: an odd byte waits for the next one.
 *
 * <p>Thread-safety: one payload at a time.
 */
final class SampleAssembler {

    private static final byte[] NOTHING = {};

    private final AudioEncoding encoding;
    private final @Nullable Resampler resampler;
    private boolean carrying;
    private byte carried;

    /** @param coding how the payloads are coded */
    SampleAssembler(AudioCoding coding) {
        this.encoding = coding.encoding();
        this.resampler = coding.sampleRate() == coding.streamSampleRate() ? null : new Resampler(coding.sampleRate());
    }

    /** The samples that are whole by now; the payload itself where nothing has to be done. */
    byte[] add(byte[] payload) {
        byte[] pcm = switch (encoding) {
            case PCM16 -> wholeSamples(payload);
            case MU_LAW -> MuLaw.toPcm(payload);
            case A_LAW -> ALaw.toPcm(payload);
        };
        return resampler == null ? pcm : resampler.resample(pcm);
    }

    private byte[] wholeSamples(byte[] payload) {
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
