package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallStart;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.simulator.RunningCalls;
import io.rtaa.testsupport.AudioRecorder;
import io.rtaa.testsupport.RecordedService;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Two hundred calls at once, a recording sink in place of the recogniser: what went in came out, once and in order. */
@RecordedService
class ManyCallsTest {

    private static final int CALLS = 200;
    private static final int RATE = 8000;
    private static final int MILLIS = 4000;

    @Autowired
    private PublicListener listener;

    @Autowired
    private Vertx vertx;

    @Autowired
    private AudioRecorder recorder;

    @Test
    void twoHundredCallsOfTwentyMillisecondFramesAreByteExactAndInOrder() {
        URI door = URI.create("ws://127.0.0.1:" + listener.actualPort() + "/v1/exotel");
        ExotelCaller caller = new ExotelCaller(vertx, 2);
        Random random = new Random(1);
        Map<String, byte[]> sent = new HashMap<>();
        Map<String, RunningCalls> running = new HashMap<>();
        for (int i = 0; i < CALLS; i++) {
            // An odd number of frames, so that the last window is a short one.
            byte[] pcm = new byte[(MILLIS + 20) * RATE / 1000 * 2];
            random.nextBytes(pcm);
            RunningCalls call = caller.place(CallPlan.of(door, new Recording(RATE, pcm)));
            sent.put(call.streamSids().get(0), pcm);
            running.put(call.streamSids().get(0), call);
        }

        await().atMost(Duration.ofSeconds(60))
                .until(() -> sent.keySet().stream().allMatch(recorder::hasEnded));

        sent.forEach((id, pcm) -> {
            var report = running.get(id).report().toCompletableFuture().join();
            assertThat(report.succeeded()).as("%s", report).isTrue();
            var messages = recorder.messages(id);
            assertThat(messages.get(0)).isInstanceOf(CallStart.class);
            assertThat(messages.get(messages.size() - 1)).isInstanceOf(CallEnd.class);
            long sample = 0;
            for (int i = 0; i < messages.size(); i++) {
                assertThat(messages.get(i).number()).isEqualTo(i);
                if (messages.get(i) instanceof AudioWindow window) {
                    assertThat(window.firstSample()).isEqualTo(sample);
                    assertThat(window.samples()).isLessThanOrEqualTo(RATE / 5);
                    sample = window.endSample();
                }
            }
            assertThat(recorder.audio(id)).isEqualTo(pcm);
        });
    }
}
