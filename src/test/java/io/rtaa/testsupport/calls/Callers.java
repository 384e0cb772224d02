package io.rtaa.testsupport.calls;

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
import org.jspecify.annotations.Nullable;

/**
 * Callers over Exotel's protocol, in real time. Each has words of its own and a rhythm of its own. They begin at random
 * moments, five a second on average: frames then do not come in step, and JVMs that have just started do not get all
 * calls at once. Every other caller sends frames of 100 ms, as Exotel documents them; the others send frames of 20 ms,
 * which Exotel's production traffic has too.
 */
public final class Callers {

    private static final int RATE = 8000;
    private static final int EVENT_LOOPS = 2;
    private static final int DOCUMENTED_FRAME_MILLIS = 100;

    /** How far apart calls begin on average. */
    private static final int BEGIN_EVERY_MILLIS = 200;

    /** Roughly what a word and the pause after it take in {@link SpokenAudio}. */
    private static final int MILLIS_A_WORD = 660;

    private final ExotelCaller caller;
    private final ScheduledExecutorService timeline;
    private final URI door;
    private final @Nullable String basic;
    private final Random random;

    /**
     * @param timeline where calls wait for the moment they begin
     * @param door where Exotel's streams go
     * @param basic the callers' credentials, {@code KEY:TOKEN}; null for none
     */
    public Callers(Vertx vertx, ScheduledExecutorService timeline, URI door, @Nullable String basic, long seed) {
        this.basic = basic;
        this.caller = new ExotelCaller(vertx, EVENT_LOOPS);
        this.timeline = timeline;
        this.door = door;
        this.random = new Random(seed);
    }

    /** Places calls of about that length and waits until the last one was placed. */
    public List<SpokenCall> place(int calls, Duration length) throws InterruptedException, ExecutionException {
        int words = (int) (length.toMillis() / MILLIS_A_WORD);
        List<ScheduledFuture<SpokenCall>> placed = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            int frameMillis = i % 2 == 0 ? CallPlan.DEFAULT_FRAME_MILLIS : DOCUMENTED_FRAME_MILLIS;
            // Neighbours share no word, and numbers are used again where there are not enough of them.
            int firstWord = i * words % (SpokenAudio.MAX_WORDS - words);
            SpokenAudio audio = SpokenAudio.speak(RATE, firstWord, words, random.nextLong());
            placed.add(timeline.schedule(
                    () -> place(audio, frameMillis),
                    random.nextInt(calls * BEGIN_EVERY_MILLIS),
                    TimeUnit.MILLISECONDS));
        }
        List<SpokenCall> begun = new ArrayList<>();
        for (ScheduledFuture<SpokenCall> call : placed) {
            begun.add(call.get());
        }
        return begun;
    }

    private SpokenCall place(SpokenAudio audio, int frameMillis) {
        CallPlan plan = new CallPlan(
                door,
                new Recording(RATE, audio.pcm()),
                null,
                false,
                frameMillis,
                1,
                Duration.ZERO,
                CallPlan.DEFAULT_CONNECT_TIMEOUT,
                basic,
                null);
        return new SpokenCall(audio, caller.place(plan), System.currentTimeMillis());
    }
}
