package io.rtaa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.RtaaApplication;
import io.rtaa.call.AudioMessage;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.ScriptedTranscriber;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What a caller dictates is masked in everything that comes out of the service, from the recogniser's first partial. */
@CamelSpringBootTest
@SpringBootTest(
        classes = RtaaApplication.class,
        properties = {"rtaa.port=0", "rtaa.routes=docs/examples/masking", "rtaa.deepgram.api-key=key"})
@DirtiesContext
class MaskingExampleTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);

    /** The finals of the call, in the order they are said; a card's number is cut over two of them. */
    private static final List<String> SAID = List.of(
            "My card is four one double one 1111",
            "1111 1111 and I paid 4500 rupees.",
            "My Aadhaar is 9999 4105 7058 okay?",
            "Write to jane dot doe at example dot com please.");

    private static final List<String> TOLD = List.of(
            "My card is *** *** *** *** ***",
            "*** *** and I paid 4500 rupees.",
            "My Aadhaar is *** *** *** okay?",
            "Write to *** *** *** *** *** *** *** please.");

    private static final Vertx VERTX = Vertx.vertx();
    private static final DeepgramStandIn DEEPGRAM = ScriptedTranscriber.standIn(VERTX, SAID);

    @Autowired
    private ProducerTemplate template;

    @Autowired
    private PublicListener listener;

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
    void whatIsDictatedIsMaskedWhereverItGoes() throws Exception {
        try (DashboardClient page = new DashboardClient(address("ws", "/v1/transcripts"))) {
            for (AudioMessage message : ScriptedTranscriber.call("acme", "one", SAID)) {
                template.sendBody("{{rtaa.bus.audio}}", message);
            }

            await().atMost(AT_MOST).until(() -> page.hasEnded("one"));
            assertThat(texts(page, "final")).containsExactlyElementsOf(TOLD);
            assertThat(texts(page, "partial")).isNotEmpty().allSatisfy(MaskingExampleTest::assertTellsNothing);
            assertThat(page.events("one")).allSatisfy(event -> {
                assertTellsNothing(event.toString().replaceAll("\"[a-z_]+\":[0-9.]+", ""));
                assertThat(words(event)).isEqualTo(event.path("words").isMissingNode() ? "" : text(event));
            });
        }
        HttpResponse<String> transcript = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address("http", "/api/calls/one/transcript?format=txt"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(transcript.body()).contains("My Aadhaar is *** *** *** okay?");
        assertTellsNothing(transcript.body());
    }

    private static void assertTellsNothing(String text) {
        assertThat(text).doesNotContain("1111", "9999", "4105", "7058", "doe", "example");
    }

    private URI address(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + listener.actualPort() + path);
    }

    private static String text(JsonNode event) {
        return event.path("text").asText();
    }

    private static String words(JsonNode event) {
        return String.join(" ", event.path("words").findValuesAsText("text"));
    }

    private static List<String> texts(DashboardClient page, String type) {
        return page.events("one").stream()
                .filter(event -> event.path("type").asText().equals(type))
                .map(MaskingExampleTest::text)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
