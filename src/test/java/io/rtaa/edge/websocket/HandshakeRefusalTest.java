package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.routes.HandshakeExchange;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a peer is answered that does not get in. */
@Timeout(30)
class HandshakeRefusalTest extends GuardedEndpoint {

    @Test
    void refuses401WithAChallengeAndAReason() {
        verdict.complete(new Verdict.Refused(401, "no \"token\"", null, "Bearer realm=\"rtaa\""));

        HttpResponse<?> response = refused();

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer realm=\"rtaa\"");
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("retry-after")).isEmpty();
        assertThat(fixture.count("guarded", "handshakes.refused", "status", "401"))
                .isEqualTo(1);
        assertThat(principals).isEmpty();
    }

    @Test
    void refuses403() {
        verdict.complete(new Verdict.Refused(403, "not your door", null));

        assertThat(refused().statusCode()).isEqualTo(403);
    }

    @Test
    void roundsRetryAfterUpToWholeSeconds() {
        verdict.complete(new Verdict.Refused(429, "too many", Duration.ofMillis(1001)));

        HttpResponse<?> response = refused();

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("retry-after")).contains("2");
    }

    @Test
    void refuses503WhenTheRouteFailsWithoutSayingWhy() throws Exception {
        verdict.completeExceptionally(new IllegalStateException("secret detail"));

        String answer = rawAnswer(upgradeRequest());

        assertThat(answer).startsWith("HTTP/1.1 503").doesNotContain("secret").contains("\"error\":503");
    }

    @Test
    void refuses503WhenTheRouteGivesNoAnswerInTime() {
        assertThat(refused().statusCode()).isEqualTo(503);

        verdict.complete(new Verdict.Granted(ASHA, null));
        assertThat(fixture.count("guarded", "handshakes.refused", "status", "503"))
                .isEqualTo(1);
        assertThat(fixture.count("guarded", "sockets.opened")).isZero();
    }

    @Test
    void refusesWhereTheRouteGrantsNothing() throws Exception {
        fixture.camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:nobody").log("a handshake");
                from("websocket:closed?path=/v1/closed&kind=caller&handshake=direct:nobody")
                        .stop();
            }
        });

        assertThat(get("/v1/closed"))
                .returns(403, HttpResponse::statusCode)
                .extracting(HttpResponse::body, InstanceOfAssertFactories.STRING)
                .contains("lets nobody in");
    }

    @Test
    void refuses503WhereAStepFailsAfterAGrantAlthoughTheRouteHandlesIt() throws Exception {
        fixture.camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:handling")
                        .onException(IllegalStateException.class)
                        .handled(true)
                        .end()
                        .process(HandshakeRefusalTest::grant)
                        .throwException(new IllegalStateException("no place was taken"));
                from("direct:dead")
                        .errorHandler(deadLetterChannel("log:dead"))
                        .process(HandshakeRefusalTest::grant)
                        .throwException(new IllegalStateException("no place was taken"));
                from("direct:refusing")
                        .onException(IllegalStateException.class)
                        .handled(true)
                        .process(exchange -> HandshakeExchange.of(exchange)
                                .refuse(exchange, new Verdict.Refused(429, "later", null)))
                        .end()
                        .process(HandshakeRefusalTest::grant)
                        .throwException(new IllegalStateException("no place was taken"));
                from("websocket:refusing?path=/v1/refusing&kind=caller&handshake=direct:refusing")
                        .stop();
                from("websocket:handling?path=/v1/handling&kind=caller&handshake=direct:handling")
                        .stop();
                from("websocket:dead?path=/v1/dead&kind=caller&handshake=direct:dead")
                        .stop();
            }
        });

        assertThat(get("/v1/handling").statusCode()).isEqualTo(503);
        assertThat(get("/v1/dead").statusCode()).isEqualTo(503);
        assertThat(get("/v1/refusing").statusCode()).isEqualTo(429);
    }

    private static void grant(Exchange exchange) {
        HandshakeExchange.of(exchange).grant(ASHA);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void refuses503WhereTheRouteIsStopped(CapturedOutput output) throws Exception {
        fixture.camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("websocket:alone?path=/v1/alone&kind=caller&handshake=direct:missing")
                        .stop();
            }
        });

        assertThat(get("/v1/alone").statusCode()).isEqualTo(503);
        assertThat(output)
                .contains(
                        "Every handshake on /v1/alone of websocket:alone is answered with 503: no route of this process is"
                                + " from direct:missing; allowed: ")
                .doesNotContain("Every handshake on /v1/guarded");
    }

    @Test
    void asksForAnUpgradeWhereThereIsNone() throws Exception {
        verdict.complete(new Verdict.Granted(ASHA, null));

        HttpResponse<String> response = get("/v1/guarded");

        assertThat(response.statusCode()).isEqualTo(426);
        assertThat(response.headers().firstValue("upgrade")).contains("websocket");
        assertThat(response.body()).contains("\"error\":426", "\"reason\":");
        assertThat(principals).isEmpty();
    }

    @Test
    void tellsAPlainRequestWhyItsHandshakeWouldBeRefused() throws Exception {
        verdict.complete(new Verdict.Refused(403, "not from this page", null));

        HttpResponse<String> response = get("/v1/guarded");

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("www-authenticate")).isEmpty();
        assertThat(response.body()).contains("not from this page");
    }

    @Test
    void challengesA403ThatOtherCredentialsCanChange() {
        verdict.complete(new Verdict.Refused(403, "not with this token", null, "Bearer realm=\"rtaa\""));

        HttpResponse<?> response = refused();

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer realm=\"rtaa\"");
    }

    @Test
    void answersAMalformedHandshakeWithAnErrorAndGoesOn() throws Exception {
        verdict.complete(new Verdict.Granted(ASHA, null));

        String noKey = rawAnswer("GET /v1/guarded HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\n\r\n");
        String oldVersion =
                rawAnswer("GET /v1/guarded HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 3\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        assertThat(noKey).startsWith("HTTP/1.1 400");
        assertThat(oldVersion).startsWith("HTTP/1.1 426");
        handshake().abort();
        await().until(() -> principals.contains(ASHA));
    }
}
