package io.rtaa.telephony.pcm;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** The messages that a plain caller gets. */
public final class PcmReplies {

    private PcmReplies() {}

    /** Says that the stream was taken. */
    public static String started(String interactionId) {
        StringBuilder reply = new StringBuilder("{\"event\":\"started\",\"interaction_id\":\"");
        JsonStringEncoder.getInstance().quoteAsString(interactionId, reply);
        return reply.append("\"}").toString();
    }

    /** Says that so many frames were taken. */
    public static String ack(long frames) {
        return "{\"event\":\"ack\",\"seq\":" + frames + "}";
    }
}
