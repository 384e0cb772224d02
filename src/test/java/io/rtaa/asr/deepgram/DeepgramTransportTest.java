package io.rtaa.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.asr.RecogniserRequest;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeepgramTransportTest {

    @ParameterizedTest
    @CsvSource({
        "wss://api.deepgram.com, /v1/listen?q=1, 443, true",
        "wss://api.deepgram.com/, /v1/listen?q=1, 443, true",
        "WSS://api.eu.deepgram.com:8443/a/b/, /a/b/v1/listen?q=1, 8443, true",
        "ws://127.0.0.1:9091, /v1/listen?q=1, 9091, false",
        "ws://localhost, /v1/listen?q=1, 80, false",
        "wss://speech_to_text:8443/a, /a/v1/listen?q=1, 8443, true"
    })
    void addsThePathToTheBase(URI base, String uri, int port, boolean secure) {
        DeepgramTransport transport = DeepgramTransport.to(base);

        assertThat(transport.uri("q=1")).isEqualTo(uri);
        assertThat(transport.port()).isEqualTo(port);
        assertThat(transport.isSecure()).isEqualTo(secure);
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.deepgram.com, has the scheme 'https'; allowed: wss",
        "api.deepgram.com, has the scheme ''; allowed: wss",
        "wss:/v1, names no host",
        "wss://api.deepgram.com:99999, has the port 99999; allowed: 1 to 65535",
        "wss://api.deepgram.com/v1/listen/, 'ends in /v1/listen; allowed: without it'",
        "wss://u:hunter2@my_deepgram, 'has a user, a query or a fragment'",
        "wss://my_deepgram:99999, has the port 99999; allowed: 1 to 65535",
        "wss://u:hunter2@api.deepgram.com, 'has a user, a query or a fragment'",
        "wss://api.deepgram.com?model=x, 'has a user, a query or a fragment'"
    })
    void refusesOtherAddressesWithoutShowingCredentials(URI base, String message) {
        assertThatThrownBy(() -> DeepgramTransport.to(base))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aHostMayHaveAnUnderscore() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(new AddressResolverOptions()
                        .setHostsValue(Buffer.buffer("127.0.0.1 localhost speech_to_text"))));
        try {
            DeepgramStandIn standIn = DeepgramStandIn.start(vertx, DeepgramStandIn.Config.standard());
            RecordingListener heard = new RecordingListener();
            new DeepgramProvider(
                            vertx,
                            new SimpleMeterRegistry(),
                            DeepgramTransport.to(URI.create(
                                    "ws://speech_to_text:" + standIn.url().getPort())),
                            DeepgramOptions.DEFAULTS,
                            DeepgramKeys.of("key"))
                    .open(
                            new RecogniserRequest(
                                    new CallInfo(new StreamId("acme", "call-1"), null, null, null, null, 8000, 0)),
                            heard);

            await().until(() -> !heard.all.isEmpty());
            assertThat(heard.names()).containsExactly("opened");
        } finally {
            vertx.close();
        }
    }

    @Test
    void refusesWaitsOfNothing() {
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new DeepgramTransport(
                        DeepgramTransport.DEFAULT_BASE_URL, second, Duration.ZERO, second, second, second, second))
                .hasMessage("keepAliveAfter is PT0S; allowed: a millisecond or more");
        assertThatThrownBy(() -> new DeepgramTransport(
                        DeepgramTransport.DEFAULT_BASE_URL,
                        second,
                        second,
                        second,
                        second,
                        second,
                        Duration.ofMillis(999)))
                .hasMessage("maxCoolDown is PT0.999S; allowed: as long as coolDown, PT1S, or longer");
    }
}
