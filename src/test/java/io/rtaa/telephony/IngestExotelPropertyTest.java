package io.rtaa.telephony;

import static io.rtaa.telephony.IngestRoutes.STOP;
import static io.rtaa.telephony.IngestRoutes.media;
import static io.rtaa.telephony.IngestRoutes.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;

/** Exotel's audio, whatever it is and however it is cut into messages. */
class IngestExotelPropertyTest {

    private final IngestRoutes routes;
    private final AtomicInteger tries = new AtomicInteger();

    IngestExotelPropertyTest() throws Exception {
        routes = new IngestRoutes();
    }

    @AfterProperty
    void stop() {
        routes.close();
    }

    @Property(tries = 150)
    void whatGoesInComesOutOnceAndInOrderHoweverItIsCut(
            @ForAll @Size(max = 40_000) byte[] audio,
            @ForAll @IntRange(min = 1, max = 9000) int longestFrame,
            @ForAll long seed,
            @ForAll boolean binary)
            throws Exception {
        Random random = new Random(seed);
        byte[] longer = new byte[audio.length + random.nextInt(20_000)];
        random.nextBytes(longer);
        String sid = "S" + tries.incrementAndGet();
        var socket = routes.exotel(sid, "sample_rate=16000");
        socket.send(start(sid, ""));
        for (int from = 0; from < longer.length; ) {
            int to = Math.min(longer.length, from + 1 + random.nextInt(longestFrame));
            String message = media(Arrays.copyOfRange(longer, from, to));
            Object sent = binary ? message.getBytes(StandardCharsets.UTF_8) : message;
            socket.send(sent);
            from = to;
        }
        socket.send(STOP);

        byte[] whole = Arrays.copyOf(longer, longer.length / 2 * 2);
        assertThat(routes.audio(sid)).isEqualTo(whole);
        List<AudioMessage> messages = routes.published(sid);
        long sample = 0;
        for (int i = 0; i < messages.size(); i++) {
            assertThat(messages.get(i).number()).isEqualTo(i);
            if (messages.get(i) instanceof AudioWindow window) {
                assertThat(window.firstSample()).isEqualTo(sample);
                assertThat(window.samples()).isBetween(1, 3200);
                sample = window.endSample();
            }
        }
        assertThat(messages.get(messages.size() - 1))
                .isInstanceOfSatisfying(
                        CallEnd.class, end -> assertThat(end.totalSamples()).isEqualTo(whole.length / 2));
    }
}
