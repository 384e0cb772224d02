package io.rtaa.dashboard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DashboardApiTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Events call = Events.of("t", "a b", System.currentTimeMillis());
    private final TestServer server = new TestServer(() -> CompletableFuture.completedFuture("demo"));

    @BeforeEach
    void fill() {
        server.publish(
                call.started(1),
                call.said(2, "How may I <help> you?", 0, false),
                call.said(3, "Sir?", 0, true),
                call.gap(4, "cut"),
                call.saidWithoutWords(
                        5,
                        "This one is much longer than any two lines of captions may be, so that it has to be told in"
                                + " two.",
                        6000,
                        12000));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + "/api/demo-calls"))
                .POST(HttpRequest.BodyPublishers.noBody());
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void listsCallsWithWhatAReaderWantsToKnow() throws Exception {
        HttpResponse<String> answer = get("/api/calls");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains(
                        "\"interaction_id\":\"a b\"",
                        "\"state\":\"live\"",
                        "\"finals\":3",
                        "\"from\":\"+919876543210\"");
        assertThat(get("/api/calls/a%20b").statusCode()).isEqualTo(200);
        assertThat(get("/api/calls/nobody").statusCode()).isEqualTo(404);
        assertThat(get("/api/nothing").body()).contains("\"error\"");
    }

    @Test
    void answersThatNobodyReadsTakeABoundedAmountOfMemory() throws Exception {
        // More than the system takes for a peer that does not read.
        Events lengthy = Events.of("t", "lengthy", System.currentTimeMillis());
        server.publish(lengthy.started(1), lengthy.saidWithoutWords(2, "x".repeat(16 << 20), 0, 1000));
        List<Socket> silent = new ArrayList<>();
        try {
            await().until(() -> {
                silent.add(askAndReadNothing());
                return get("/api/calls/a%20b").statusCode() == 503;
            });
            assertThat(get("/api/calls").statusCode()).isEqualTo(503);
            assertThat(get("/api/calls/a%20b").headers().firstValue("Retry-After"))
                    .hasValue("5");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }

        await().until(() -> get("/api/calls/a%20b").statusCode() == 200);
    }

    private Socket askAndReadNothing() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        URI address = URI.create(server.url());
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
        socket.getOutputStream()
                .write("GET /api/calls/lengthy/transcript?format=txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .getBytes(US_ASCII));
        return socket;
    }

    @Test
    void aCallOfWhichNothingComesIsLostUntilSomethingDoes() throws Exception {
        server.passes(TestServer.LOST_AFTER);

        assertThat(get("/api/calls/a%20b").body())
                .contains("\"state\":\"lost\"")
                .doesNotContain("end_reason");
        assertThat(get("/api/calls?state=lost").body()).contains("\"interaction_id\":\"a b\"");
        assertThat(get("/api/calls?state=live").body()).isEqualTo("{\"calls\":[]}");
        assertThat(get("/api/calls?state=gone").body()).contains("state is gone; allowed: live, lost, ended");

        server.keepAlive(call.stream());
        assertThat(get("/api/calls/a%20b").body()).contains("\"state\":\"live\"");
    }

    @Test
    void answersWhileOthersHaveAllOfVertxWorkers() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try {
            server.occupyVertxWorkers(goOn);

            assertThat(get("/api/calls").statusCode()).isEqualTo(200);
            assertThat(get("/").statusCode()).isEqualTo(200);
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void refusesARequestWith503OnceTooManyWait() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        server.workers.bindTo(meters);
        CountDownLatch goOn = new CountDownLatch(1);
        try {
            for (int i = 0; i < PageWorkers.THREADS + PageWorkers.QUEUE; i++) {
                server.workers.execute(() -> awaitQuietly(goOn));
            }

            HttpResponse<String> refused = get("/api/calls");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(refused.body()).contains("too many requests wait already");
            assertThat(meters.get("rtaa.dashboard.requests.waiting").gauge().value())
                    .isEqualTo(PageWorkers.QUEUE);
            assertThat(meters.get("rtaa.dashboard.requests.refused")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
        } finally {
            goOn.countDown();
        }
        await().untilAsserted(() -> assertThat(get("/api/calls").statusCode()).isEqualTo(200));
    }

    @Test
    void aRequestForOneCallWaitsForAThreadBeforeItIsLookedFor() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try {
            for (int i = 0; i < PageWorkers.THREADS + PageWorkers.QUEUE; i++) {
                server.workers.execute(() -> awaitQuietly(goOn));
            }

            for (String path : List.of("/api/calls/nobody", "/api/calls/nobody/transcript")) {
                assertThat(get(path).statusCode()).as(path).isEqualTo(503);
            }
        } finally {
            goOn.countDown();
        }
        await().untilAsserted(
                        () -> assertThat(get("/api/calls/nobody").statusCode()).isEqualTo(404));
        HttpResponse<String> unknown = get("/api/calls/nobody/transcript?format=srt");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("Content-Disposition")).isEmpty();
        assertThat(unknown.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(get("/api/calls/a%20b/transcript?format=srt").headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"transcript-a_b.srt\"");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void writesSubtitlesThatPlayersUnderstand() throws Exception {
        HttpResponse<String> srt = get("/api/calls/a%20b/transcript?format=srt");
        assertThat(srt.headers().firstValue("Content-Type")).contains("application/x-subrip; charset=utf-8");
        assertThat(srt.body()).isEqualTo("""
                1
                00:00:02,000 --> 00:00:02,490
                How may I <help> you?

                2
                00:00:03,000 --> 00:00:04,000
                Sir?

                3
                00:00:04,000 --> 00:00:04,700
                [audio lost: cut]

                4
                00:00:06,000 --> 00:00:11,250
                This one is much longer than any two lines
                of captions may be, so that it has to be

                5
                00:00:11,250 --> 00:00:12,000
                told in two.

                """);
        HttpResponse<String> vtt = get("/api/calls/a%20b/transcript?format=vtt");
        assertThat(vtt.headers().firstValue("Content-Type")).contains("text/vtt; charset=utf-8");
        assertThat(vtt.body()).startsWith("WEBVTT\n\n00:00:02.000 --> 00:00:02.490\nHow may I &lt;help&gt; you?\n\n");
        assertThat(get("/api/calls/a%20b/transcript?format=txt").body())
                .contains("\n[00:00:02] How may I <help> you? Sir?\n[00:00:04] (700 ms of audio lost: cut)\n");
        assertThat(get("/api/calls/a%20b/transcript").body()).contains("\"events\":[{\"type\":\"final\"");
        HttpResponse<String> bad = get("/api/calls/a%20b/transcript?format=doc");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("json, txt, srt, vtt");
    }

    @Test
    void gapsThatTouchAreReadAsOneAndKeptAsTheyWerePublished() throws Exception {
        Events outage = Events.of("t", "outage", System.currentTimeMillis());
        server.publish(
                outage.started(1),
                outage.said(2, "Hello?", null, true),
                outage.gap(3, 3000, 4000, "recogniser away"),
                outage.gap(4, 4000, 5000, "recogniser away"),
                outage.gap(5, 5000, 5500, "audio missing"),
                outage.said(6, "Yes.", null, true));

        assertThat(get("/api/calls/outage/transcript?format=txt").body())
                .endsWith("\n\n[00:00:02] Hello?\n"
                        + "[00:00:03] (2500 ms of audio lost: recogniser away; audio missing)\n[00:00:06] Yes.\n");
        assertThat(get("/api/calls/outage/transcript?format=srt").body())
                .contains("""
                2
                00:00:03,000 --> 00:00:05,500
                [audio lost: recogniser away; audio
                missing]
                """)
                .doesNotContain("\n4\n");
        assertThat(get("/api/calls/outage/transcript?format=vtt").body())
                .containsOnlyOnce("audio lost")
                .contains("00:00:03.000 --> 00:00:05.500\n");
        assertThat(get("/api/calls/outage/transcript").body().split("\"type\":\"gap\"", -1))
                .as("as they were published")
                .hasSize(4);
    }

    @Test
    void finalsWithoutWordsOnlyPartUtterances() throws Exception {
        Events quiet = Events.of("t", "quiet", System.currentTimeMillis());
        server.publish(
                quiet.started(1),
                quiet.utteranceEnd(2),
                quiet.said(3, "One.", null, false),
                quiet.utteranceEnd(4),
                quiet.said(5, "Two.", null, false),
                quiet.utteranceEnd(6));

        assertThat(get("/api/calls/quiet").body()).contains("\"finals\":2", "\"last_text\":\"Two.\"");
        assertThat(get("/api/calls/quiet/transcript?format=txt").body())
                .endsWith("\n\n[00:00:03] One.\n[00:00:05] Two.\n");
        assertThat(get("/api/calls/quiet/transcript?format=srt").body()).isEqualTo("""
                1
                00:00:03,000 --> 00:00:04,000
                One.

                2
                00:00:05,000 --> 00:00:06,000
                Two.

                """);
        assertThat(get("/api/calls/quiet/transcript?format=vtt").body()).isEqualTo("""
                WEBVTT

                00:00:03.000 --> 00:00:04.000
                One.

                00:00:05.000 --> 00:00:06.000
                Two.

                """);
    }

    @Test
    void showsATenantItsOwnCallsAndAsksWhichWhereTwoHaveTheId() throws Exception {
        server.publish(Events.of("u", "a b", System.currentTimeMillis()).said(1, "Mine."));
        assertThat(get("/api/calls/a%20b").statusCode()).isEqualTo(409);
        assertThat(get("/api/calls/a%20b?tenant_id=u").body()).contains("Mine.");

        server.guard = handshake ->
                CompletableFuture.completedFuture(new Verdict.Granted(new Principal("v", Role.VIEWER, "u"), null));
        assertThat(get("/api/calls").body()).contains("Mine.").doesNotContain("\"tenant_id\":\"t\"");
        server.guard =
                handshake -> CompletableFuture.completedFuture(new Verdict.Refused(401, "no token", null, "Bearer"));
        assertThat(get("/api/calls").statusCode()).isEqualTo(401);
    }

    @Test
    void placesAFewDemoCallsAtOnce() throws Exception {
        for (int i = 0; i < DemoCalls.MAX_AT_ONCE; i++) {
            server.publish(
                    Events.of("t", "demo" + i, System.currentTimeMillis()).started(1));
        }
        assertThat(post("Origin", server.url()).body()).isEqualTo("{\"interaction_id\":\"demo\"}");
        assertThat(post().statusCode()).isEqualTo(202);
    }

    @Test
    void servesThePageItsModulesAndNothingElse() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("script-src 'self' 'sha256-", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body()).contains("<script type=\"importmap\">{\"imports\":{");
        HttpResponse<String> module = get("/_static/lit/3.3.0/index.js");
        assertThat(module.statusCode()).isEqualTo(200);
        assertThat(module.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        for (String path : new String[] {
            "/_static/lit/3.3.0/../../../../application.yaml",
            "/_static/lit/3.3.0/%2e%2e/x.js",
            "/_static/lit/3.3.0/package.json"
        }) {
            assertThat(get(path).statusCode()).isEqualTo(404);
        }
    }
}
