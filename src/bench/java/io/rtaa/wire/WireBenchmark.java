package io.rtaa.wire;

import io.rtaa.bench.SingleStep;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** What a bus between processes adds: a window of 100 ms and a final of eight words, to bytes and back. */
public class WireBenchmark extends SingleStep {

    private static final StreamId STREAM = new StreamId("tenant", "0123456789abcdef0123456789abcdef");

    private final AudioMessage window = new AudioWindow(STREAM, 17, 12_800, 8000, new byte[1600]);
    private final byte[] windowBytes = AudioBytes.write(window);
    private final TranscriptEvent event = Shorthand.finalOf(
            STREAM,
            9,
            1_763_800_003_000L,
            "one two three four five six seven eight",
            0.98,
            300,
            3500,
            0,
            null,
            true,
            words());
    private final byte[] eventBytes = TranscriptJson.write(event).getBytes(StandardCharsets.UTF_8);

    private static List<Word> words() {
        return IntStream.range(0, 8)
                .mapToObj(i -> new Word("word" + i, "Word" + i, 300 + 400L * i, 700 + 400L * i, 0.99, null))
                .toList();
    }

    @Benchmark
    public byte[] windowToBytes() {
        return AudioBytes.write(window);
    }

    @Benchmark
    public AudioMessage windowFromBytes() {
        return AudioBytes.read(windowBytes);
    }

    @Benchmark
    public String eventToJson() {
        return TranscriptJson.write(event);
    }

    @Benchmark
    public @Nullable TranscriptEvent eventFromJson() {
        return TranscriptReader.read(eventBytes);
    }
}
