package io.rtaa.dashboard;

import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one call, a second of audio to a seq. */
record Events(StreamId stream, long startedMillis) {

    static Events of(String tenant, String interaction, long startedMillis) {
        return new Events(new StreamId(tenant, interaction), startedMillis);
    }

    private long at(long seq) {
        return startedMillis + seq * 1000;
    }

    CallStarted started(long seq) {
        return new CallStarted(
                new CallInfo(stream, "CA1", stream.interactionId(), "+919876543210", "08047112233", 8000, at(seq)),
                seq,
                at(seq));
    }

    Partial partial(long seq, String text) {
        return Shorthand.partial(stream, seq, at(seq), text, 0.6, seq * 1000, seq * 1000 + 400, 0);
    }

    Final said(long seq, String text) {
        return said(seq, text, null, true);
    }

    Final said(long seq, String text, @Nullable Integer speaker, boolean utteranceEnd) {
        List<Word> words = new ArrayList<>();
        long at = seq * 1000;
        for (String word : text.split(" ", -1)) {
            words.add(new Word(word, word, at, at + 90, 0.9, speaker));
            at += 100;
        }
        return Shorthand.finalOf(stream, seq, at(seq), text, 0.98, seq * 1000, at, 0, speaker, utteranceEnd, words);
    }

    Final saidWithoutWords(long seq, String text, long startMillis, long endMillis) {
        return Shorthand.finalOf(stream, seq, at(seq), text, null, startMillis, endMillis, 0, null, true, List.of());
    }

    /** A final that only tells that the utterance before it is over. */
    Final utteranceEnd(long seq) {
        return Shorthand.finalOf(stream, seq, at(seq), "", null, seq * 1000, seq * 1000, 0, null, true, List.of());
    }

    Gap gap(long seq, String reason) {
        return new Gap(stream, seq, at(seq), seq * 1000, seq * 1000 + 700, reason);
    }

    Gap gap(long seq, long startMillis, long endMillis, String reason) {
        return new Gap(stream, seq, at(seq), startMillis, endMillis, reason);
    }

    Status status(long seq, State state, @Nullable String provider, @Nullable String reason) {
        return new Status(stream, seq, at(seq), state, provider, reason);
    }

    CallEnded ended(long seq) {
        return Shorthand.ended(stream, seq, at(seq), EndReason.CALLENDED, seq * 1000);
    }
}
