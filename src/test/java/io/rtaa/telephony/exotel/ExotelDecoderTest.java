package io.rtaa.telephony.exotel;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.EndReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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
    private ExotelDecoder decoder = new ExotelDecoder(null, heard);

    private static final class Recorder implements ExotelListener {
        private final List<String> events = new ArrayList<>();
        private final List<Oddity> oddities = new ArrayList<>();
        private @Nullable ExotelStart start;

        @Override
        public void started(ExotelStart newStart) {
            start = newStart;
            events.add("started " + newStart.streamSid());
        }

        @Override
        public void audio(byte[] payload) {
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
        public void odd(Oddity oddity) {
            oddities.add(oddity);
        }
    }

    private static String media(String audio) {
        String payload = Base64.getEncoder().encodeToString(audio.getBytes(StandardCharsets.UTF_8));
        return "{\"event\":\"media\",\"stream_sid\":\"S1\",\"media\":{\"payload\":\"" + payload + "\"}}";
    }

    private void text(String... messages) {
        for (String message : messages) {
            decoder.text(message);
        }
    }

    @Test
    void understandsACall() {
        text("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0\"}", START, media("abcd"), STOP);

        assertThat(heard.events).containsExactly("started S1", "audio abcd", "ended CALLENDED");
        assertThat(heard.start)
                .isEqualTo(new ExotelStart("S1", "C1", "acme1", "09992750105", "04446972319", 8000, false));
        assertThat(heard.oddities).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Event\":\"start\",\"streamSid\":\"S1\",\"callSid\":\"C1\",\"sequenceNumber\":1,\"from\":\"f\"}",
                "{\"start\":{\"leg_sid\":\"L\",\"from\":\"f\",\"call_sid\":\"C1\"},\"stream_sid\":\"S1\",\"event\":\"start\"}",
                "{\"event\":\"start\",\"start\":{\"stream_sid\":\"S1\",\"callSid\":\"C1\",\"from\":\"f\","
                        + "\"custom_parameters\":{\"payload\":\"!\",\"from\":\"x\"},\"unknown\":[{\"from\":\"y\"}]}}",
            })
    void understandsEachFormOfAStart(String start) {
        text(start);

        assertThat(heard.start).isEqualTo(new ExotelStart("S1", "C1", null, "f", null, 8000, false));
        assertThat(heard.oddities).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'\"16000\"',-,16000", "24000,-,24000", "'\"8000\"',sample-rate=16000,8000",
                "'\"44100\"',sample-rate=16000,16000", "'\"fast\"',a=b&sample_rate=24000&c=d,24000", "null,-,8000",
                "{},xsample-rate=16000,8000", "99999999999999999999,sample-rate=11025,8000", "-1,-,8000"
            })
    void takesTheRateOfTheStartElseOfTheQueryElse8000(String declared, @Nullable String query, int rate) {
        decoder = new ExotelDecoder(query, heard);
        text("{\"event\":\"start\",\"stream_sid\":\"S1\",\"media_format\":{\"sample_rate\":" + declared + "}}");

        assertThat(heard.start.sampleRate()).isEqualTo(rate);
    }

    @ParameterizedTest
    @CsvSource({
        "base64,false",
        "audio/x-raw,false",
        "raw,false",
        "raw/slin,false",
        "mulaw,true",
        "audio/x-mulaw,true",
        "PCMU,true",
        "ulaw-ish,false"
    })
    void takesOnlyANameOfMuLawForMuLaw(String encoding, boolean muLaw) {
        text("{\"event\":\"start\",\"start\":{\"stream_sid\":\"S1\",\"media_format\":{\"encoding\":\"" + encoding
                + "\"}}}");

        assertThat(heard.start.muLaw()).isEqualTo(muLaw);
    }

    @Test
    void startsAStreamWithAudioThatComesFirst() {
        decoder = new ExotelDecoder("sample-rate=16000", heard);
        text(media("a"), START, media("b"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio b");
        assertThat(heard.start.sampleRate()).isEqualTo(16000);
        assertThat(heard.oddities).containsExactly(Oddity.MEDIA_BEFORE_START, Oddity.DUPLICATE_START);
    }

    @Test
    void ignoresAudioThatBelongsToNoStream() {
        text("{\"event\":\"media\",\"media\":{\"payload\":\"YWI=\"}}");

        assertThat(heard.events).isEmpty();
        assertThat(heard.oddities).containsExactly(Oddity.MEDIA_WITHOUT_STREAM);
    }

    @Test
    void takesDuplicatesOnce() {
        text(START, START, STOP, STOP, START, media("late"));

        assertThat(heard.events).containsExactly("started S1", "ended CALLENDED");
        assertThat(heard.oddities)
                .containsSubsequence(
                        Oddity.DUPLICATE_START,
                        Oddity.STOP_WITHOUT_STREAM,
                        Oddity.DUPLICATE_START,
                        Oddity.MEDIA_AFTER_STOP);
    }

    @Test
    void endsTheFirstStreamWhenAnotherStarts() {
        text(START, START.replace("S1", "S2"), media("of the first"));

        assertThat(heard.events).containsExactly("started S1", "ended STOPPED", "started S2");
        assertThat(heard.oddities).containsExactly(Oddity.OTHER_STREAM);
    }

    @ParameterizedTest
    @CsvSource({
        "null,EMPTY_PAYLOAD",
        "'\"\"',EMPTY_PAYLOAD",
        "7,EMPTY_PAYLOAD",
        "[],EMPTY_PAYLOAD",
        "{},EMPTY_PAYLOAD",
        "'\"***\"',INVALID_PAYLOAD",
        "'\"YW=J\"',INVALID_PAYLOAD"
    })
    void ignoresAPayloadThatIsNone(String payload, Oddity oddity) {
        text(START, "{\"event\":\"media\",\"media\":{\"payload\":" + payload + "}}", media("next"));

        assertThat(heard.events).containsExactly("started S1", "audio next");
        assertThat(heard.oddities).containsExactly(oddity);
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
        "'{\"event\":\"dtmf\"}',UNUSED_EVENT",
        "'{\"event\":\"mark\"}',UNUSED_EVENT",
        "'{\"event\":\"silence\"}',UNUSED_EVENT",
        "'{\"event\":\"closed\"}',UNUSED_EVENT",
        "'{\"event\":\"clear\"}',UNKNOWN_EVENT",
        "'{\"event\":\"media\",\"media\":\"x\"}',EMPTY_PAYLOAD"
    })
    void ignoresWhatItCannotUse(String message, Oddity oddity) {
        text(START, message, media("next"));

        assertThat(heard.events).containsExactly("started S1", "audio next");
        assertThat(heard.oddities).containsExactly(oddity);
    }

    @Test
    void readsMessagesInBinaryFramesAndIgnoresOthers() {
        decoder.binary(START.getBytes(StandardCharsets.UTF_8));
        decoder.binary(new byte[320]);
        decoder.binary("{}".getBytes(StandardCharsets.UTF_8));
        decoder.binary(media("ab").getBytes(StandardCharsets.UTF_8));

        assertThat(heard.events).containsExactly("started S1", "audio ab");
        assertThat(heard.oddities).containsExactly(Oddity.BINARY, Oddity.BINARY);
    }

    @Test
    void reportsGapsAndTakesTheAudio() {
        text(START);
        text("{\"event\":\"media\",\"sequence_number\":2,\"media\":{\"chunk\":\"1\",\"payload\":\"YQ\"}}");
        text("{\"event\":\"media\",\"sequence_number\":\"4\",\"media\":{\"chunk\":3,\"payload\":\"Yg==\"}}");
        text("{\"event\":\"media\",\"sequence_number\":5,\"media\":{\"chunk\":4,\"payload\":\"Yw==\"}}");

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio b", "audio c");
        assertThat(heard.oddities).containsExactly(Oddity.SEQUENCE_GAP, Oddity.CHUNK_GAP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\\u0007", "OVERLONG"})
    void refusesAnIdThatCannotBeTakenAndSaysWhatCan(String sid) {
        String named = sid.equals("OVERLONG") ? "x".repeat(129) : sid;
        text(START, "{\"event\":\"start\",\"stream_sid\":\"" + named + "\"}", media("next"));

        assertThat(heard.events).hasSize(3).contains("started S1", "audio next");
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

    @Property(tries = 500)
    void bearsAnyText(@ForAll String message) {
        new ExotelDecoder(null, heard).text(message);

        assertThat(heard.oddities).containsAnyOf(Oddity.NOT_JSON, Oddity.NO_EVENT);
    }

    @Property(tries = 500)
    void bearsAnyBytes(@ForAll byte[] frame) {
        new ExotelDecoder(null, heard).binary(frame);

        assertThat(heard.oddities).contains(Oddity.BINARY);
    }

    @Property(tries = 500)
    void bearsAnyDamageToAMessage(
            @ForAll @IntRange(max = 2) int which, @ForAll @IntRange(max = 400) int at, @ForAll char damage) {
        String message = List.of(START, STOP, media("abcdefgh")).get(which);
        int position = at % message.length();
        Recorder own = new Recorder();
        ExotelDecoder damaged = new ExotelDecoder(null, own);
        damaged.text(START);
        damaged.text(message.substring(0, position) + damage + message.substring(position + 1));
        damaged.text(message.substring(0, position));
        damaged.text(START.replace("S1", "S3"));

        assertThat(own.events).startsWith("started S1").endsWith("started S3");
    }
}
