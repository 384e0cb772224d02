package io.rtaa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.RtaaApplication;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.Word;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.EndpointInject;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** All words of a call to one number are recognised as Hindi, and those of other calls as English. */
@CamelSpringBootTest
@SpringBootTest(
        classes = RtaaApplication.class,
        properties = {
            "rtaa.port=0",
            "rtaa.roles=ingest,asr",
            "rtaa.routes=docs/examples/language-by-number,classpath:routes-under-test/reading.camel.yaml",
            "rtaa.deepgram.api-key=key",
            "hindi.numbers=08041111111,08042222222"
        })
@DirtiesContext
class LanguageByNumberExampleTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final int RATE = 8000;
    private static final int WORDS = 6;
    private static final Vertx VERTX = Vertx.vertx();
    private static final DeepgramStandIn DEEPGRAM = DeepgramStandIn.start(VERTX);

    @Autowired
    private ProducerTemplate template;

    @EndpointInject("mock:transcripts")
    private MockEndpoint transcripts;

    @DynamicPropertySource
    static void deepgram(DynamicPropertyRegistry registry) {
        registry.add("rtaa.deepgram.url", DEEPGRAM::url);
    }

    @AfterAll
    static void close() {
        DEEPGRAM.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void everyWordOfACallIsRecognisedInTheLanguageOfTheNumberThatWasCalled() {
        SpokenAudio audio = SpokenAudio.evenly(RATE, 1, WORDS, 400);

        call("hindi", "08042222222", audio);
        call("english", "08043333333", audio);
        call("unknown", null, audio);

        await().atMost(AT_MOST).until(() -> hasEnded("hindi") && hasEnded("english") && hasEnded("unknown"));
        assertThat(words("hindi")).containsExactlyElementsOf(texts(audio));
        assertThat(finals("hindi")).extracting(Final::language).containsOnly("hi");
        for (String other : List.of("english", "unknown")) {
            assertThat(words(other)).containsExactlyElementsOf(texts(audio));
            assertThat(finals(other)).extracting(Final::language).containsOnly("en-IN");
        }
        assertThat(DEEPGRAM.attempts())
                .extracting(attempt -> attempt.query().get("language"))
                .containsExactlyInAnyOrder("hi", "en-IN", "en-IN");
        DEEPGRAM.assertNoBreach();
    }

    /** A call's audio, as it is on the bus. */
    private void call(String id, String to, SpokenAudio audio) {
        StreamId stream = new StreamId("acme", id);
        CallInfo info = new CallInfo(stream, null, null, "100", to, RATE, System.currentTimeMillis());
        List<AudioMessage> messages = new ArrayList<>(List.of(new CallStart(info)));
        long samples = 0;
        for (byte[] frame : audio.frames(100)) {
            messages.add(new AudioWindow(stream, messages.size(), samples, RATE, frame, info.leg()));
            samples += frame.length / AudioFormat.BYTES_PER_SAMPLE;
        }
        messages.add(new CallEnd(stream, messages.size(), samples, EndReason.CALLENDED, info.leg()));
        messages.forEach(message -> template.sendBody("{{rtaa.bus.audio}}", message));
    }

    private List<TranscriptEvent> events(String id) {
        return transcripts.getReceivedExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(TranscriptEvent.class))
                .filter(event -> event.interactionId().equals(id))
                .toList();
    }

    private boolean hasEnded(String id) {
        return events(id).stream().anyMatch(CallEnded.class::isInstance);
    }

    private List<Final> finals(String id) {
        return events(id).stream()
                .filter(Final.class::isInstance)
                .map(Final.class::cast)
                .filter(said -> !said.text().isEmpty())
                .toList();
    }

    private List<String> words(String id) {
        return finals(id).stream()
                .flatMap(said -> said.words().stream())
                .map(Word::word)
                .toList();
    }

    private static List<String> texts(SpokenAudio audio) {
        return audio.words().stream().map(SpokenAudio.Spoken::text).toList();
    }
}
