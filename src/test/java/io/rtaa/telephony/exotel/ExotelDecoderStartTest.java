package io.rtaa.telephony.exotel;

import static io.rtaa.telephony.exotel.ExotelDecoderFixture.START;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.STOP;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.media;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.pcmAt;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.startWith;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioCoding;
import io.rtaa.call.AudioEncoding;
import io.rtaa.telephony.exotel.ExotelDecoderFixture.Recorder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoder reads in a start: ids, encoding and sample rate, and which starts it refuses. */
class ExotelDecoderStartTest {

    private final ExotelDecoderFixture exotel = new ExotelDecoderFixture();
    private final Recorder heard = exotel.heard;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Event\":\"start\",\"streamSid\":\"S1\",\"callSid\":\"C1\",\"sequenceNumber\":1,\"from\":\"f\"}",
                "{\"start\":{\"leg_sid\":\"L\",\"from\":\"f\",\"call_sid\":\"C1\"},\"stream_sid\":\"S1\","
                        + "\"event\":\"start\"}",
                "{\"event\":\"start\",\"start\":{\"stream_sid\":\"S1\",\"callSid\":\"C1\",\"from\":\"f\","
                        + "\"custom_parameters\":{\"payload\":\"!\",\"from\":\"x\"}}}",
            })
    void understandsEachFormOfAStart(String start) {
        exotel.text(start);

        assertThat(heard.start).isEqualTo(new ExotelStart("S1", "C1", null, "f", null, AudioCoding.DEFAULT));
        assertThat(heard.anomalies).isEmpty();
    }

    @Test
    void ignoresFieldsThatItDoesNotKnowAndCountsThem() {
        exotel.text(
                "{\"event\":\"start\",\"stream_sid\":\"S1\",\"x\":[{\"from\":\"y\"}],\"start\":{\"mood\":\"good\"}}");

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
        exotel.connect(query);
        exotel.text(startWith("\"sample_rate\":" + declared));

        assertThat(heard.start.coding()).isEqualTo(pcmAt(rate));
        assertThat(heard.events).containsExactly("started S1");
        assertThat(heard.anomalies).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'\"fast\"',sample_rate=24000,24000", "{},sample-rate=16000,16000", "16000,sample-rate=fast,16000"})
    void countsARateThatCannotBeReadWhereAnotherOneCan(String declared, String query, int rate) {
        exotel.connect(query);
        exotel.text(startWith("\"sample_rate\":" + declared));

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
        exotel.connect(query);
        exotel.text(startWith("\"sample_rate\":" + declared), media("never"));

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
        exotel.text(startWith("\"encoding\":\"" + encoding + "\""));

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
        exotel.text(startWith("\"encoding\":\"" + encoding + "\"" + (rate == null ? "" : ",\"sample_rate\":" + rate)));

        assertThat(heard.start.coding()).isEqualTo(new AudioCoding(meant, meantRate));
    }

    @Test
    void theRateInAnEncodingsNameCountsBeforeThatOfTheQuery() {
        exotel.connect("sample-rate=24000");

        exotel.text(startWith("\"encoding\":\"slin16\""));

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
        exotel.text(startWith(format), media("never"), START.replace("S1", "S2"), STOP);

        assertThat(heard.events).hasSize(2).first().isEqualTo("started S1");
        assertThat(heard.events.get(1)).startsWith("refused " + reason).contains("; allowed: ");
    }

    @Test
    void saysNoMoreThanIsNeededOfAnEncodingThatItDoesNotKnow() {
        exotel.text(startWith("\"encoding\":\"x\\u0007" + "x".repeat(5000) + "\""));

        assertThat(heard.events.get(1)).startsWith("refused encoding 'x?xxx").hasSizeLessThan(150);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\\u0007", "OVERLONG"})
    void refusesAnIdThatCannotBeTakenAndSaysWhatCan(String sid) {
        String named = sid.equals("OVERLONG") ? "x".repeat(129) : sid;
        exotel.text(START, "{\"event\":\"start\",\"stream_sid\":\"" + named + "\"}", media("next"));

        assertThat(heard.events).hasSize(2).first().isEqualTo("started S1");
        assertThat(heard.events.get(1)).startsWith("refused ").contains("allowed");
    }

    @Test
    void refusesAStartWithoutId() {
        exotel.text("{\"event\":\"start\"}");

        assertThat(heard.events)
                .singleElement()
                .asString()
                .startsWith("refused ")
                .contains("allowed");
    }
}
