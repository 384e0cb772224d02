package io.rtaa.call;

import io.rtaa.call.TranscriptEvent.CallEnded;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a stream when it starts.
 *
 * @param stream the stream
 * @param callSid groups the legs of one telephone call; null where the caller names none
 * @param streamSid the telephony provider's id of this stream; null where there is none
 * @param from the calling number as it was sent, national or international; null where unknown
 * @param to the called number as it was sent; null where unknown
 * @param sampleRate samples a second of the stream's audio, as {@link AudioFormat} allows
 * @param startedAtMillis when the stream started, epoch milliseconds
 * @param leg see {@link AudioMessage#leg}
 * @param before what was recognised of the stream over a socket before this one; null where this is the first
 * @param requestId the {@link RequestId} of the handshake of its socket; null where unknown
 * @param traceparent names the span of its call, as W3C's Trace Context writes it, so that other processes begin theirs
 *     below it; null where the call is not traced
 */
public record CallInfo(
        StreamId stream,
        @Nullable String callSid,
        @Nullable String streamSid,
        @Nullable String from,
        @Nullable String to,
        int sampleRate,
        long startedAtMillis,
        long leg,
        @Nullable Before before,
        @Nullable String requestId,
        @Nullable String traceparent) {

    /** How long after a stream was cut off another socket goes on with it; later, its id names another call. */
    public static final Duration GOES_ON_WITHIN = Duration.ofMinutes(10);

    /**
     * What there was of a stream before the present leg.
     *
     * @param audioMillis how much audio; the present leg's begins there in the transcript
     * @param lastSeq the {@code seq} of its last event; 0 where that is not known
     * @param speakers see {@link TranscriptEvent.Final}; 0 where that is not known
     */
    public record Before(long audioMillis, long lastSeq, int speakers) {

        /** Where speakers are not told apart. */
        public Before(long audioMillis, long lastSeq) {
            this(audioMillis, lastSeq, 0);
        }
    }

    public CallInfo {
        AudioFormat.requireSampleRate(sampleRate);
    }

    /** The first leg of a stream. */
    public CallInfo(
            StreamId stream,
            @Nullable String callSid,
            @Nullable String streamSid,
            @Nullable String from,
            @Nullable String to,
            int sampleRate,
            long startedAtMillis) {
        this(stream, callSid, streamSid, from, to, sampleRate, startedAtMillis, startedAtMillis, null, null, null);
    }

    /** Where this leg's audio begins in the transcript, milliseconds. */
    public long audioStartMillis() {
        return before == null ? 0 : before.audioMillis();
    }

    /** How many numbers the speakers of the legs before were given; see {@link TranscriptEvent.Final}. */
    public int speakersBefore() {
        return before == null ? 0 : before.speakers();
    }

    /** The same without the numbers of the two parties. */
    public CallInfo withoutNumbers() {
        return new CallInfo(
                stream,
                callSid,
                streamSid,
                null,
                null,
                sampleRate,
                startedAtMillis,
                leg,
                before,
                requestId,
                traceparent);
    }

    /** The same with the id of the request it came by; null for none. */
    public CallInfo withRequestId(@Nullable String id) {
        return new CallInfo(
                stream, callSid, streamSid, from, to, sampleRate, startedAtMillis, leg, before, id, traceparent);
    }

    /** The same with the name of the span of its call; null for none. */
    public CallInfo withTraceparent(@Nullable String span) {
        return new CallInfo(
                stream, callSid, streamSid, from, to, sampleRate, startedAtMillis, leg, before, requestId, span);
    }

    /** The same, as a leg that follows another. */
    public CallInfo following(Before earlier) {
        return new CallInfo(
                stream,
                callSid,
                streamSid,
                from,
                to,
                sampleRate,
                startedAtMillis,
                leg,
                earlier,
                requestId,
                traceparent);
    }

    /**
     * The same, as what follows an end of its id: the call goes on where it was cut off a short while ago, else this is
     * another call.
     */
    public CallInfo after(CallEnded end) {
        boolean goesOn = end.reason().isCutOff() && startedAtMillis - end.timestampMillis() < GOES_ON_WITHIN.toMillis();
        return goesOn ? following(new Before(end.durationMillis(), end.seq(), end.speakers())) : this;
    }
}
