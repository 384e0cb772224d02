package io.rtaa.telephony.exotel;

import static io.rtaa.telephony.exotel.ExotelDecoderFixture.START;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.STOP;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.media;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.telephony.exotel.ExotelDecoderFixture.Recorder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the decoder finds messages and audio in frames, and which messages it ignores as damaged or unknown. */
class ExotelDecoderMessageTest {

    private final ExotelDecoderFixture exotel = new ExotelDecoderFixture();
    private final Recorder heard = exotel.heard;

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n \t"})
    void readsSeveralMessagesOfOneFrame(String between) {
        String frame = String.join(between, START, media("a"), media("b"), STOP) + between;
        exotel.text(frame);
        exotel.connect(null);
        exotel.binary(frame.getBytes(StandardCharsets.UTF_8));

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
    void refusesThousandsOfMessagesInOneFrame() {
        exotel.text(START + media("a").repeat(200));

        assertThat(heard.events).hasSize(1 + 99 + 1).last().asString().contains("more than 100 messages in one frame");
    }

    @Test
    void takesTheWholeMessagesBeforeHalfAMessage() {
        exotel.text(START + media("a") + media("lost").substring(0, 40), media("b"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio b");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.NOT_JSON);
    }

    @Test
    void takesTheMessagesAroundAPayloadThatIsNoBase64() {
        exotel.text(
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
        exotel.text(START, media("x").replace("eA==", "*").repeat(1000), media("b"));

        assertThat(heard.events).containsExactly("started S1", "audio b");
        assertThat(heard.anomalies).hasSize(4).containsOnly(ExotelAnomaly.INVALID_PAYLOAD);
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
        exotel.text(START, "{\"event\":\"media\",\"media\":{\"payload\":" + payload + "}}", media("next"));

        assertThat(heard.events).containsExactly("started S1", "audio next");
        assertThat(heard.anomalies).containsExactly(anomaly);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "[[\"YQ==\"]]"})
    void ignoresAPayloadThatIsNoText(String payload) {
        exotel.text(START, "{\"event\":\"media\",\"media\":{\"payload\":" + payload + "}}", media("next"));

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
        exotel.text(START, message, media("next"));

        assertThat(heard.events).containsExactly("started S1", "audio next");
        assertThat(heard.anomalies).containsExactly(anomaly);
    }

    @Test
    void readsMessagesInBinaryFramesAndIgnoresOthers() {
        exotel.binary(START.getBytes(StandardCharsets.UTF_8));
        exotel.binary(new byte[320]);
        exotel.binary("{}".getBytes(StandardCharsets.UTF_8));
        exotel.binary(media("ab").getBytes(StandardCharsets.UTF_8));

        assertThat(heard.events).containsExactly("started S1", "audio ab");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.BINARY, ExotelAnomaly.BINARY);
    }

    @Test
    void reportsGapsAndTakesTheAudio() {
        exotel.text(START);
        exotel.text("{\"event\":\"media\",\"sequence_number\":2,\"media\":{\"chunk\":\"1\",\"payload\":\"YQ\"}}");
        exotel.text("{\"event\":\"media\",\"sequence_number\":\"4\",\"media\":{\"chunk\":3,\"payload\":\"Yg==\"}}");
        exotel.text("{\"event\":\"media\",\"sequence_number\":5,\"media\":{\"chunk\":4,\"payload\":\"Yw==\"}}");

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio b", "audio c");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.SEQUENCE_GAP, ExotelAnomaly.CHUNK_GAP);
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
        ExotelDecoder reader = new ExotelDecoder(null, exotel.clock);
        own.take(reader.text(START));
        for (int i = 0; i < 2; i++) {
            if (binary) {
                own.take(reader.binary(message.getBytes(StandardCharsets.UTF_8)));
            } else {
                own.take(reader.text(message));
            }
        }

        assertThat(own.audio).hasSize(2).allSatisfy(each -> assertThat(each).isEqualTo(audio));
        assertThat(own.anomalies).isEmpty();
    }

    @Property(tries = 500)
    void bearsAnyText(@ForAll String message) {
        Recorder own = new Recorder();
        own.take(new ExotelDecoder(null, exotel.clock).text(message));

        assertThat(own.anomalies).containsAnyOf(ExotelAnomaly.NOT_JSON, ExotelAnomaly.NO_EVENT);
    }

    @Property(tries = 500)
    void bearsAnyBytes(@ForAll byte[] frame) {
        Recorder own = new Recorder();
        own.take(new ExotelDecoder(null, exotel.clock).binary(frame));

        assertThat(own.anomalies).contains(ExotelAnomaly.BINARY);
    }

    @Property(tries = 500)
    void bearsAnyDamageToAMessage(
            @ForAll @IntRange(max = 2) int which, @ForAll @IntRange(max = 400) int at, @ForAll char damage) {
        String message = List.of(START, STOP, media("abcdefgh")).get(which);
        int position = at % message.length();
        Recorder own = new Recorder();
        ExotelDecoder damaged = new ExotelDecoder(null, exotel.clock);
        own.take(damaged.text(START));
        own.take(damaged.text(message.substring(0, position) + damage + message.substring(position + 1)));
        own.take(damaged.text(message.substring(0, position)));
        own.take(damaged.text(START.replace("S1", "S3")));

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
        ExotelDecoder one = new ExotelDecoder(null, exotel.clock);
        ExotelDecoder other = new ExotelDecoder(null, exotel.clock);
        StringBuilder frame = new StringBuilder();
        for (int i = 0; i < messages.size(); i++) {
            apart.take(one.text(messages.get(i)));
            frame.append(messages.get(i));
            if ((cuts >> i & 1) == 1 || i == messages.size() - 1) {
                together.take(other.text(frame.toString()));
                frame.setLength(0);
            }
        }

        assertThat(together.events).isEqualTo(apart.events);
        assertThat(together.anomalies).isEqualTo(apart.anomalies);
    }
}
