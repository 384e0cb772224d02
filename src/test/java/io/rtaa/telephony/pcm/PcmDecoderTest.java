package io.rtaa.telephony.pcm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PcmDecoderTest {

    private static final String START =
            "{\"event\":\"start\",\"interaction_id\":\"i\",\"tenant_id\":\"t\",\"sample_rate\":16000,\"encoding\":\"pcm16\"}";

    private final List<String> heard = new ArrayList<>();
    private final PcmDecoder decoder = new PcmDecoder(new PcmListener() {
        @Override
        public void started(PcmStart start) {
            heard.add(start.toString());
        }

        @Override
        public void audio(byte[] frame) {
            heard.add("audio " + frame.length);
        }

        @Override
        public void acknowledge(long frames) {
            heard.add("ack " + frames);
        }

        @Override
        public void stopped() {
            heard.add("stopped");
        }

        @Override
        public void refused(String reason) {
            heard.add("refused " + reason);
        }

        @Override
        public void ignored() {
            heard.add("ignored");
        }
    });

    @Test
    void understandsACall() {
        decoder.text(START);
        decoder.binary(new byte[3]);
        decoder.text("{\"event\":\"stop\"}");
        decoder.binary(new byte[4]);

        assertThat(heard)
                .containsExactly(new PcmStart("i", "t", 16000, false).toString(), "audio 3", "stopped", "ignored");
    }

    @Test
    void acknowledgesEveryTenthFrame() {
        decoder.text(START);
        for (int i = 0; i < 25; i++) {
            decoder.binary(new byte[320]);
        }

        assertThat(heard).filteredOn(event -> event.startsWith("ack")).containsExactly("ack 10", "ack 20");
        assertThat(heard.indexOf("ack 10")).isEqualTo(11);
    }

    @Test
    void takesWhatIsLeftOutAsUsual() {
        decoder.text("{\"event\":\"start\",\"interaction_id\":\"i\",\"more\":{\"event\":\"x\"}}");

        assertThat(heard).containsExactly(new PcmStart("i", null, 8000, false).toString());
    }

    @Test
    void takesDeclaredMuLaw() {
        decoder.text("{\"event\":\"start\",\"interaction_id\":\"i\",\"sample_rate\":\"8000\",\"encoding\":\"mulaw\"}");

        assertThat(heard).containsExactly(new PcmStart("i", null, 8000, true).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "hello,no JSON",
        "[],no JSON",
        "{},no known event",
        "'{\"event\":\"pause\"}',no known event",
        "'{\"event\":\"stop\"}',stop before start",
        "'{\"event\":\"start\"}',interaction_id",
        "'{\"event\":\"start\",\"interaction_id\":\"i\",\"sample_rate\":44100}',sample_rate",
        "'{\"event\":\"start\",\"interaction_id\":\"i\",\"sample_rate\":\"fast\"}',sample_rate",
        "'{\"event\":\"start\",\"interaction_id\":\"i\",\"encoding\":\"opus\"}',encoding"
    })
    void refusesWhatIsWrongSayingWhatIsAllowed(String message, String what) {
        decoder.text(message);
        decoder.binary(new byte[2]);

        assertThat(heard).hasSize(2);
        assertThat(heard.get(0)).startsWith("refused ").contains(what).contains("allowed");
        assertThat(heard.get(1)).isEqualTo("ignored");
    }

    @Test
    void refusesAudioBeforeStart() {
        decoder.binary(new byte[2]);

        assertThat(heard).containsExactly("refused audio before start; allowed: a start message first");
    }

    @Test
    void refusesASecondStart() {
        decoder.text(START);
        decoder.text(START);

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
        decoder.text(message);

        assertThat(heard).hasSizeGreaterThan(before.size());
    }
}
