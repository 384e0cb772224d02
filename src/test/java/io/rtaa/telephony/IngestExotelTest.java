package io.rtaa.telephony;

import static io.rtaa.telephony.IngestRoutes.LEG;
import static io.rtaa.telephony.IngestRoutes.STOP;
import static io.rtaa.telephony.IngestRoutes.media;
import static io.rtaa.telephony.IngestRoutes.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.StreamId;
import io.rtaa.telephony.exotel.ExotelAnomaly;
import io.rtaa.testsupport.CapturedLog;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which audio, notes and ends the ingest routes publish of a call over Exotel's protocol. */
class IngestExotelTest {

    /** Bound to the call of {@link IngestRoutes#start}. */
    private static final Principal BOUND = new Principal("exotel", Role.CALLER, "acme", "C");

    private final IngestRoutes routes;

    IngestExotelTest() throws Exception {
        routes = new IngestRoutes();
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    @Test
    void dropsANumberThatHoldsALineBreak() throws Exception {
        var socket = routes.exotel("k1", null);
        socket.send(start("S9", ",\"from\":\"1\\n2026-11-30 INFO forged\",\"to\":\"2\""), STOP);
        socket.drop();

        assertThat(routes.published("S9").get(0)).isInstanceOfSatisfying(CallStart.class, start -> {
            assertThat(start.info().from()).isNull();
            assertThat(start.info().to()).isEqualTo("2");
        });
    }

    @ParameterizedTest
    @CsvSource({"., C, acme", "a\\\"b, C, acme", "S9, .., acme", "S9, a\\\\b, acme", "S9, C, a\\ud83db"})
    void refusesAStreamWhoseIdNoRequestAndNoLineOfALogCouldName(String sid, String callSid, String accountSid)
            throws Exception {
        var socket = routes.exotelAs(null, "k1");
        socket.send(("{\"event\":\"start\",\"stream_sid\":\"%s\","
                        + "\"start\":{\"call_sid\":\"%s\",\"account_sid\":\"%s\"}}")
                .formatted(sid, callSid, accountSid));
        socket.drop();

        assertThat(routes.written())
                .singleElement(STRING)
                .startsWith("k1: 1008 ")
                .contains("_sid ")
                .contains("; allowed: 1 to 128 printable characters");
        assertThat(routes.liveLegs().liveCount()).isZero();
    }

    @Test
    void aRefusedStreamIsLoggedWithTheIdsThatItNamed() throws Exception {
        try (CapturedLog log = CapturedLog.of(Caller.class)) {
            var socket = routes.exotelAs(BOUND, "k1");
            socket.send(start("S9", "").replace("\"C\"", "\"other\""));
            socket.drop();

            assertThat(log.events())
                    .extracting(line -> String.valueOf(line.getKeyValuePairs()))
                    .containsExactly("[request_id=\"k1\", tenant_id=\"acme\", call_sid=\"other\", stream_id=\"S9\"]");
        }
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
        assertThat(routes.exotelProcessor().count(ExotelAnomaly.MEDIA_AFTER_STOP))
                .isEqualTo(1);
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
                                routes.clock().millis())
                        .withRequestId("k1"));
        assertThat(routes.audio("S1")).startsWith(early).hasSize(9664);
        assertThat(routes.published("S1"))
                .last()
                .isInstanceOfSatisfying(
                        CallEnd.class, end -> assertThat(end.totalSamples()).isEqualTo(4832));
        assertThat(routes.exotelProcessor().count(ExotelAnomaly.MEDIA_BEFORE_START))
                .isEqualTo(1);
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
        assertThat(routes.exotelProcessor().count(ExotelAnomaly.INVALID_PAYLOAD))
                .isEqualTo(3);
        assertThat(routes.exotelProcessor().count(ExotelAnomaly.OTHER_TRACK)).isEqualTo(1);
        assertThat(routes.written()).isEmpty();
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
    void sendsAPlainCallerToItsOwnEndpoint() throws Exception {
        routes.exotel("k1", null).send(IngestRoutes.ingestStart("call"), new byte[640]);

        assertThat(routes.written())
                .singleElement()
                .asString()
                .startsWith("k1: 1008 ")
                .contains("/v1/ingest");
        assertThat(routes.published("call")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event\":\"start\",\"stream_sid\":\"call\",\"start\":{\"call_sid\":\"other\",\"account_sid\":\"a\"}}",
                "{\"event\":\"start\",\"stream_sid\":\"call\",\"start\":{\"account_sid\":\"a\"}}",
                "{\"event\":\"start\",\"stream_sid\":\"call\",\"start\":{\"call_sid\":\"other\",\"media_format\":"
                        + "{\"encoding\":\"opus\"}}}",
                "{\"event\":\"media\",\"stream_sid\":\"call\",\"media\":{\"payload\":\"AAAA\"}}"
                        + "{\"event\":\"stop\",\"stream_sid\":\"call\"}"
            })
    void closesAConnectionThatIsBoundToAnotherCallBeforeAnythingOfItIsPublished(String messages) throws Exception {
        var socket = routes.exotelAs(BOUND, "k1");
        socket.send(messages, media(new byte[640]));
        socket.drop();

        assertThat(routes.written())
                .containsExactly("k1: 1008 the token of this connection is for another call; allowed: the CallSid that"
                        + " its URL was asked for");
        assertThat(routes.published("call")).isEmpty();
        assertThat(routes.liveLegs().liveCount()).isZero();
    }

    @Test
    void takesTheStreamsOfTheCallThatAConnectionIsBoundToUnderItsTenant() throws Exception {
        var socket = routes.exotelAs(BOUND, "k1");
        socket.send(start("first", ""), media(new byte[640]), STOP, start("second", ""), STOP);

        assertThat(routes.written()).isEmpty();
        assertThat(routes.published("first").get(0).stream()).isEqualTo(new StreamId("acme", "first"));
        assertThat(routes.audio("first")).hasSize(640);
        assertThat(routes.published("second")).last().isInstanceOf(CallEnd.class);
    }
}
