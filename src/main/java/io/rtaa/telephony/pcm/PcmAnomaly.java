package io.rtaa.telephony.pcm;

/** What a plain caller may send beside the protocol: ignored, counted, and never a reason to close its connection. */
public enum PcmAnomaly implements PcmEvent {
    /** A message that only keeps the connection alive, of any usual kind: this protocol needs none. */
    KEEP_ALIVE,
    /**
     * A {@code start} or {@code stop} with fields that the protocol does not have and that say nothing about the audio.
     */
    UNKNOWN_FIELD,
    /** A message that came after the end of its stream. */
    AFTER_END
}
