package io.rtaa.cluster;

import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Callers over Exotel's protocol, in real time. Each has words of its own and a rhythm of its own; they begin at random
 * moments of the first seconds, so that their frames do not come in step.
 */
final class Callers {

    private static final int RATE = 8000;
    private static final int EVENT_LOOPS = 2;
    private static final int BEGIN_WITHIN_MILLIS = 4000;

    /** Roughly what a word and the pause after it take in {@link SpokenAudio}. */
    private static final int MILLIS_A_WORD = 660;

    private final ExotelCaller caller;
    private final ScheduledExecutorService timeline;
    private final URI door;
    private final Random random;

    /** @param timeline where calls wait for the moment they begin */
    Callers(Vertx vertx, ScheduledExecutorService timeline, URI door, long seed) {
        this.caller = new ExotelCaller(vertx, EVENT_LOOPS);
        this.timeline = timeline;
        this.door = door;
        this.random = new Random(seed);
    }

    /** Places calls of about that length and waits until the last one was placed. */
    List<SpokenCall> place(int calls, Duration length) throws InterruptedException, ExecutionException {
        int words = (int) (length.toMillis() / MILLIS_A_WORD);
        List<ScheduledFuture<SpokenCall>> placed = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            // Neighbours share no word, and numbers are used again where there are not enough of them.
            int firstWord = i * words % (SpokenAudio.MAX_WORDS - words);
            SpokenAudio audio = SpokenAudio.speak(RATE, firstWord, words, random.nextLong());
            placed.add(
                    timeline.schedule(() -> place(audio), random.nextInt(BEGIN_WITHIN_MILLIS), TimeUnit.MILLISECONDS));
        }
        List<SpokenCall> begun = new ArrayList<>();
        for (ScheduledFuture<SpokenCall> call : placed) {
            begun.add(call.get());
        }
        return begun;
    }

    private SpokenCall place(SpokenAudio audio) {
        CallPlan plan = CallPlan.of(door, new Recording(RATE, audio.pcm()));
        return new SpokenCall(audio, caller.place(plan), System.currentTimeMillis());
    }
}
