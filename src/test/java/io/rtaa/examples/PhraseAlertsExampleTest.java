package io.rtaa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.RtaaApplication;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.HttpReceiver;
import io.rtaa.testsupport.Shorthand;
import java.net.URI;
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

/** A phrase that is said is an alert on the page, in the metrics and at a URL; a URL that is away gets it later. */
@CamelSpringBootTest
@SpringBootTest(
        classes = RtaaApplication.class,
        properties = {"rtaa.port=0", "rtaa.roles=dashboard", "rtaa.routes=docs/examples/phrase-alerts"})
@DirtiesContext
class PhraseAlertsExampleTest {

    private static final StreamId CALL = new StreamId("acme", "one");
    private static final HttpReceiver RECEIVER = HttpReceiver.start();

    @Autowired
    private ProducerTemplate template;

    @Autowired
    private PublicListener listener;

    @Autowired
    private MeterRegistry meters;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("phrase-alerts.url", RECEIVER::url);
    }

    @AfterAll
    static void close() {
        RECEIVER.close();
    }

    @Test
    void aPhraseThatIsSaidIsAnAlertOnThePageInTheMetricsAndAtAUrl() {
        RECEIVER.answer(request -> 503);
        template.sendBody(
                "{{rtaa.bus.transcripts}}",
                new CallStarted(new CallInfo(CALL, null, null, null, null, 8000, 0), 1, System.currentTimeMillis()));
        try (DashboardClient page =
                new DashboardClient(URI.create("ws://127.0.0.1:" + listener.actualPort() + "/v1/transcripts"))) {
            await().until(() -> !page.events("one").isEmpty());

            say(2, "I would like to");
            say(3, "close my account.");
            say(4, "Else I see you in the consumer court!");
            say(5, "Good bye.");

            await().until(() -> alerts(page).size() == 2);
            assertThat(alerts(page))
                    .extracting(alert -> alert.path("name").asText())
                    .containsExactly("cancellation", "complaint");
            assertThat(alerts(page))
                    .extracting(alert -> alert.path("final_seq").asLong())
                    .containsExactly(3L, 4L);
            assertThat(alerts(page)).noneMatch(alert -> alert.has("seq"));
        }
        await().until(() -> count("cancellation") == 1 && count("complaint") == 1);

        RECEIVER.answer(request -> 204);

        await().until(() ->
                RECEIVER.received().stream().anyMatch(request -> request.body().contains("\"name\":\"complaint\"")));
        assertThat(RECEIVER.received().stream().map(HttpReceiver.Received::body).distinct())
                .hasSize(2)
                .first()
                .asString()
                .contains("\"type\":\"alert\"", "\"interaction_id\":\"one\"", "\"name\":\"cancellation\"");
    }

    private void say(long seq, String text) {
        Final said =
                Shorthand.finalOf(CALL, seq, 0, text, null, seq * 1000, seq * 1000 + 900, 0, null, true, List.of());
        template.sendBody("{{rtaa.bus.transcripts}}", said);
    }

    private static List<JsonNode> alerts(DashboardClient page) {
        return page.events("one").stream()
                .filter(event -> event.path("type").asText().equals("alert"))
                .toList();
    }

    private double count(String phrase) {
        var counter = meters.find("phrase.alerts").tag("phrase", phrase).counter();
        return counter == null ? 0 : counter.count();
    }
}
