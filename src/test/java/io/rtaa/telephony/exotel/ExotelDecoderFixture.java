package io.rtaa.telephony.exotel;

import io.rtaa.call.AudioCoding;
import io.rtaa.call.AudioEncoding;
import io.rtaa.telephony.TestClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decoder with its clock in the hands of a test, the messages it is given, and what it reports. */
final class ExotelDecoderFixture {

    static final String START = """
            {"event":"start","stream_sid":"S1","sequence_number":"1","start":{"stream_sid":"S1","call_sid":"C1",
            "account_sid":"acme1","from":"09992750105","to":"04446972319",
            "media_format":{"encoding":"base64","sample_rate":"8000","bit_rate":"128kbps"}}}""";
    static final String STOP = """
            {"event":"stop","sequence_number":"2","stream_sid":"S1",
            "stop":{"call_sid":"C1","account_sid":"acme1","reason":"callended"}}""";

    final Recorder heard = new Recorder();
    final TestClock clock = new TestClock();
    private ExotelDecoder decoder = new ExotelDecoder(null, clock);

    /** Records what messages mean. */
    static final class Recorder {
        final List<String> events = new ArrayList<>();
        final List<byte[]> audio = new ArrayList<>();
        final List<ExotelAnomaly> anomalies = new ArrayList<>();

        @Nullable
        ExotelStart start;

        void take(List<ExotelEvent> meaning) {
            meaning.forEach(this::take);
        }

        private void take(ExotelEvent event) {
            if (event instanceof ExotelStart newStart) {
                start = newStart;
                events.add("started " + newStart.streamSid());
            } else if (event instanceof ExotelEvent.Audio said) {
                audio.add(said.payload());
                events.add("audio " + new String(said.payload(), StandardCharsets.UTF_8));
            } else if (event instanceof ExotelEvent.Ended ended) {
                events.add("ended " + ended.reason());
            } else if (event instanceof ExotelEvent.Refused refused) {
                events.add("refused " + refused.reason());
            } else {
                anomalies.add((ExotelAnomaly) event);
            }
        }
    }

    static String media(String audio) {
        String payload = Base64.getEncoder().encodeToString(audio.getBytes(StandardCharsets.UTF_8));
        return "{\"event\":\"media\",\"stream_sid\":\"S1\",\"media\":{\"payload\":\"" + payload + "\"}}";
    }

    static String media(String audio, String track) {
        return media(audio).replace("\"payload\"", "\"track\":\"" + track + "\",\"payload\"");
    }

    static String startWith(String mediaFormat) {
        return "{\"event\":\"start\",\"start\":{\"stream_sid\":\"S1\",\"media_format\":{" + mediaFormat + "}}}";
    }

    static AudioCoding pcmAt(int sampleRate) {
        return new AudioCoding(AudioEncoding.PCM16, sampleRate);
    }

    /** Another connection, with the query of its address, which is recorded in {@link #heard} too. */
    void connect(@Nullable String query) {
        decoder = new ExotelDecoder(query, clock);
    }

    void text(String... frames) {
        for (String frame : frames) {
            heard.take(decoder.text(frame));
        }
    }

    void binary(byte[] frame) {
        heard.take(decoder.binary(frame));
    }

    /** The connection closes. */
    void closed() {
        heard.take(decoder.closed());
    }
}
