package io.rtaa.telephony.exotel;

import io.rtaa.call.AudioCoding;
import io.rtaa.call.AudioEncoding;
import io.rtaa.call.EndReason;
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
    private ExotelDecoder decoder = new ExotelDecoder(null, clock, heard);

    /** Records what a decoder reports. */
    static final class Recorder implements ExotelListener {
        final List<String> events = new ArrayList<>();
        final List<byte[]> audio = new ArrayList<>();
        final List<ExotelAnomaly> anomalies = new ArrayList<>();

        @Nullable
        ExotelStart start;

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

    /** Another connection, with the query of its address, whose listener is {@link #heard} too. */
    void connect(@Nullable String query) {
        decoder = new ExotelDecoder(query, clock, heard);
    }

    void text(String... frames) {
        for (String frame : frames) {
            decoder.text(frame);
        }
    }

    void binary(byte[] frame) {
        decoder.binary(frame);
    }

    /** The connection closes. */
    void closed() {
        decoder.closed();
    }
}
