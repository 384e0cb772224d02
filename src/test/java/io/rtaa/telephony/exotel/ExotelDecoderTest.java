package io.rtaa.telephony.exotel;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioCoding;
import io.rtaa.call.AudioEncoding;
import io.rtaa.call.EndReason;
import io.rtaa.telephony.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExotelDecoderTest {

    private static final String START = """
            {"event":"start","stream_sid":"S1","sequence_number":"1","start":{"stream_sid":"S1","call_sid":"C1",
            "account_sid":"acme1","from":"09992750105","to":"04446972319",
            "media_format":{"encoding":"base64","sample_rate":"8000","bit_rate":"128kbps"}}}""";
    private static final String STOP = """
            {"event":"stop","sequence_number":"2","stream_sid":"S1",
            "stop":{"call_sid":"C1","account_sid":"acme1","reason":"callended"}}""";

    private final Recorder heard = new Recorder();
    private final TestClock clock = new TestClock();
    private ExotelDecoder decoder = new ExotelDecoder(null, clock, heard);

    private static final class Recorder implements ExotelListener {
        private final List<String> events = new ArrayList<>();
        private final List<byte[]> audio = new ArrayList<>();
        private final List<ExotelAnomaly> anomalies = new ArrayList<>();
        private @Nullable ExotelStart start;

        @Override
        public void started(ExotelStart newStart) {
            start = newStart;
            events.add("started " + newStart.streamSid());
        }

        @Override
        public void audio(byte[] payload) {
            audio.add(payload);
            events.add("audio " + new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void ended(EndReason reason) {
            events.add("ended " + reason);
        }

        @Override
        public void refused(String reason) {
            events.add("refused " + reason);
        }

        @Override
        public void anomaly(ExotelAnomaly anomaly) {
            anomalies.add(anomaly);
        }
    }

    private static String media(String audio) {
        String payload = Base64.getEncoder().encodeToString(audio.getBytes(StandardCharsets.UTF_8));
        return "{\"event\":\"media\",\"stream_sid\":\"S1\",\"media\":{\"payload\":\"" + payload + "\"}}";
    }

    private static String media(String audio, String track) {
        return media(audio).replace("\"payload\"", "\"track\":\"" + track + "\",\"payload\"");
    }

    private static String startWith(String mediaFormat) {
        return "{\"event\":\"start\",\"start\":{\"stream_sid\":\"S1\",\"media_format\":{" + mediaFormat + "}}}";
    }

    private static AudioCoding pcmAt(int sampleRate) {
        return new AudioCoding(AudioEncoding.PCM16, sampleRate);
    }

    private void text(String... frames) {
        for (String frame : frames) {
            decoder.text(frame);
        }
    }

    @Test
    void understandsACall() {
        text("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0\"}", START, media("abcd"), STOP);

        assertThat(heard.events).containsExactly("started S1", "audio abcd", "ended CALLENDED");
        assertThat(heard.start)
                .isEqualTo(new ExotelStart("S1", "C1", "acme1", "09992750105", "04446972319", AudioCoding.DEFAULT));
        assertThat(heard.anomalies).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Event\":\"start\",\"streamSid\":\"S1\",\"callSid\":\"C1\",\"sequenceNumber\":1,\"from\":\"f\"}",
                "{\"start\":{\"leg_sid\":\"L\",\"from\":\"f\",\"call_sid\":\"C1\"},\"stream_sid\":\"S1\",\"event\":\"start\"}",
                "{\"event\":\"start\",\"start\":{\"stream_sid\":\"S1\",\"callSid\":\"C1\",\"from\":\"f\","
                        + "\"custom_parameters\":{\"payload\":\"!\",\"from\":\"x\"}}}",
            })
    void understandsEachFormOfAStart(String start) {
        text(start);

        assertThat(heard.start).isEqualTo(new ExotelStart("S1", "C1", null, "f", null, AudioCoding.DEFAULT));
        assertThat(heard.anomalies).isEmpty();
    }

    @Test
    void ignoresFieldsThatItDoesNotKnowAndCountsThem() {
        text("{\"event\":\"start\",\"stream_sid\":\"S1\",\"x\":[{\"from\":\"y\"}],\"start\":{\"mood\":\"good\"}}");

        assertThat(heard.start).isEqualTo(new ExotelStart("S1", null, null, null, null, AudioCoding.DEFAULT));
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.UNKNOWN_FIELD);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'\"16000\"',-,16000",
                "16000.0,-,16000",
                "1.6e4,-,16000",
                "'\"16000.0\"',-,16000",
                "'\"16k\"',-,16000",
                "'\"22.05kHz\"',-,22050",
                "'\" 8 kHz \"',-,8000",
                "'\"16000Hz\"',-,16000",
                "24000,-,24000",
                "48000,-,48000",
                "'\"8000\"',sample-rate=16000,8000",
                "'\"44100\"',sample-rate=16000,44100",
                "null,-,8000",
                "'\"\"',sample_rate=11025,11025",
                "null,a=b&sample_rate=16k&c=d,16000",
                "null,sample-rate=16%20kHz,16000",
                "null,xsample-rate=16000,8000"
            })
    void takesTheRateOfTheStartElseOfTheQueryElse8000(String declared, @Nullable String query, int rate) {
        decoder = new ExotelDecoder(query, clock, heard);
        text(startWith("\"sample_rate\":" + declared));

        assertThat(heard.start.coding()).isEqualTo(pcmAt(rate));
        assertThat(heard.events).containsExactly("started S1");
        assertThat(heard.anomalies).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'\"fast\"',sample_rate=24000,24000", "{},sample-rate=16000,16000", "16000,sample-rate=fast,16000"})
    void countsARateThatCannotBeReadWhereAnotherOneCan(String declared, String query, int rate) {
        decoder = new ExotelDecoder(query, clock, heard);
        text(startWith("\"sample_rate\":" + declared));

        assertThat(heard.start.coding()).isEqualTo(pcmAt(rate));
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.UNREADABLE_SAMPLE_RATE);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'\"fast\"',-,fast",
                "{},-,{",
                "[16000],-,[",
                "true,-,true",
                "-1,-,-1",
                "0,-,0",
                "7999,-,7999",
                "48001,-,48001",
                "11025.5,-,11025.5",
                "99999999999999999999,-,9999999999",
                "'\"NaN\"',-,NaN",
                "1e309,-,1e309",
                "'\"16.000,0\"',-,'16.000,0'",
                "null,sample-rate=wide,wide"
            })
    void refusesARateThatCannotBeRead(String declared, @Nullable String query, String named) {
        decoder = new ExotelDecoder(query, clock, heard);
        text(startWith("\"sample_rate\":" + declared), media("never"));

        assertThat(heard.events).hasSize(2).first().isEqualTo("started S1");
        assertThat(heard.events.get(1))
                .startsWith("refused sample rate '" + named)
                .contains("allowed: 8000 to 48000");
    }

    @ParameterizedTest
    @CsvSource({
        "'',PCM16",
        "base64,PCM16",
        "audio/x-raw,PCM16",
        "raw,PCM16",
        "raw/slin,PCM16",
        "slin,PCM16",
        "slin8,PCM16",
        "pcm,PCM16",
        "pcm16,PCM16",
        "pcm_s16le,PCM16",
        "l16,PCM16",
        "audio/L16,PCM16",
        "LINEAR16,PCM16",
        "audio/x-l16,PCM16",
        "mulaw,MU_LAW",
        "ulaw,MU_LAW",
        "PCMU,MU_LAW",
        "g711_ulaw,MU_LAW",
        "audio/x-mulaw,MU_LAW",
        "audio/basic,MU_LAW",
        "audio/PCMU,MU_LAW",
        "alaw,A_LAW",
        "PCMA,A_LAW",
        "g711_alaw,A_LAW",
        "audio/x-alaw,A_LAW",
        "audio/PCMA,A_LAW"
    })
    void knowsEncodingsByAllTheirNames(String encoding, AudioEncoding meant) {
        text(startWith("\"encoding\":\"" + encoding + "\""));

        assertThat(heard.start.coding()).isEqualTo(new AudioCoding(meant, 8000));
        assertThat(heard.events).containsExactly("started S1");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "audio/x-mulaw;rate=8000,-,MU_LAW,8000",
                "audio/l16; rate=16000,-,PCM16,16000",
                "'audio/L16;RATE=\\\"16000\\\";channels=1',-,PCM16,16000",
                "audio/l16;rate=16000,24000,PCM16,24000",
                "audio/l16;rate=fast,24000,PCM16,24000",
                "PCMA;x,-,A_LAW,8000",
                "slin12,-,PCM16,12000",
                "SLIN16,-,PCM16,16000",
                "raw/slin24,-,PCM16,24000",
                "slin32,-,PCM16,32000",
                "slin44,-,PCM16,44100",
                "slin48,-,PCM16,48000",
                "slin16;rate=16000,-,PCM16,16000",
                "slin16;rate=fast,-,PCM16,16000",
                "slin;rate=16000,-,PCM16,16000",
                "slin16,8000,PCM16,8000",
                "slin16;rate=24000,8000,PCM16,8000"
            })
    void readsTheRateAmongTheParametersOfAnEncoding(
            String encoding, @Nullable String rate, AudioEncoding meant, int meantRate) {
        text(startWith("\"encoding\":\"" + encoding + "\"" + (rate == null ? "" : ",\"sample_rate\":" + rate)));

        assertThat(heard.start.coding()).isEqualTo(new AudioCoding(meant, meantRate));
    }

    @Test
    void theRateInAnEncodingsNameCountsBeforeThatOfTheQuery() {
        decoder = new ExotelDecoder("sample-rate=24000", clock, heard);

        text(startWith("\"encoding\":\"slin16\""));

        assertThat(heard.start.coding()).isEqualTo(new AudioCoding(AudioEncoding.PCM16, 16_000));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"encoding\":\"slin16;rate=8000\"',encoding 'slin16' is at 16000 samples a second",
        "'\"encoding\":\"slin96\"',sample rate '96000' is none",
        "'\"encoding\":\"slin99\"',encoding 'slin99' is unknown",
        "'\"encoding\":\"opus\"',encoding 'opus' is unknown",
        "'\"encoding\":\"ulaw-ish\"',encoding 'ulaw-ish' is unknown",
        "'\"encoding\":{}',encoding '{' is unknown",
        "'\"encoding\":7',encoding '7' is unknown",
        "'\"encoding\":\"audio/l16;channels=2\"',encoding has '2' channels",
        "'\"encoding\":\"audio/l16;rate=fast\"',sample rate 'fast' is none",
        "'\"channels\":2',channels is '2'",
        "'\"channels\":[]',channels is '['"
    })
    void endsACallWhoseAudioWouldBeMisread(String format, String reason) {
        text(startWith(format), media("never"), START.replace("S1", "S2"), STOP);

        assertThat(heard.events).hasSize(2).first().isEqualTo("started S1");
        assertThat(heard.events.get(1)).startsWith("refused " + reason).contains("; allowed: ");
    }

    @Test
    void saysNoMoreThanIsNeededOfAnEncodingThatItDoesNotKnow() {
        text(startWith("\"encoding\":\"x\\u0007" + "x".repeat(5000) + "\""));

        assertThat(heard.events.get(1)).startsWith("refused encoding 'x?xxx").hasSizeLessThan(150);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tracks\":[\"inbound\",\"outbound\"]",
                "\"tracks\":\"inbound,outbound\"",
                "\"track\":\"both_tracks\"",
                "\"tracks\":[\"both\"]"
            })
    void endsACallThatAnnouncesMoreThanOneTrack(String tracks) {
        text("{\"event\":\"start\",\"stream_sid\":\"S1\",\"start\":{" + tracks + "}}", media("never"));

        assertThat(heard.events)
                .containsExactly(
                        "started S1", "refused start announces more than one track; allowed: one track a stream");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tracks\":[\"inbound\"]",
                "\"track\":\"Inbound_track\"",
                "\"tracks\":[]",
                "\"tracks\":{\"track\":\"both\"}"
            })
    void takesTheTrackThatIsAnnouncedElseTheFirstOneAndDropsOthers(String tracks) {
        text("{\"event\":\"start\",\"stream_sid\":\"S1\",\"start\":{" + tracks + "}}");
        text(media("a", "inbound"), media("b", "outbound"), media("c"), media("d", "INBOUND"), media("e", "outbound"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio c", "audio d");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.OTHER_TRACK, ExotelAnomaly.OTHER_TRACK);
    }

    @Test
    void givesAudioThatComesBeforeTheStartTheCodingOfTheStart() {
        decoder = new ExotelDecoder("sample-rate=24000", clock, heard);
        text(media("ab"), media("c"), START.replace("\"8000\"", "\"16000\""), media("d"), STOP);

        assertThat(heard.events).containsExactly("started S1", "audio abc", "audio d", "ended CALLENDED");
        assertThat(heard.start)
                .isEqualTo(new ExotelStart("S1", "C1", "acme1", "09992750105", "04446972319", pcmAt(16000)));
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.MEDIA_BEFORE_START, ExotelAnomaly.MEDIA_BEFORE_START);
    }

    @Test
    void startsAStreamWithoutItsStartWhenThatHasNotComeForTwoSeconds() {
        decoder = new ExotelDecoder("sample-rate=16000", clock, heard);
        text(media("a"));
        clock.advance(Duration.ofMillis(1999));
        text(media("b"));
        assertThat(heard.events).isEmpty();
        clock.advance(Duration.ofMillis(1));
        text(media("c"), START, media("d"));

        assertThat(heard.events).containsExactly("started S1", "audio abc", "audio d");
        assertThat(heard.start).isEqualTo(new ExotelStart("S1", null, null, null, null, pcmAt(16000)));
        assertThat(heard.anomalies).endsWith(ExotelAnomaly.DUPLICATE_START).hasSize(4);
    }

    @Test
    void startsAStreamWithoutItsStartWhenMoreAudioCameThanIsKept() {
        String frame = media("x".repeat(20_000));
        for (int i = 0; i < 10; i++) {
            text(frame);
        }

        assertThat(heard.events).hasSize(2).first().isEqualTo("started S1");
        assertThat(heard.audio)
                .singleElement()
                .satisfies(audio -> assertThat(audio).hasSize(200_000));
    }

    @Test
    void takesAudioWhoseStartNeverComesWhenTheConnectionGoes() {
        decoder = new ExotelDecoder("sample-rate=16000", clock, heard);
        text(media("a"), media("b"));
        decoder.closed();
        decoder.closed();

        assertThat(heard.events).containsExactly("started S1", "audio ab");
        assertThat(heard.start.coding()).isEqualTo(pcmAt(16000));
    }

    @Test
    void takesAudioWhoseStartNeverComesWhenTheStopDoes() {
        text(
                "{\"event\":\"media\",\"media\":{\"payload\":\"YQ==\"}}",
                "{\"event\":\"stop\",\"stream_sid\":\"S1\",\"stop\":{\"account_sid\":\"acme1\"}}");

        assertThat(heard.events).containsExactly("started S1", "audio a", "ended STOPPED");
        assertThat(heard.start.accountSid()).isEqualTo("acme1");
    }

    @Test
    void givesAudioThatNamesNoStreamToTheStartThatFollows() {
        text("{\"event\":\"media\",\"media\":{\"payload\":\"YQ==\"}}", START, media("b"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio b");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.MEDIA_BEFORE_START);
    }

    @Test
    void dropsAudioThatBelongsToNoStream() {
        text("{\"event\":\"media\",\"media\":{\"payload\":\"YWI=\"}}");
        decoder.closed();

        assertThat(heard.events).isEmpty();
        assertThat(heard.anomalies)
                .containsExactly(ExotelAnomaly.MEDIA_BEFORE_START, ExotelAnomaly.MEDIA_WITHOUT_STREAM);
    }

    @Test
    void keepsAudioThatComesBeforeItsStartFromTheStreamOfAnotherStart() {
        text(media("a"), START.replace("S1", "S2"), media("late"), media("b").replace("S1", "S2"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "ended STOPPED", "started S2", "audio b");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.MEDIA_BEFORE_START, ExotelAnomaly.OTHER_STREAM);
    }

    @Test
    void dropsEarlyAudioOfAnotherTrackThanTheStartAnnounces() {
        text(media("a", "outbound"), media("b", "inbound"));
        text("{\"event\":\"start\",\"stream_sid\":\"S1\",\"start\":{\"tracks\":[\"inbound\"]}}", media("c", "inbound"));

        assertThat(heard.events).containsExactly("started S1", "audio c");
        assertThat(heard.anomalies)
                .containsExactly(
                        ExotelAnomaly.MEDIA_BEFORE_START,
                        ExotelAnomaly.MEDIA_BEFORE_START,
                        ExotelAnomaly.OTHER_TRACK,
                        ExotelAnomaly.OTHER_TRACK);
    }

    @Test
    void refusesAStartThatAudioWaitedForWhereThatCannotBeTaken() {
        text(media("a"), startWith("\"encoding\":\"opus\""), media("b"));
        decoder.closed();

        assertThat(heard.events).hasSize(2).first().isEqualTo("started S1");
        assertThat(heard.events.get(1)).startsWith("refused encoding 'opus'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n \t"})
    void readsSeveralMessagesOfOneFrame(String between) {
        String frame = String.join(between, START, media("a"), media("b"), STOP) + between;
        text(frame);
        decoder = new ExotelDecoder(null, clock, heard);
        decoder.binary(frame.getBytes(StandardCharsets.UTF_8));

        assertThat(heard.events)
                .containsExactly(
                        "started S1",
                        "audio a",
                        "audio b",
                        "ended CALLENDED",
                        "started S1",
                        "audio a",
                        "audio b",
                        "ended CALLENDED");
        assertThat(heard.anomalies).isEmpty();
    }

    @Test
    void takesTheWholeMessagesBeforeHalfAMessage() {
        text(START + media("a") + media("lost").substring(0, 40), media("b"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio b");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.NOT_JSON);
    }

    @Test
    void takesTheMessagesAroundAPayloadThatIsNoBase64() {
        text(
                START,
                media("a")
                        + media("x").replace("eA==", "*")
                        + media("b")
                        + media("y").replace("eQ==", "?"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio b");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.INVALID_PAYLOAD, ExotelAnomaly.INVALID_PAYLOAD);
    }

    @Test
    void looksForNoMoreMessagesBehindManyPayloadsThatAreNoBase64() {
        text(START, media("x").replace("eA==", "*").repeat(1000), media("b"));

        assertThat(heard.events).containsExactly("started S1", "audio b");
        assertThat(heard.anomalies).hasSize(4).containsOnly(ExotelAnomaly.INVALID_PAYLOAD);
    }

    @Test
    void takesDuplicatesOnce() {
        text(START, START, STOP, STOP, START, media("late"));

        assertThat(heard.events).containsExactly("started S1", "ended CALLENDED");
        assertThat(heard.anomalies)
                .containsSubsequence(
                        ExotelAnomaly.DUPLICATE_START,
                        ExotelAnomaly.STOP_WITHOUT_STREAM,
                        ExotelAnomaly.DUPLICATE_START,
                        ExotelAnomaly.MEDIA_AFTER_STOP);
    }

    @Test
    void endsTheFirstStreamWhenAnotherStarts() {
        text(START, START.replace("S1", "S2"), media("of the first"));

        assertThat(heard.events).containsExactly("started S1", "ended STOPPED", "started S2");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.OTHER_STREAM);
    }

    @ParameterizedTest
    @CsvSource({
        "null,EMPTY_PAYLOAD",
        "'\"\"',EMPTY_PAYLOAD",
        "7,EMPTY_PAYLOAD",
        "'\"***\"',INVALID_PAYLOAD",
        "'\"YW=J\"',INVALID_PAYLOAD",
        "'\"+_+_\"',INVALID_PAYLOAD"
    })
    void ignoresAPayloadThatIsNone(String payload, ExotelAnomaly anomaly) {
        text(START, "{\"event\":\"media\",\"media\":{\"payload\":" + payload + "}}", media("next"));

        assertThat(heard.events).containsExactly("started S1", "audio next");
        assertThat(heard.anomalies).containsExactly(anomaly);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "[[\"YQ==\"]]"})
    void ignoresAPayloadThatIsNoText(String payload) {
        text(START, "{\"event\":\"media\",\"media\":{\"payload\":" + payload + "}}", media("next"));

        assertThat(heard.events).containsExactly("started S1", "audio next");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.EMPTY_PAYLOAD);
    }

    @ParameterizedTest
    @CsvSource({
        "hello,NOT_JSON",
        "'',NOT_JSON",
        "[],NOT_JSON",
        "'{\"event\":\"media\"',NOT_JSON",
        "{},NO_EVENT",
        "'{\"event\":null}',NO_EVENT",
        "'{\"event\":{}}',NO_EVENT",
        "'{\"event\":5}',UNKNOWN_EVENT",
        "'{\"event\":\"dtmf\",\"dtmf\":{\"digit\":\"5\",\"duration\":\"100\"}}',UNUSED_EVENT",
        "'{\"event\":\"mark\",\"mark\":{\"name\":\"x\"}}',UNUSED_EVENT",
        "'{\"event\":\"silence\"}',UNUSED_EVENT",
        "'{\"event\":\"closed\"}',UNUSED_EVENT",
        "'{\"event\":\"clear\"}',UNKNOWN_EVENT",
        "'{\"event\":\"media\",\"media\":\"x\"}',EMPTY_PAYLOAD"
    })
    void ignoresWhatItCannotUse(String message, ExotelAnomaly anomaly) {
        text(START, message, media("next"));

        assertThat(heard.events).containsExactly("started S1", "audio next");
        assertThat(heard.anomalies).containsExactly(anomaly);
    }

    @Test
    void readsMessagesInBinaryFramesAndIgnoresOthers() {
        decoder.binary(START.getBytes(StandardCharsets.UTF_8));
        decoder.binary(new byte[320]);
        decoder.binary("{}".getBytes(StandardCharsets.UTF_8));
        decoder.binary(media("ab").getBytes(StandardCharsets.UTF_8));

        assertThat(heard.events).containsExactly("started S1", "audio ab");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.BINARY, ExotelAnomaly.BINARY);
    }

    @Test
    void reportsGapsAndTakesTheAudio() {
        text(START);
        text("{\"event\":\"media\",\"sequence_number\":2,\"media\":{\"chunk\":\"1\",\"payload\":\"YQ\"}}");
        text("{\"event\":\"media\",\"sequence_number\":\"4\",\"media\":{\"chunk\":3,\"payload\":\"Yg==\"}}");
        text("{\"event\":\"media\",\"sequence_number\":5,\"media\":{\"chunk\":4,\"payload\":\"Yw==\"}}");

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio b", "audio c");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.SEQUENCE_GAP, ExotelAnomaly.CHUNK_GAP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\\u0007", "OVERLONG"})
    void refusesAnIdThatCannotBeTakenAndSaysWhatCan(String sid) {
        String named = sid.equals("OVERLONG") ? "x".repeat(129) : sid;
        text(START, "{\"event\":\"start\",\"stream_sid\":\"" + named + "\"}", media("next"));

        assertThat(heard.events).hasSize(2).first().isEqualTo("started S1");
        assertThat(heard.events.get(1)).startsWith("refused ").contains("allowed");
    }

    @Test
    void refusesAStartWithoutId() {
        text("{\"event\":\"start\"}");

        assertThat(heard.events)
                .singleElement()
                .asString()
                .startsWith("refused ")
                .contains("allowed");
    }

    @Property(tries = 300)
    void decodesBothAlphabetsOfBase64WithPaddingOrWithout(
            @ForAll @Size(min = 1, max = 700) byte[] audio,
            @ForAll boolean url,
            @ForAll boolean padded,
            @ForAll boolean binary) {
        Base64.Encoder encoder = url ? Base64.getUrlEncoder() : Base64.getEncoder();
        String payload = (padded ? encoder : encoder.withoutPadding()).encodeToString(audio);
        String message = "{\"event\":\"media\",\"media\":{\"payload\":\"" + payload + "\"}}";
        Recorder own = new Recorder();
        ExotelDecoder reader = new ExotelDecoder(null, clock, own);
        reader.text(START);
        for (int i = 0; i < 2; i++) {
            if (binary) {
                reader.binary(message.getBytes(StandardCharsets.UTF_8));
            } else {
                reader.text(message);
            }
        }

        assertThat(own.audio).hasSize(2).allSatisfy(each -> assertThat(each).isEqualTo(audio));
        assertThat(own.anomalies).isEmpty();
    }

    @Property(tries = 500)
    void bearsAnyText(@ForAll String message) {
        Recorder own = new Recorder();
        new ExotelDecoder(null, clock, own).text(message);

        assertThat(own.anomalies).containsAnyOf(ExotelAnomaly.NOT_JSON, ExotelAnomaly.NO_EVENT);
    }

    @Property(tries = 500)
    void bearsAnyBytes(@ForAll byte[] frame) {
        Recorder own = new Recorder();
        new ExotelDecoder(null, clock, own).binary(frame);

        assertThat(own.anomalies).contains(ExotelAnomaly.BINARY);
    }

    @Property(tries = 500)
    void bearsAnyDamageToAMessage(
            @ForAll @IntRange(max = 2) int which, @ForAll @IntRange(max = 400) int at, @ForAll char damage) {
        String message = List.of(START, STOP, media("abcdefgh")).get(which);
        int position = at % message.length();
        Recorder own = new Recorder();
        ExotelDecoder damaged = new ExotelDecoder(null, clock, own);
        damaged.text(START);
        damaged.text(message.substring(0, position) + damage + message.substring(position + 1));
        damaged.text(message.substring(0, position));
        damaged.text(START.replace("S1", "S3"));

        // A start whose damage is in its stream's id and one other place may well be understood, and refused.
        assertThat(own.events).startsWith("started S1");
        assertThat(own.events.get(own.events.size() - 1)).matches("started S3|refused .*");
    }

    @Property(tries = 300)
    void takesTheSameFromMessagesHoweverTheyAreSpreadOverFrames(
            @ForAll @Size(max = 12) List<@IntRange(max = 9) Integer> kinds, @ForAll long cuts) {
        List<String> messages = new ArrayList<>();
        for (int kind : kinds) {
            messages.add(
                    switch (kind) {
                        case 0 -> START;
                        case 1 -> STOP;
                        case 2 -> START.replace("S1", "S2");
                        case 3 -> "{\"event\":\"dtmf\"}";
                        case 4 -> "{\"event\":\"media\",\"media\":{\"payload\":\"YQ\"}}";
                        default -> media("audio" + messages.size());
                    });
        }
        Recorder apart = new Recorder();
        Recorder together = new Recorder();
        ExotelDecoder one = new ExotelDecoder(null, clock, apart);
        ExotelDecoder other = new ExotelDecoder(null, clock, together);
        StringBuilder frame = new StringBuilder();
        for (int i = 0; i < messages.size(); i++) {
            one.text(messages.get(i));
            frame.append(messages.get(i));
            if ((cuts >> i & 1) == 1 || i == messages.size() - 1) {
                other.text(frame.toString());
                frame.setLength(0);
            }
        }

        assertThat(together.events).isEqualTo(apart.events);
        assertThat(together.anomalies).isEqualTo(apart.anomalies);
    }
}
