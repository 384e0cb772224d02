package io.rtaa.telephony;

import static io.rtaa.telephony.IngestRoutes.CALLER;
import static io.rtaa.telephony.IngestRoutes.LEG;
import static io.rtaa.telephony.IngestRoutes.STOP;
import static io.rtaa.telephony.IngestRoutes.ingestStart;
import static io.rtaa.telephony.IngestRoutes.media;
import static io.rtaa.telephony.IngestRoutes.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallStart;
import io.rtaa.call.CloseCause;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the ingest routes start and end a stream, and how they keep streams with the same id apart. */
class IngestStreamsTest {

    private final IngestRoutes routes;

    IngestStreamsTest() throws Exception {
        routes = new IngestRoutes();
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    @Test
    void aSilentCallSaysThatItIsStillThere() throws Exception {
        var socket = routes.exotel("k1", null);
        socket.send(start("S1", ""), media(new byte[1600]));
        routes.lookForSilence();
        assertThat(routes.published("S1")).as("audio came since the last look").hasSize(2);
        routes.lookForSilence();
        routes.lookForSilence();
        socket.send(media(new byte[1600]), STOP);
        routes.lookForSilence();

        List<AudioMessage> messages = routes.published("S1");
        assertThat(messages).extracting(AudioMessage::number).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(messages.subList(2, 4)).allSatisfy(message -> {
            AudioWindow sign = (AudioWindow) message;
            assertThat(sign.samples()).isZero();
            assertThat(sign.firstSample()).isEqualTo(800);
        });
        assertThat(messages.get(5))
                .isEqualTo(new CallEnd(new StreamId("acme1", "S1"), 5, 1600, EndReason.CALLENDED, LEG));
    }

    @Test
    void aWindowThatIsFillingIsSignOfLifeEnough() throws Exception {
        var socket = routes.pcm("k1", CALLER);
        socket.send(ingestStart("P1"), new byte[320]);
        routes.lookForSilence();
        routes.lookForSilence();
        socket.send("{\"event\":\"stop\"}");
        assertThat(routes.published("P1")).extracting(AudioMessage::number).containsExactly(0L, 1L, 2L);
        assertThat(routes.audio("P1")).hasSize(320);
    }

    @Test
    void endsACallWhoseSocketDropsAsAStopDoes() throws Exception {
        var stopped = routes.exotel("k1", null);
        var dropped = routes.exotel("k2", null);
        stopped.send(start("stopped", ""), media(new byte[480]), STOP);
        dropped.send(start("dropped", ""), media(new byte[480]));
        assertThat(routes.liveLegs().liveCount()).isEqualTo(1);
        dropped.drop();
        dropped.drop();

        assertThat(routes.audio("dropped")).isEqualTo(routes.audio("stopped"));
        assertThat(routes.published("dropped")).hasSameSizeAs(routes.published("stopped"));
        assertThat(routes.published("dropped").get(2))
                .isEqualTo(new CallEnd(new StreamId("acme1", "dropped"), 2, 240, EndReason.DISCONNECTED, LEG));
        assertThat(routes.liveLegs().liveCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "PEER_CLOSED, DISCONNECTED",
        "PEER_DROPPED, DISCONNECTED",
        "PEER_DEAD, DISCONNECTED",
        "IDLE, IDLE",
        "PROTOCOL_ERROR, REFUSED",
        "SLOW_READER, REFUSED",
        "ROUTE_CLOSED, REFUSED",
        "ROUTE_FAILED, FAILED",
        "ROUTE_STOPPED, DRAINED"
    })
    void saysWhyACallEndedWhoseSocketClosed(CloseCause cause, EndReason reason) throws Exception {
        var exotel = routes.exotel("k1", null);
        var plain = routes.pcm("k2", CALLER);
        exotel.send(start("S1", ""));
        plain.send(ingestStart("P1"));

        exotel.close(cause);
        plain.close(cause);

        assertThat(routes.published("S1").get(1))
                .isEqualTo(new CallEnd(new StreamId("acme1", "S1"), 1, 0, reason, LEG));
        assertThat(routes.published("P1").get(1)).isEqualTo(new CallEnd(new StreamId("acme", "P1"), 1, 0, reason, LEG));
    }

    @Test
    void endsTheRunningCallOfACallerThatIsRefused() throws Exception {
        var exotel = routes.exotel("k1", null);
        var plain = routes.pcm("k2", CALLER);
        exotel.send(start("S1", ""), media(new byte[1600]), start("x".repeat(200), ""), media(new byte[1600]));
        plain.send(ingestStart("P1"), ingestStart("P2"));

        assertThat(routes.published("S1").get(3))
                .isEqualTo(new CallEnd(new StreamId("acme1", "S1"), 3, 800, EndReason.REFUSED, LEG));
        assertThat(routes.published("P1").get(2))
                .isEqualTo(new CallEnd(new StreamId("acme", "P1"), 2, 0, EndReason.REFUSED, LEG));
        assertThat(routes.liveLegs().liveCount()).isZero();
        assertThat(routes.written()).hasSize(3).anyMatch(reply -> reply.startsWith("k1: 1008 stream_sid has 200"));
    }

    @Test
    void saysThatACallWasDrainedWhenWeCloseItsSocket() throws Exception {
        var socket = routes.exotel("k1", null);
        socket.send(start("S1", ""));
        routes.liveLegs().cutOff();
        socket.drop();

        assertThat(routes.published("S1").get(1))
                .isEqualTo(new CallEnd(new StreamId("acme1", "S1"), 1, 0, EndReason.DRAINED, LEG));
    }

    @Test
    void neverTouchesALiveStreamThatASecondSocketClaims() throws Exception {
        var first = routes.exotel("k1", null);
        var second = routes.exotel("k2", null);
        first.send(start("S1", ""), media(new byte[800]));
        byte[] other = new byte[1600];
        Arrays.fill(other, (byte) 7);
        second.send(start("S1", ""), media(other), STOP);
        first.send(media(new byte[800]), STOP);

        assertThat(routes.audio("S1")).isEqualTo(new byte[1600]);
        assertThat(routes.audio("S1~2")).isEqualTo(other);
        assertThat(((CallStart) routes.published("S1~2").get(0)).info().streamSid())
                .isEqualTo("S1");
    }

    @Test
    void aSecondStreamOfAnIdGoesOnAfterItsSocketWasCutOff() throws Exception {
        var first = routes.exotel("k1", null);
        var second = routes.exotel("k2", null);
        first.send(start("S1", ""), media(new byte[800]));
        second.send(start("S1", ""), media(new byte[1600]));
        second.drop();

        var again = routes.exotel("k3", null);
        again.send(start("S1", ""), media(new byte[3200]), STOP);
        first.send(STOP);

        assertThat(routes.audio("S1")).hasSize(800);
        assertThat(routes.audio("S1~2")).hasSize(1600 + 3200);
        assertThat(routes.published("S1~3")).isEmpty();
    }

    @Test
    void startsASecondStreamOnTheSameSocketAfterEndingTheFirst() throws Exception {
        var socket = routes.exotel("k1", null);
        socket.send(start("S1", ""), media(new byte[4]), start("S2", ""), media(new byte[6]), STOP);

        assertThat(routes.published("S1")).hasSize(3);
        assertThat(routes.published("S2")).hasSize(3);
        assertThat(routes.audio("S2")).hasSize(6);
    }
}
