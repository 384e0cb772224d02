package io.rtaa.wire;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.Word;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a bus between processes adds: a window of 100 ms and a final of eight words, to bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class WireBenchmark {

    private static final StreamId STREAM = new StreamId("tenant", "0123456789abcdef0123456789abcdef");

    private final AudioMessage window = new AudioWindow(STREAM, 17, 12_800, 8000, new byte[1600]);
    private final byte[] windowBytes = AudioBytes.write(window);
    private final TranscriptEvent event = new TranscriptEvent.Final(
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
