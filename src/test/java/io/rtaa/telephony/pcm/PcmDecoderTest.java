package io.rtaa.telephony.pcm;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioCoding;
import io.rtaa.call.AudioEncoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcmDecoderTest {

    private static final String START =
            "{\"event\":\"start\",\"interaction_id\":\"i\",\"tenant_id\":\"t\",\"sample_rate\":16000,\"encoding\":\"pcm16\"}";

    private static final AudioCoding PCM_16K = new AudioCoding(AudioEncoding.PCM16, 16000);

    private final List<String> heard = new ArrayList<>();
    private final PcmDecoder decoder = new PcmDecoder();

    private void text(String frame) {
        decoder.text(frame).forEach(this::hear);
    }

    private void binary(byte[] frame) {
        decoder.binary(frame).forEach(this::hear);
    }

    private void hear(PcmEvent event) {
        if (event instanceof PcmEvent.Audio audio) {
            heard.add("audio " + audio.frame().length);
        } else if (event instanceof PcmEvent.Acknowledged taken) {
            heard.add("ack " + taken.frames());
        } else if (event instanceof PcmEvent.Stopped) {
            heard.add("stopped");
        } else if (event instanceof PcmEvent.Refused refused) {
            heard.add("refused " + refused.reason());
        } else {
            heard.add(event.toString());
        }
    }

    @Test
    void refusesIdsThatNoRequestAndNoLineOfALogCouldName() {
        text(START.replace("\"i\"", "\"..\""));
        text("{\"event\":\"stop\"}");

        assertThat(heard)
                .containsExactly(
                        "refused interaction_id is ..; allowed: 1 to 128 printable characters, no double quote, no"
                                + " backslash, not . or ..",
                        "AFTER_END");
        PcmDecoder another = new PcmDecoder();
        assertThat(another.text(START.replace("\"t\"", "\"a\\\"b\"")).toString())
                .contains("tenant_id holds U+0022; allowed: ");
    }

    @Test
    void understandsACall() {
        text(START);
        binary(new byte[3]);
        text("{\"event\":\"stop\"}");
        binary(new byte[4]);

        assertThat(heard)
                .containsExactly(new PcmStart("i", "t", PCM_16K).toString(), "audio 3", "stopped", "AFTER_END");
    }

    @Test
    void acknowledgesEveryTenthFrame() {
        text(START);
        for (int i = 0; i < 25; i++) {
            binary(new byte[320]);
        }

        assertThat(heard).filteredOn(event -> event.startsWith("ack")).containsExactly("ack 10", "ack 20");
        assertThat(heard.indexOf("ack 10")).isEqualTo(11);
    }

    @Test
    void takesWhatIsLeftOutAsUsual() {
        text("{\"event\":\"start\",\"interaction_id\":\"i\",\"more\":{\"event\":\"x\"},\"mood\":\"good\"}");

        assertThat(heard).containsExactly("UNKNOWN_FIELD", new PcmStart("i", null, AudioCoding.DEFAULT).toString());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "mulaw,'\"8000\"',MU_LAW,8000",
                "ulaw,8000.0,MU_LAW,8000",
                "PCMA,-,A_LAW,8000",
                "alaw,'\"8k\"',A_LAW,8000",
                "linear16,44100,PCM16,44100",
                "audio/l16;rate=16000,-,PCM16,16000",
                "'',24000,PCM16,24000"
            })
    void knowsEncodingsAndRatesByTheirUsualNames(
            String encoding, @Nullable String rate, AudioEncoding meant, int meantRate) {
        text("{\"event\":\"start\",\"interaction_id\":\"i\",\"encoding\":\"" + encoding + "\""
                + (rate == null ? "" : ",\"sample_rate\":" + rate) + "}");

        assertThat(heard).containsExactly(new PcmStart("i", null, new AudioCoding(meant, meantRate)).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"channels\":2",
                "\"channels\":\"stereo\"",
                "\"channelCount\":2",
                "\"num_channels\":0",
                "\"channels\":[0,1]",
                "\"bits\":8",
                "\"bits_per_sample\":24",
                "\"bitDepth\":32",
                "\"sample_width\":1",
                "\"format\":\"f32le\"",
                "\"format\":\"wav\"",
                "\"codec\":\"opus\"",
                "\"format\":\"mulaw\"",
                "\"content-type\":\"audio/l16;rate=8000\"",
                "\"media_format\":{\"sample_rate\":8000}",
                "\"audio\":{\"channels\":2}",
                "\"sampleRate\":8000",
                "\"sample_rate_hertz\":8000",
                "\"rate\":\"fast\"",
                "\"endianness\":\"big\"",
                "\"byte_order\":\"BE\"",
                "\"signed\":false",
                "\"container\":\"ogg\"",
                "\"compression\":\"gzip\""
            })
    void refusesByItsNameAFieldThatTheAudioIsNotReadBy(String field) {
        text(START.replace("}", "," + field + "}"));

        String name = field.substring(1, field.indexOf('"', 1));
        assertThat(heard)
                .singleElement()
                .asString()
                .startsWith("refused '" + name + "' is '")
                .contains("; allowed: ");
        assertThat(heard.get(0).getBytes(StandardCharsets.UTF_8).length).isLessThan(123 + "refused ".length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"channels\":1",
                "\"channels\":\"mono\"",
                "\"bits\":\"16\"",
                "\"sample_width\":2",
                "\"format\":\"s16le\"",
                "\"format\":\"PCM\"",
                "\"content-type\":\"audio/l16;rate=16000\"",
                "\"sampleRate\":16000.0",
                "\"endian\":\"Little\"",
                "\"byte_order\":\"little-endian\"",
                "\"signed\":true",
                "\"container\":\"none\"",
                "\"format\":\"\"",
                "\"channels\":null"
            })
    void takesAFieldThatSaysHowTheAudioIsReadAnyway(String field) {
        text(START.replace("}", "," + field + "}"));

        assertThat(heard).last().isEqualTo(new PcmStart("i", "t", PCM_16K).toString());
    }

    @Test
    void saysHowManyBitsASampleOfTheEncodingHas() {
        text("{\"event\":\"start\",\"interaction_id\":\"i\",\"encoding\":\"mulaw\",\"bits\":16}");

        assertThat(heard).containsExactly("refused 'bits' is '16'; allowed: 8 with this encoding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"KeepAlive\"}",
                "{\"event\":\"ping\"}",
                "{\"type\":\"ping\"}",
                "{\"event\":\"keep_alive\"}",
                "{\"event\":\"heartbeat\",\"at\":7}",
                "",
                " \n",
                "ping",
                "PING",
                " ping\r\n",
                "\"ping\"",
                "keepalive"
            })
    void takesWhatOnlyKeepsTheConnectionAlive(String message) {
        text(message);
        text(START);
        text(message);
        binary(new byte[2]);
        text("{\"event\":\"stop\"}");

        assertThat(heard)
                .containsExactly(
                        "KEEP_ALIVE", new PcmStart("i", "t", PCM_16K).toString(), "KEEP_ALIVE", "audio 2", "stopped");
    }

    @Test
    void takesAnEmptyFrameBeforeTheStartAsOneThatKeepsTheConnectionAlive() {
        binary(new byte[0]);
        text(START);

        assertThat(heard).containsExactly("KEEP_ALIVE", new PcmStart("i", "t", PCM_16K).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \r\n"})
    void readsSeveralMessagesOfOneFrame(String between) {
        text(String.join(between, "{\"type\":\"ping\"}", START, "\"ping\"", "{\"event\":\"stop\"}") + between);

        assertThat(heard)
                .containsExactly("KEEP_ALIVE", new PcmStart("i", "t", PCM_16K).toString(), "KEEP_ALIVE", "stopped");
    }

    @Test
    void refusesHalfAMessageBehindAWholeOne() {
        text(START + "{\"event\":\"st");
        text("{\"event\":\"stop\"}");

        assertThat(heard)
                .containsExactly(
                        new PcmStart("i", "t", PCM_16K).toString(),
                        "refused a text message is no JSON object; allowed: events start and stop",
                        "AFTER_END");
    }

    @Test
    void refusesOnlyOnceHoweverManyMessagesOfAFrameAreWrong() {
        text(START + START + START + "rubbish");

        assertThat(heard).hasSize(2).last().asString().startsWith("refused a second start");
    }

    @ParameterizedTest
    @CsvSource({
        "hello,no JSON",
        "[],no JSON",
        "{},no known event",
        "'{\"event\":\"pause\"}',no known event",
        "'{\"event\":\"stop\"}',stop before start",
        "'{\"event\":\"start\"}',interaction_id",
        "'{\"event\":\"start\",\"interaction_id\":\"i\",\"sample_rate\":192000}',sample rate '192000'",
        "'{\"event\":\"start\",\"interaction_id\":\"i\",\"sample_rate\":{}}',sample rate '{'",
        "'{\"event\":\"start\",\"interaction_id\":\"i\",\"sample_rate\":\"fast\"}',sample rate 'fast'",
        "'{\"event\":\"start\",\"interaction_id\":\"i\",\"encoding\":\"opus\"}',encoding 'opus'"
    })
    void refusesWhatIsWrongSayingWhatIsAllowed(String message, String what) {
        text(message);
        binary(new byte[2]);

        assertThat(heard).hasSize(2);
        assertThat(heard.get(0)).startsWith("refused ").contains(what).contains("allowed");
        assertThat(heard.get(1)).isEqualTo("AFTER_END");
    }

    @Test
    void refusesAudioBeforeStart() {
        binary(new byte[2]);

        assertThat(heard).containsExactly("refused audio before start; allowed: a start message first");
    }

    @Test
    void refusesASecondStart() {
        text(START);
        text(START);

        assertThat(heard).hasSize(2).last().asString().startsWith("refused a second start");
    }

    @Test
    void quotesTheIdItAnswersWith() {
        assertThat(PcmReplies.started("a\"b")).isEqualTo("{\"event\":\"started\",\"interaction_id\":\"a\\\"b\"}");
        assertThat(PcmReplies.ack(20)).isEqualTo("{\"event\":\"ack\",\"seq\":20}");
    }

    @Property(tries = 300)
    void bearsAnyText(@ForAll String message) {
        List<String> before = List.copyOf(heard);
        text(message);

        assertThat(heard).hasSizeGreaterThan(before.size());
    }
}
