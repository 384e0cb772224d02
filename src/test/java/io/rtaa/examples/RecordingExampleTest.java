package io.rtaa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.RtaaApplication;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.simulator.Recording;
import io.rtaa.simulator.WavReader;
import io.rtaa.testsupport.AudioRecorder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The audio of a call is in a WAV file while it goes to the recogniser, and gone once the call is erased. */
@CamelSpringBootTest
@SpringBootTest(
        classes = RtaaApplication.class,
        properties = {
            "rtaa.port=0",
            "rtaa.roles=ingest,asr",
            "rtaa.routes=docs/examples/recording,classpath:routes-under-test/recording.camel.yaml"
        })
@DirtiesContext
class RecordingExampleTest {

    private static final int WINDOWS = 12;

    @TempDir
    private static Path recordings;

    @TestConfiguration(proxyBeanMethods = false)
    static class Recogniser {
        @Bean
        AudioRecorder audioRecorder() {
            return new AudioRecorder();
        }
    }

    @Autowired
    private ProducerTemplate template;

    @Autowired
    private AudioRecorder recogniser;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("recording.directory", recordings::toString);
    }

    @Test
    void theAudioOfACallIsInAFileUntilTheCallIsErased() throws IOException {
        Speech call = new Speech("acme", "one");
        long started = call.start().info().leg();
        Path file = recordings.resolve("acme").resolve("one-" + started + ".wav");

        List<AudioMessage> messages = call.whole(WINDOWS);
        messages.forEach(message -> template.sendBody("direct:windows-out", message));

        byte[] audio = audio(messages);
        await().until(() -> Files.exists(file) && WavReader.read(file).pcm().length == audio.length);
        Recording recorded = WavReader.read(file);
        assertThat(recorded.sampleRate()).isEqualTo(8000);
        assertThat(recorded.pcm()).isEqualTo(audio);
        assertThat(recogniser.audio("one")).isEqualTo(audio);
        assertThat(recogniser.hasEnded("one")).isTrue();

        template.sendBody("{{rtaa.bus.transcripts}}", new CallErased(call.stream(), 9, started + 5000, started + 4000));

        await().until(() -> Files.notExists(file));
    }

    private static byte[] audio(List<AudioMessage> messages) {
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        for (AudioMessage message : messages) {
            if (message instanceof AudioWindow window) {
                audio.writeBytes(window.pcm());
            }
        }
        return audio.toByteArray();
    }
}
