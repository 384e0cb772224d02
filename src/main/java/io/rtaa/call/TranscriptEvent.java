package io.rtaa.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a live transcript. {@code seq} rises within a stream and is never given to two events, but for an
 * {@link Alert}, which has that of its final; {@code timestampMillis} is epoch milliseconds; all other times are
 * milliseconds of audio since the stream's start.
 */
public sealed interface TranscriptEvent {

    StreamId stream();

    long seq();

    /** When the event happened, epoch milliseconds. */
    long timestampMillis();

    /** The event's {@code type} as it is written on the wire. */
    String type();

    /** Whether it is for those who read along alone: a bus keeps it for nobody, and drops it for a reader that lags. */
    default boolean isLiveOnly() {
        return false;
    }

    default String interactionId() {
        return stream().interactionId();
    }

    default String tenantId() {
        return stream().tenantId();
    }

    /** A stream began. */
    record CallStarted(CallInfo info, long seq, long timestampMillis) implements TranscriptEvent {

        /** The same at another time. */
        public CallStarted at(long otherTimestampMillis) {
            return new CallStarted(info, seq, otherTimestampMillis);
        }

        @Override
        public StreamId stream() {
            return info.stream();
        }

        @Override
        public String type() {
            return "call_started";
        }
    }

    /**
     * What the recogniser believes so far; replaces the previous partial of its stream and channel.
     *
     * @param language see {@link Final}
     */
    record Partial(
            StreamId stream,
            long seq,
            long timestampMillis,
            String text,
            @Nullable Double confidence,
            long startMillis,
            long endMillis,
            int channel,
            @Nullable String language)
            implements TranscriptEvent {

        @Override
        public boolean isLiveOnly() {
            return true;
        }

        /** The same with another text. */
        public Partial withText(String otherText) {
            return new Partial(
                    stream, seq, timestampMillis, otherText, confidence, startMillis, endMillis, channel, language);
        }

        @Override
        public String type() {
            return "partial";
        }
    }

    /**
     * What one speaker said in a stretch of audio, for good. Within a channel finals never overlap and never repeat a
     * word.
     *
     * @param text what was said; empty where a recogniser told the end of an utterance after its words, or where
     *     nothing was said after all and the final only replaces its channel's partial
     * @param startMillis where the first word begins
     * @param endMillis where the last word ends
     * @param speaker number of the speaker from 0; null where not told apart
     * @param speakers how many numbers the stream's speakers have been given up to here: numbers of another connection
     *     to a recogniser are other speakers; 0 where there is no speaker
     * @param language the language of most of it, a BCP-47 tag: as the recogniser tells it, else the one asked for;
     *     null where neither is known
     * @param utteranceEnd whether the speaker came to an end here
     * @param words in order; empty where the recogniser gives no words
     */
    record Final(
            StreamId stream,
            long seq,
            long timestampMillis,
            String text,
            @Nullable Double confidence,
            long startMillis,
            long endMillis,
            int channel,
            @Nullable Integer speaker,
            int speakers,
            @Nullable String language,
            boolean utteranceEnd,
            List<Word> words)
            implements TranscriptEvent {
        public Final {
            words = List.copyOf(words);
        }

        /** The same with another text and other words. */
        public Final with(String otherText, List<Word> otherWords) {
            return new Final(
                    stream,
                    seq,
                    timestampMillis,
                    otherText,
                    confidence,
                    startMillis,
                    endMillis,
                    channel,
                    speaker,
                    speakers,
                    language,
                    utteranceEnd,
                    otherWords);
        }

        @Override
        public String type() {
            return "final";
        }
    }

    /** How a stream's recognition is getting on. */
    record Status(
            StreamId stream,
            long seq,
            long timestampMillis,
            State state,
            @Nullable String provider,
            @Nullable String reason)
            implements TranscriptEvent {
        @Override
        public String type() {
            return "status";
        }
    }

    /** Audio that was lost before it could be recognised. */
    record Gap(StreamId stream, long seq, long timestampMillis, long startMillis, long endMillis, String reason)
            implements TranscriptEvent {

        /** From here on a reason that does not fit is told as {@link #OTHERS}. */
        private static final int MOST_REASON_CHARS = 500;

        private static final String AND = "; ";
        private static final String OTHERS = "others";

        /** Whether the two have audio in common, or one begins where the other ends. */
        public boolean touches(Gap other) {
            return startMillis <= other.endMillis && other.startMillis <= endMillis;
        }

        /** Whether all audio of another is lost with this one. */
        public boolean contains(Gap other) {
            return startMillis <= other.startMillis && other.endMillis <= endMillis;
        }

        /**
         * One gap in place of two that touch: with the audio of both, each reason once, and the later's {@code seq} and
         * time.
         */
        public Gap joinedWith(Gap other) {
            return new Gap(
                    stream,
                    Math.max(seq, other.seq),
                    Math.max(timestampMillis, other.timestampMillis),
                    Math.min(startMillis, other.startMillis),
                    Math.max(endMillis, other.endMillis),
                    withReason(other.reason));
        }

        private String withReason(String other) {
            if (reason.contains(other)) {
                return reason;
            }
            if (reason.length() + AND.length() + other.length() <= MOST_REASON_CHARS) {
                return reason + AND + other;
            }
            return reason.endsWith(AND + OTHERS) ? reason : reason + AND + OTHERS;
        }

        @Override
        public String type() {
            return "gap";
        }
    }

    /**
     * A stream is over; nothing of this leg follows.
     *
     * @param durationMillis all audio of the stream, earlier legs included
     * @param leg see {@link AudioMessage#leg}
     * @param speakers see {@link Final}
     */
    record CallEnded(
            StreamId stream,
            long seq,
            long timestampMillis,
            EndReason reason,
            long durationMillis,
            long leg,
            int speakers)
            implements TranscriptEvent {

        @Override
        public String type() {
            return "call_ended";
        }
    }

    /**
     * An operator has erased a call that had ended: a reader removes what it has of the call. It is the call's last
     * event; what a bus still delivers of the call counts no more.
     *
     * @param seq the one after the call's last; the start of a leg that goes on with the call may have the same
     * @param endedMillis when the call ended, or when its last leg started if that is later, epoch milliseconds: what
     *     starts later is not erased
     */
    record CallErased(StreamId stream, long seq, long timestampMillis, long endedMillis) implements TranscriptEvent {

        /** Whether an event starts the stream's id again after the erased call. */
        public boolean isFollowedBy(TranscriptEvent event) {
            return event instanceof CallStarted && (event.timestampMillis() > endedMillis || event.seq() >= seq);
        }

        @Override
        public String type() {
            return "call_erased";
        }
    }

    /**
     * A route found something in a final that people are to look at now. It has no number of its own.
     *
     * @param finalSeq the {@code seq} of the final
     * @param name what was found
     */
    record Alert(StreamId stream, long finalSeq, long timestampMillis, String name) implements TranscriptEvent {

        /** That of the final. */
        @Override
        public long seq() {
            return finalSeq;
        }

        @Override
        public String type() {
            return "alert";
        }

        @Override
        public boolean isLiveOnly() {
            return true;
        }
    }

    /** The states of {@link Status}. */
    enum State {
        RECOGNISING,
        WAITING,
        RETRYING,
        FALLBACK,
        FAILED;

        /** The state as it is written in events. */
        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
