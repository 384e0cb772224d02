package io.rtaa.telephony.pcm;

/** A part of what a message of a plain caller means: {@link PcmDecoder} gives them in order. */
public sealed interface PcmEvent
        permits PcmStart, PcmEvent.Audio, PcmEvent.Acknowledged, PcmEvent.Stopped, PcmEvent.Refused, PcmAnomaly {

    /**
     * Audio of the running stream.
     *
     * @param frame at least one byte, in the encoding the start named; handed over
     */
    @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
    record Audio(byte[] frame) implements PcmEvent {}

    /**
     * The caller is to be told how many frames were taken.
     *
     * @param frames counted from the stream's start
     */
    record Acknowledged(long frames) implements PcmEvent {}

    /** The stream ends. */
    record Stopped() implements PcmEvent {}

    /**
     * The caller broke the protocol; the decoder ignores whatever follows.
     *
     * @param reason what is wrong and what is allowed, for the peer to read
     */
    record Refused(String reason) implements PcmEvent {}
}
