package io.rtaa.testsupport.calls;

import io.rtaa.simulator.CallReport;
import io.rtaa.simulator.RunningCalls;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import java.time.Duration;

/**
 * A call whose audio says which words are in it.
 *
 * @param beganMillis when it was placed, since the epoch
 */
public record SpokenCall(SpokenAudio audio, RunningCalls running, long beganMillis) {

    public String interactionId() {
        return running.streamSids().get(0);
    }

    /** Whether its audio flows: it has begun for so long, and does not end for so long. */
    public boolean isSpeakingAt(long millis, Duration margin) {
        long endMillis = beganMillis + audio.millis();
        return millis - beganMillis > margin.toMillis() && endMillis - millis > margin.toMillis();
    }

    public boolean isOver() {
        return running.report().toCompletableFuture().isDone();
    }

    /** What the caller has to say, once it is over. */
    public CallReport report() {
        return running.report().toCompletableFuture().join().calls().get(0);
    }
}
