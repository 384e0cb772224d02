package io.rtaa.simulator;

import io.rtaa.call.AudioFormat;

/**
 * Audio to play.
 *
 * @param sampleRate samples a second, one of {@link AudioFormat#SAMPLE_RATES}
 * @param pcm the audio in the form of {@link AudioFormat}, at least one sample; handed over, nobody changes it
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record Recording(int sampleRate, byte[] pcm) {
    public Recording {
        AudioFormat.requireSampleRate(sampleRate);
        if (pcm.length == 0 || pcm.length % AudioFormat.BYTES_PER_SAMPLE != 0) {
            throw new IllegalArgumentException(
                    "a recording of " + pcm.length + " bytes; allowed: whole samples, not none");
        }
    }

    public long millis() {
        return AudioFormat.millis(pcm.length / AudioFormat.BYTES_PER_SAMPLE, sampleRate);
    }

    @Override
    public String toString() {
        return "Recording[" + millis() + " ms at " + sampleRate + " Hz]";
    }
}
