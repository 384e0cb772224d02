package io.rtaa.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioWindow;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.simulator.WavReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavRecorderTest {

    private static final long LEG = 1_763_800_000_000L;
    private static final int SAMPLES = 800;

    @TempDir
    private Path directory;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final WavRecorder recorder = new WavRecorder();

    @BeforeEach
    void setDirectory() {
        recorder.setDirectory(directory.resolve("recordings").toString());
    }

    private void process(Object body) throws IOException {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        recorder.process(exchange);
    }

    private static AudioWindow window(StreamId stream, int number, long leg) {
        return new AudioWindow(stream, number, (number - 1L) * SAMPLES, 8000, pcm(number), leg);
    }

    private static byte[] pcm(int number) {
        byte[] pcm = new byte[2 * SAMPLES];
        Arrays.fill(pcm, (byte) number);
        return pcm;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private Path only() throws IOException {
        assertThat(files()).hasSize(1);
        return directory.resolve(files().get(0));
    }

    @Test
    void theFileIsWholeAfterEachWindow() throws IOException, UnsupportedAudioFileException {
        StreamId call = new StreamId("acme", "one");
        for (int number = 1; number <= 3; number++) {
            process(window(call, number, LEG));

            assertThat(files()).containsExactly("recordings/acme/one-" + LEG + ".wav");
            assertThat(WavReader.read(only()).pcm()).hasSize(number * 2 * SAMPLES);
        }
        AudioFileFormat format = AudioSystem.getAudioFileFormat(only().toFile());
        assertThat(format.getFrameLength()).isEqualTo(3 * SAMPLES);
        assertThat(format.getFormat().toString())
                .isEqualTo("PCM_SIGNED 8000.0 Hz, 16 bit, mono, 2 bytes/frame, little-endian");
    }

    @Test
    void aWindowThatIsMissingIsSilenceAndOneThatComesTwiceIsThereOnce() throws IOException {
        StreamId call = new StreamId("acme", "one");
        process(window(call, 1, LEG));
        process(window(call, 3, LEG));
        process(window(call, 3, LEG));

        byte[] audio = WavReader.read(only()).pcm();
        assertThat(audio).hasSize(3 * 2 * SAMPLES);
        assertThat(Arrays.copyOfRange(audio, 0, 2 * SAMPLES)).isEqualTo(pcm(1));
        assertThat(Arrays.copyOfRange(audio, 2 * SAMPLES, 4 * SAMPLES)).containsOnly(0);
        assertThat(Arrays.copyOfRange(audio, 4 * SAMPLES, 6 * SAMPLES)).isEqualTo(pcm(3));
    }

    @Test
    void aSilentStreamMakesNoFile() throws IOException {
        process(new AudioWindow(new StreamId("acme", "one"), 1, 0, 8000, new byte[0], LEG));

        assertThat(files()).isEmpty();
    }

    @Test
    void noIdLeadsOutOfTheDirectory() throws IOException {
        process(window(new StreamId("..", "../../x"), 1, LEG));
        process(window(new StreamId("a/b", "a*b c:d\\e"), 1, LEG));
        process(window(new StreamId("tenant", "ü".repeat(StreamId.MAX_ID_LENGTH)), 1, LEG));

        assertThat(files())
                .hasSize(3)
                .allSatisfy(file -> assertThat(file).startsWith("recordings/"))
                .contains(
                        "recordings/%2E./%2E.%2F..%2Fx-" + LEG + ".wav",
                        "recordings/a%2Fb/a%2Ab%20c%3Ad%5Ce-" + LEG + ".wav");
    }

    @Test
    void aCallThatIsErasedLosesItsFilesAndNoOtherDoes() throws IOException {
        StreamId call = new StreamId("acme", "one");
        process(window(call, 1, LEG));
        process(window(call, 1, LEG + 1000));
        process(window(call, 1, LEG + 900_000));
        process(window(new StreamId("acme", "one-1"), 1, LEG));
        process(window(new StreamId("other", "one"), 1, LEG));

        process(new CallErased(call, 9, LEG + 500_000, LEG + 400_000));
        process(new CallErased(new StreamId("nobody", "one"), 9, LEG + 500_000, LEG + 400_000));

        assertThat(files())
                .containsExactlyInAnyOrder(
                        "recordings/acme/one-" + (LEG + 900_000) + ".wav",
                        "recordings/acme/one-1-" + LEG + ".wav",
                        "recordings/other/one-" + LEG + ".wav");
    }
}
