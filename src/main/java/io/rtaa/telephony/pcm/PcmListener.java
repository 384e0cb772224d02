package io.rtaa.telephony.pcm;

/** Hears what a plain caller's messages mean; called by {@link PcmDecoder} on the thread that feeds it. */
public interface PcmListener {

    /** The stream starts; at most once a connection. */
    void started(PcmStart start);

    /**
     * Audio of the running stream.
     *
     * @param frame at least one byte, in the encoding the start named; handed over
     */
    void audio(byte[] frame);

    /** So many frames were taken, counted from the stream's start: the caller is to be told. */
    void acknowledge(long frames);

    /** The stream ends. */
    void stopped();

    /**
     * The caller broke the protocol; the decoder ignores whatever follows.
     *
     * @param reason what is wrong and what is allowed, for the peer to read
     */
    void refused(String reason);

    /** Something that is not of the protocol was ignored. */
    void anomaly(PcmAnomaly anomaly);
}
