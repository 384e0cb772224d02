package io.rtaa.alerts;

import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.simulator.RunningCalls;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Random;

/** Places calls over Exotel's protocol, in real time. Thread-safe. */
final class Phone {

    private static final int RATE = 8000;
    private static final int EVENT_LOOPS = 1;
    private static final int FRAME_MILLIS = 100;
    private static final Duration RAMP = Duration.ofSeconds(2);

    /** A call repeats its recording of about a minute. */
    private static final int WORDS = 90;

    /** As loud as speech, and nothing that the stand-in knows as a word. */
    private static final int NOISE_LEVEL = 8000;

    private static final int NOISE_SECONDS = 10;

    private final ExotelCaller caller;

    Phone(Vertx vertx) {
        caller = new ExotelCaller(vertx, EVENT_LOOPS);
    }

    /** Calls in which somebody speaks. */
    RunningCalls speak(URI door, int calls, Duration length) {
        return place(door, SpokenAudio.speak(RATE, 1, WORDS, 1).pcm(), calls, length);
    }

    /** Calls with sound as loud as speech that no recogniser takes for words, as hold music is. */
    RunningCalls playMusic(URI door, int calls, Duration length) {
        Random random = new Random(1);
        ByteBuffer noise =
                ByteBuffer.allocate(NOISE_SECONDS * RATE * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (noise.hasRemaining()) {
            noise.putShort((short) (random.nextInt(2 * NOISE_LEVEL) - NOISE_LEVEL));
        }
        return place(door, noise.array(), calls, length);
    }

    private RunningCalls place(URI door, byte[] pcm, int calls, Duration length) {
        return caller.place(new CallPlan(
                door,
                new Recording(RATE, pcm),
                length,
                false,
                FRAME_MILLIS,
                calls,
                RAMP,
                CallPlan.DEFAULT_CONNECT_TIMEOUT,
                null,
                null));
    }
}
