package io.rtaa.telephony.exotel;

import io.rtaa.call.EndReason;

/** Hears what an Exotel connection's messages mean; called by {@link ExotelDecoder} on the thread that feeds it. */
public interface ExotelListener {

    /** A stream starts; never while another one is running. */
    void started(ExotelStart start);

    /**
     * Audio of the running stream.
     *
     * @param payload the bytes of one message, at least one, in the encoding the start named; an odd number of them is
     *     possible. The array is handed over.
     */
    void audio(byte[] payload);

    /** The running stream ends. */
    void ended(EndReason reason);

    /**
     * The connection asked for what cannot be; a stream that is running ends with that. The decoder ignores what
     * follows.
     *
     * @param reason what is wrong and what is allowed, for the peer to read
     */
    void refused(String reason);

    /** Something that is against the protocol was ignored or worked around. */
    void anomaly(ExotelAnomaly anomaly);
}
