package io.rtaa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.RtaaApplication;
import io.rtaa.bus.Speech;
import io.rtaa.testsupport.HttpReceiver;
import io.rtaa.testsupport.HttpReceiver.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Finals and the ends of calls reach a webhook: signed, in order, whatever it answers. */
@CamelSpringBootTest
@SpringBootTest(
        classes = RtaaApplication.class,
        properties = {
            "rtaa.port=0",
            "rtaa.roles=dashboard",
            "rtaa.routes=docs/examples/webhook",
            "webhook.secret=known to both",
            "webhook.first-retry-ms=10",
            "webhook.longest-retry-ms=50"
        })
@DirtiesContext
class WebhookExampleTest {

    private static final HttpReceiver WEBHOOK = HttpReceiver.start();

    @TempDir
    private static Path deadLetters;

    @Autowired
    private ProducerTemplate template;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("webhook.url", WEBHOOK::url);
        registry.add("webhook.dead-letters", deadLetters::toString);
    }

    @AfterAll
    static void close() {
        WEBHOOK.close();
    }

    @BeforeEach
    void acceptAll() {
        WEBHOOK.answer(request -> 204);
    }

    /** A call as recognisers tell it: three finals, with partials, between a start and an end. */
    private void call(String id) {
        Speech call = new Speech("acme", id);
        Stream.of(
                        call.started(1),
                        call.partial(2, 1),
                        call.words(3, 1, 1),
                        call.words(4, 2, 2),
                        call.words(5, 3, 3),
                        call.ended(6, 3))
                .forEach(event -> template.sendBody("{{rtaa.bus.transcripts}}", event));
    }

    private static List<Received> received(String id) {
        return WEBHOOK.received().stream()
                .filter(request -> request.body().contains("\"" + id + "\""))
                .toList();
    }

    private static List<String> deliveries(String id) {
        return received(id).stream()
                .map(request -> request.header("X-Rtaa-Delivery"))
                .distinct()
                .toList();
    }

    @Test
    void eachFinalAndTheEndArePostedOnceAndInOrder() throws GeneralSecurityException {
        call("one");

        await().until(() -> received("one").size() == 4);
        assertThat(deliveries("one")).containsExactly("one:3", "one:4", "one:5", "one:6");
        assertThat(received("one").get(0).body()).contains("\"type\":\"final\"", "\"text\":\"w1\"");
        assertThat(received("one").get(3).body()).contains("\"type\":\"call_ended\"");
        for (Received request : received("one")) {
            assertThat(request.header("Content-Type")).isEqualTo("application/json");
            assertThat(request.header("X-Rtaa-Signature"))
                    .isEqualTo("sha256=" + hmac(request.header("X-Rtaa-Timestamp") + "." + request.body()));
        }
    }

    @Test
    void aWebhookThatIsOutOfOrderGetsAllOfItInOrderLater() throws GeneralSecurityException {
        WEBHOOK.answer(request -> 503);

        call("later");

        await().until(() -> received("later").stream()
                        .map(request -> request.header("X-Rtaa-Timestamp"))
                        .distinct()
                        .count()
                > 1);
        assertThat(deliveries("later")).containsExactly("later:3");
        for (Received request : received("later")) {
            assertThat(request.header("X-Rtaa-Signature"))
                    .isEqualTo("sha256=" + hmac(request.header("X-Rtaa-Timestamp") + "." + request.body()));
        }
        WEBHOOK.answer(request -> 204);
        await().until(() -> deliveries("later").size() == 4);
        assertThat(deliveries("later")).containsExactly("later:3", "later:4", "later:5", "later:6");
    }

    @Test
    void whatTheWebhookRefusesIsKeptInAFileAndTheRestGoesOn() throws IOException {
        WEBHOOK.answer(request -> request.body().contains("\"text\":\"w2\"") ? 422 : 204);

        call("refused");

        await().until(() -> deliveries("refused").contains("refused:6"));
        assertThat(deliveries("refused")).containsExactly("refused:3", "refused:4", "refused:5", "refused:6");
        assertThat(received("refused")).hasSize(3 + 5);
        try (Stream<Path> files = Files.list(deadLetters)) {
            assertThat(Files.readAllLines(files.toList().get(0)))
                    .singleElement()
                    .asString()
                    .contains("\"interaction_id\":\"refused\"", "\"seq\":4", "\"text\":\"w2\"");
        }
    }

    private static String hmac(String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("known to both".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
