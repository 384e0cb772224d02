package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.call.LegEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.testsupport.CapturedLog;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.ListeningRecogniser;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Steps of a team's own that throw in the middle of a call, from its socket to the dashboard. */
@SpringBootTest(properties = {"rtaa.port=0", "rtaa.routes=classpath:routes-under-test/throwing.camel.yaml"})
class ThrowingStepTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);

    /** The second second of a call, in samples of 8 kHz; of 50 frames. */
    private static final long LOST_FROM = 8_000;

    private static final long LOST_TO = 16_000;
    private static final int LOST_FRAMES = 50;

    @TestConfiguration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        RecogniserProvider listeningRecogniser() {
            return new ListeningRecogniser();
        }

        @Bean
        Processor throwsOnAudio() {
            return exchange -> {
                if (exchange.getMessage().getBody() instanceof LegEvent.Audio audio
                        && audio.firstSample() >= LOST_FROM
                        && audio.firstSample() < LOST_TO) {
                    throw new IllegalArgumentException("this frame is not to my liking");
                }
            };
        }

        @Bean
        Processor throwsOnWord() {
            return exchange -> {
                if (exchange.getMessage().getBody() instanceof Final said
                        && said.text().contains("w20")) {
                    throw new IllegalArgumentException("this word is not to my liking");
                }
            };
        }
    }

    @Autowired
    private PublicListener listener;

    @Autowired
    private Vertx vertx;

    @Autowired
    private MeterRegistry meters;

    private URI address(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + listener.actualPort() + path);
    }

    @Test
    void theCallGoesOnItsLossesAreToldAndTheLogIsNotFlooded() throws Exception {
        List<ILoggingEvent> logged;
        try (CapturedLog log = CapturedLog.of(Logger.ROOT_LOGGER_NAME);
                DashboardClient dashboard = new DashboardClient(address("ws", "/v1/transcripts"))) {
            String id = new ExotelCaller(vertx, 1)
                    .place(new CallPlan(
                            address("ws", "/v1/exotel"),
                            ListeningRecogniser.saying(8000, 1, 24),
                            null,
                            false,
                            20,
                            1,
                            Duration.ZERO,
                            CallPlan.DEFAULT_CONNECT_TIMEOUT,
                            null,
                            null))
                    .streamSids()
                    .get(0);

            await().atMost(AT_MOST).until(() -> dashboard.hasEnded(id));

            List<JsonNode> gaps = dashboard.events(id).stream()
                    .filter(event -> event.path("type").asText().equals("gap"))
                    .toList();
            assertThat(gaps)
                    .anySatisfy(gap -> assertThat(gap.path("end_ms").asLong()
                                    - gap.path("start_ms").asLong())
                            .isEqualTo(1000));
            assertThat(gaps)
                    .anySatisfy(gap -> assertThat(gap.path("reason").asText())
                            .isEqualTo("route asr-transcripts failed at step team-words: IllegalArgumentException"));
            assertThat(dashboard.transcript(id)).contains("w1 ").contains("w24").doesNotContain("w20");
            assertThat(dashboard.events(id))
                    .extracting(event -> event.path("seq").asLong())
                    .isSorted()
                    .doesNotHaveDuplicates();
            logged = log.events();
        }
        assertThat(failures("exotel-in")).isEqualTo(LOST_FRAMES);
        assertThat(failures("asr-transcripts")).isEqualTo(1);
        assertThat(logged.stream().filter(line -> line.getThrowableProxy() != null))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.getFormattedMessage()).isEqualTo("A step failed"));
        HttpResponse<String> health = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address("http", "/health")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(health.statusCode()).isEqualTo(200);
    }

    private double failures(String route) {
        return meters.get("rtaa.route.failures").tag("route", route).counter().count();
    }
}
