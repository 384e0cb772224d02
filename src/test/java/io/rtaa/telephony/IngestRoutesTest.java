package io.rtaa.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallStart;
import io.rtaa.call.CloseCause;
import io.rtaa.call.EndReason;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.StreamId;
import io.rtaa.telephony.exotel.ExotelAnomaly;
import io.rtaa.telephony.pcm.PcmAnomaly;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IngestRoutesTest {

    /** When streams start, by the clock of the test. */
    private static final long LEG = 1_763_800_000_000L;

    private static final Principal CALLER = new Principal("caller", Role.CALLER, "acme");

    private final IngestRoutes routes;
    private final AtomicInteger tries = new AtomicInteger();

    IngestRoutesTest() throws Exception {
        routes = new IngestRoutes();
    }

    @AfterEach
    @AfterProperty
    void stop() {
        routes.close();
    }

    private static String start(String sid, String more) {
        return "{\"event\":\"start\",\"stream_sid\":\"" + sid
                + "\",\"start\":{\"call_sid\":\"C\",\"account_sid\":\"acme1\"" + more + "}}";
    }

    private static String media(byte[] audio) {
        return "{\"event\":\"media\",\"media\":{\"payload\":\""
                + Base64.getEncoder().encodeToString(audio) + "\"}}";
    }

    private static final String STOP = "{\"event\":\"stop\",\"stop\":{\"reason\":\"callended\"}}";

    private static String ingestStart(String id) {
        return "{\"event\":\"start\",\"interaction_id\":\"" + id
                + "\",\"tenant_id\":\"theirs\",\"sample_rate\":16000,\"encoding\":\"pcm16\"}";
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
    void carriesAnExotelCallFromItsStartToItsEndWithoutAWordToTheSocket() throws Exception {
        var socket = routes.exotel("k1", null);
        socket.send("{\"event\":\"connected\"}", start("S1", ",\"from\":\"1\",\"to\":\"2\""));
        socket.send(media(new byte[1600]), media(new byte[321]), STOP, STOP, media(new byte[2]));
        socket.drop();

        List<AudioMessage> messages = routes.published("S1");
        assertThat(messages).hasSize(4);
        assertThat(messages.get(0)).isInstanceOfSatisfying(CallStart.class, start -> {
            assertThat(start.info().stream()).isEqualTo(new StreamId("acme1", "S1"));
            assertThat(start.info().callSid()).isEqualTo("C");
            assertThat(start.info().from()).isEqualTo("1");
            assertThat(start.info().sampleRate()).isEqualTo(8000);
        });
        assertThat(messages.get(3))
                .isEqualTo(new CallEnd(new StreamId("acme1", "S1"), 3, 960, EndReason.CALLENDED, LEG));
        assertThat(routes.written()).isEmpty();
        assertThat(routes.liveLegs().connectionCount()).isZero();
        assertThat(routes.exotelLegs().count(ExotelAnomaly.MEDIA_AFTER_STOP)).isEqualTo(1);
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

    @Test
    void keepsAudioThatComesBeforeTheStart() throws Exception {
        var socket = routes.exotel("k1", "sample-rate=24000");
        socket.send("{\"event\":\"media\",\"stream_sid\":\"S1\",\"media\":{\"payload\":\"AAEC\"}}");
        socket.send("{\"event\":\"media\",\"stream_sid\":\"S1\",\"media\":{\"payload\":\"Aw==\"}}");
        assertThat(routes.published("S1")).isEmpty();
        socket.drop();

        assertThat(routes.audio("S1")).containsExactly(0, 1, 2, 3);
        assertThat(routes.published("S1"))
                .last()
                .isEqualTo(new CallEnd(new StreamId("default", "S1"), 2, 2, EndReason.DISCONNECTED, LEG));
        AudioMessage start = routes.published("S1").get(0);
        assertThat(((CallStart) start).info().sampleRate()).isEqualTo(24000);
        assertThat(start.stream().tenantId()).isEqualTo("default");
    }

    @Test
    void readsAudioThatComesBeforeTheStartAsTheStartSays() throws Exception {
        var socket = routes.exotel("k1", "sample-rate=24000");
        byte[] early = new byte[9600];
        Arrays.fill(early, (byte) 7);
        String media = "{\"event\":\"media\",\"stream_sid\":\"S1\",\"media\":{\"payload\":\""
                + Base64.getEncoder().encodeToString(early) + "\"}}";
        socket.send(
                media,
                start("S1", ",\"from\":\"1\",\"media_format\":{\"sample_rate\":16000.0}"),
                media(new byte[64]),
                STOP);

        assertThat(((CallStart) routes.published("S1").get(0)).info())
                .isEqualTo(new CallInfo(
                        new StreamId("acme1", "S1"),
                        "C",
                        "S1",
                        "1",
                        null,
                        16000,
                        routes.clock().millis()));
        assertThat(routes.audio("S1")).startsWith(early).hasSize(9664);
        assertThat(routes.published("S1"))
                .last()
                .isInstanceOfSatisfying(
                        CallEnd.class, end -> assertThat(end.totalSamples()).isEqualTo(4832));
        assertThat(routes.exotelLegs().count(ExotelAnomaly.MEDIA_BEFORE_START)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {11_025, 22_050, 32_000, 44_100, 48_000})
    void resamplesARateThatRecognisersDoNotTake(int rate) throws Exception {
        var socket = routes.exotel("k1", null);
        socket.send(start("S1", ",\"media_format\":{\"sample_rate\":" + rate + "}"));
        byte[] tone = new byte[2 * rate];
        for (int i = 0; i < rate; i++) {
            short sample = (short) (8000 * Math.sin(2 * Math.PI * 440 * i / rate));
            tone[2 * i] = (byte) sample;
            tone[2 * i + 1] = (byte) (sample >> 8);
        }
        // Cut at odd bytes, as a caller may: no click at any border.
        for (int from = 0; from < tone.length; from += 1763) {
            socket.send(media(Arrays.copyOfRange(tone, from, Math.min(tone.length, from + 1763))));
        }
        socket.send(STOP);

        List<AudioMessage> messages = routes.published("S1");
        assertThat(((CallStart) messages.get(0)).info().sampleRate()).isEqualTo(16_000);
        ShortBuffer audio = ByteBuffer.wrap(routes.audio("S1"))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        assertThat(audio.remaining()).isEqualTo(16_000);
        double late = 16.0 / Math.min(rate, 16_000);
        for (int i = 100; i < audio.remaining(); i++) {
            assertThat((double) audio.get(i))
                    .isCloseTo(8000 * Math.sin(2 * Math.PI * 440 * (i / 16_000.0 - late)), within(80.0));
        }
        long sample = 0;
        for (AudioMessage message : messages) {
            if (message instanceof AudioWindow window) {
                assertThat(window.firstSample()).isEqualTo(sample);
                assertThat(window.sampleRate()).isEqualTo(16_000);
                sample = window.endSample();
            }
        }
        assertThat(messages)
                .last()
                .isEqualTo(new CallEnd(
                        new StreamId("acme1", "S1"), messages.size() - 1L, 16_000, EndReason.CALLENDED, LEG));
    }

    @Test
    void decodesDeclaredALaw() throws Exception {
        var socket = routes.exotel("k1", null);
        socket.send(
                start("S1", ",\"media_format\":{\"encoding\":\"PCMA\"}"),
                media(new byte[] {0x55, (byte) 0xD5, 0x2A}),
                STOP);

        assertThat(routes.audio("S1")).containsExactly(-8, -1, 8, 0, 0x00, 0x82);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"media_format\":{\"encoding\":\"opus\"}',encoding 'opus' is unknown",
        "'\"media_format\":{\"sample_rate\":\"fast\"}',sample rate 'fast' is none",
        "'\"tracks\":[\"inbound\",\"outbound\"]',start announces more than one track"
    })
    void endsACallWhoseAudioWouldBeMisreadAndSaysWhy(String format, String reason) throws Exception {
        var socket = routes.exotel("k1", null);
        socket.send(start("S1", "," + format), media(new byte[1600]), start("S2", ""));
        socket.drop();

        StreamId stream = new StreamId("acme1", "S1");
        List<AudioMessage> messages = routes.published("S1");
        assertThat(messages).hasSize(3).first().isInstanceOf(CallStart.class);
        assertThat(messages.get(1)).isInstanceOfSatisfying(CallNote.class, note -> {
            assertThat(note.failed()).isTrue();
            assertThat(note.text()).startsWith(reason).contains("allowed");
        });
        assertThat(messages.get(2)).isEqualTo(new CallEnd(stream, 2, 0, EndReason.REFUSED, LEG));
        assertThat(routes.published("S2")).isEmpty();
        assertThat(routes.written()).singleElement().asString().startsWith("k1: 1008 " + reason);
        assertThat(routes.liveLegs().liveCount()).isZero();
    }

    @Test
    void notesOnceInTheCallWhatCostsItsAudio() throws Exception {
        var socket = routes.exotel("k1", null);
        String broken = "{\"event\":\"media\",\"media\":{\"payload\":\"***\"}}";
        socket.send(broken, start("S1", ",\"tracks\":[\"inbound\"]"), media(new byte[1600]), broken, broken);
        socket.send(
                "{\"event\":\"media\",\"media\":{\"track\":\"outbound\",\"payload\":\"YWI=\"}}",
                "{}",
                media(new byte[2]),
                STOP);

        assertThat(routes.published("S1"))
                .filteredOn(CallNote.class::isInstance)
                .containsExactly(
                        new CallNote(
                                new StreamId("acme1", "S1"),
                                2,
                                800,
                                8000,
                                false,
                                "audio whose payload is not base64 is dropped",
                                LEG),
                        new CallNote(
                                new StreamId("acme1", "S1"),
                                3,
                                800,
                                8000,
                                false,
                                "audio of another track is dropped: a stream carries one",
                                LEG));
        assertThat(routes.audio("S1")).hasSize(1602);
        assertThat(routes.exotelLegs().count(ExotelAnomaly.INVALID_PAYLOAD)).isEqualTo(3);
        assertThat(routes.exotelLegs().count(ExotelAnomaly.OTHER_TRACK)).isEqualTo(1);
        assertThat(routes.written()).isEmpty();
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

        assertThat(routes.pcmLegs().count(PcmAnomaly.KEEP_ALIVE)).isEqualTo(2);
        assertThat(routes.pcmLegs().count(PcmAnomaly.UNKNOWN_FIELD)).isEqualTo(1);
        assertThat(routes.pcmLegs().count(PcmAnomaly.AFTER_END)).isEqualTo(1);
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

    @Test
    void decodesDeclaredMuLaw() throws Exception {
        var socket = routes.exotel("k1", null);
        socket.send(start("S1", ",\"media_format\":{\"encoding\":\"mulaw\"}"), media(new byte[] {0, -1, 0}), STOP);

        assertThat(routes.audio("S1")).containsExactly(0x84, 0x82, 0, 0, 0x84, 0x82);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream_sid", "account_sid"})
    void closesAnExotelSocketWhoseIdsCannotBeTakenAndNoOther(String which) throws Exception {
        var good = routes.exotel("good", null);
        good.send(start("S1", ""));
        var bad = routes.exotel("bad", null);
        String overlong = "x".repeat(129);
        bad.send("{\"event\":\"start\",\"stream_sid\":\"s\",\"account_sid\":\"a\",\"" + which + "\":\"" + overlong
                + "\"}");
        bad.send(media(new byte[320]), "rubbish");
        bad.drop();
        good.send(media(new byte[1600]), STOP);

        assertThat(routes.written())
                .singleElement()
                .asString()
                .startsWith("bad: 1008 ")
                .contains("allowed");
        assertThat(routes.published("S1")).hasSize(3);
        assertThat(routes.published("s")).isEmpty();
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

    @Property(tries = 150)
    void whatGoesInComesOutOnceAndInOrderHoweverItIsCut(
            @ForAll @Size(max = 40_000) byte[] audio,
            @ForAll @IntRange(min = 1, max = 9000) int longestFrame,
            @ForAll long seed,
            @ForAll boolean binary)
            throws Exception {
        Random random = new Random(seed);
        byte[] longer = new byte[audio.length + random.nextInt(20_000)];
        random.nextBytes(longer);
        String sid = "S" + tries.incrementAndGet();
        var socket = routes.exotel(sid, "sample_rate=16000");
        socket.send(start(sid, ""));
        for (int from = 0; from < longer.length; ) {
            int to = Math.min(longer.length, from + 1 + random.nextInt(longestFrame));
            String message = media(Arrays.copyOfRange(longer, from, to));
            Object sent = binary ? message.getBytes(StandardCharsets.UTF_8) : message;
            socket.send(sent);
            from = to;
        }
        socket.send(STOP);

        byte[] whole = Arrays.copyOf(longer, longer.length / 2 * 2);
        assertThat(routes.audio(sid)).isEqualTo(whole);
        List<AudioMessage> messages = routes.published(sid);
        long sample = 0;
        for (int i = 0; i < messages.size(); i++) {
            assertThat(messages.get(i).number()).isEqualTo(i);
            if (messages.get(i) instanceof AudioWindow window) {
                assertThat(window.firstSample()).isEqualTo(sample);
                assertThat(window.samples()).isBetween(1, 3200);
                sample = window.endSample();
            }
        }
        assertThat(messages.get(messages.size() - 1))
                .isInstanceOfSatisfying(
                        CallEnd.class, end -> assertThat(end.totalSamples()).isEqualTo(whole.length / 2));
    }
}
