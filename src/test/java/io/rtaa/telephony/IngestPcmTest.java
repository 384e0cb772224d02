package io.rtaa.telephony;

import static io.rtaa.telephony.IngestRoutes.CALLER;
import static io.rtaa.telephony.IngestRoutes.LEG;
import static io.rtaa.telephony.IngestRoutes.ingestStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CallEnd;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.telephony.pcm.PcmAnomaly;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ingest routes publish of a call over the plain PCM protocol, and what they answer its caller. */
class IngestPcmTest {

    private final IngestRoutes routes;

    IngestPcmTest() throws Exception {
        routes = new IngestRoutes();
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    @Test
    void answersEveryMessageOfAFrameOfAPlainCaller() throws Exception {
        var socket = routes.pcm("k1", CALLER);
        socket.send(ingestStart("call") + "{\"event\":\"stop\"}");

        assertThat(routes.written())
                .containsExactly("k1: {\"event\":\"started\",\"interaction_id\":\"call\"}", "k1: 1000 stopped");
        assertThat(routes.published("call")).hasSize(2);
    }

    @Test
    void countsWhatAPlainCallerSendsBesideTheProtocol() throws Exception {
        var socket = routes.pcm("k1", CALLER);
        socket.send("{\"type\":\"KeepAlive\"}", ingestStart("call").replace("}", ",\"mood\":\"good\"}"), "ping");
        socket.send(new byte[640], "{\"event\":\"stop\"}", new byte[640]);

        assertThat(routes.pcmProcessor().count(PcmAnomaly.KEEP_ALIVE)).isEqualTo(2);
        assertThat(routes.pcmProcessor().count(PcmAnomaly.UNKNOWN_FIELD)).isEqualTo(1);
        assertThat(routes.pcmProcessor().count(PcmAnomaly.AFTER_END)).isEqualTo(1);
        assertThat(routes.published("call"))
                .last()
                .isEqualTo(new CallEnd(new StreamId("acme", "call"), 2, 320, EndReason.STOPPED, LEG));
    }

    @Test
    void refusesAPlainCallerWhoseAudioWouldBeMisread() throws Exception {
        var socket = routes.pcm("k1", CALLER);
        socket.send(ingestStart("call").replace("}", ",\"channels\":2}"), new byte[640]);

        assertThat(routes.written()).containsExactly("k1: 1008 'channels' is '2'; allowed: 1");
        assertThat(routes.published("call")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event\":\"connected\"}",
                "{\"Event\":\"connected\"}",
                "{\"event\":\"media\",\"stream_sid\":\"s\",\"media\":{\"payload\":\"AAAA\"}}",
                "{\"event\":\"start\",\"stream_sid\":\"s\",\"start\":{\"call_sid\":\"C\"}}",
                "{\"event\":\"start\",\"start\":{\"streamSid\":\"s\"}}"
            })
    void sendsAnExotelCallerToItsOwnEndpoint(String message) throws Exception {
        routes.pcm("k1", CALLER).send(message);

        assertThat(routes.written())
                .singleElement()
                .asString()
                .startsWith("k1: 1008 ")
                .contains("/v1/exotel");
    }

    @Test
    void answersAPlainCaller() throws Exception {
        var socket = routes.pcm("k1", CALLER);
        socket.send(ingestStart("call"));
        for (int frame = 0; frame < 10; frame++) {
            socket.send(new byte[641]);
        }
        socket.send("{\"event\":\"stop\"}");
        socket.drop();

        assertThat(routes.written())
                .containsExactly(
                        "k1: {\"event\":\"started\",\"interaction_id\":\"call\"}",
                        "k1: {\"event\":\"ack\",\"seq\":10}",
                        "k1: 1000 stopped");
        assertThat(routes.published("call").get(0).stream().tenantId()).isEqualTo("acme");
        assertThat(routes.audio("call")).hasSize(6410);
    }

    @Test
    void refusesAPlainCallerWhoseIdIsLiveOrEndedLately() throws Exception {
        var first = routes.pcm("k1", CALLER);
        var second = routes.pcm("k2", CALLER);
        var third = routes.pcm("k3", CALLER);
        first.send(ingestStart("call"));
        second.send(ingestStart("call"), new byte[320]);
        second.drop();
        first.send(new byte[640], "{\"event\":\"stop\"}");
        third.send(ingestStart("call"));

        assertThat(routes.published("call")).hasSize(3);
        assertThat(routes.audio("call")).hasSize(640);
        assertThat(routes.written().get(1)).startsWith("k2: 1008 interaction_id is live already");
        assertThat(routes.written().get(3)).startsWith("k3: 1008 interaction_id ended less than 10 minutes ago");
    }

    @Test
    void takesTheIdOfAPlainCallerWhoseSocketWasCutOff() throws Exception {
        var first = routes.pcm("k1", CALLER);
        first.send(ingestStart("call"), new byte[640]);
        first.drop();
        var second = routes.pcm("k2", CALLER);
        second.send(ingestStart("call"), new byte[320]);

        assertThat(routes.written()).last().asString().startsWith("k2: {\"event\":\"started\"");
        assertThat(routes.published("call").get(2))
                .isInstanceOfSatisfying(
                        CallEnd.class, end -> assertThat(end.reason()).isEqualTo(EndReason.DISCONNECTED));
        assertThat(routes.published("call").get(3)).isInstanceOf(CallStart.class);
    }

    @Test
    void endsThePlainCallOfWhoBreaksTheProtocol() throws Exception {
        var socket = routes.pcm("k1", CALLER);
        socket.send(ingestStart("call"), new byte[64], "rubbish", new byte[64]);
        socket.drop();

        assertThat(routes.written()).last().asString().startsWith("k1: 1008 a text message is no JSON object");
        StreamId stream = new StreamId("acme", "call");
        assertThat(routes.published("call"))
                .endsWith(
                        new CallNote(
                                stream,
                                2,
                                32,
                                16000,
                                true,
                                "a text message is no JSON object; allowed: events start and stop",
                                LEG),
                        new CallEnd(stream, 3, 32, EndReason.REFUSED, LEG));
    }
}
