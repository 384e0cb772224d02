package io.rtaa.telephony.exotel;

import io.rtaa.bench.SingleStep;
import java.time.Clock;
import java.util.Base64;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** One media message of Exotel's, from text to audio. */
public class ExotelDecoderBenchmark extends SingleStep {

    @Param({"20", "100"})
    public int frameMillis;

    private String media = "";
    private ExotelDecoder decoder = new ExotelDecoder(null, Clock.systemUTC());

    /** A call under way. */
    @Setup
    public void start() {
        decoder = new ExotelDecoder(null, Clock.systemUTC());
        decoder.text(
                "{\"event\":\"start\",\"stream_sid\":\"s\",\"start\":{\"media_format\":{\"sample_rate\":\"8000\"}}}");
        byte[] pcm = new byte[16 * frameMillis];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (byte) (i * 31);
        }
        // Without its numbers, which a message that comes again and again could not have.
        media = "{\"event\":\"media\",\"stream_sid\":\"s\",\"media\":{\"payload\":\""
                + Base64.getEncoder().encodeToString(pcm) + "\"}}";
    }

    @Benchmark
    public void decode(Blackhole hole) {
        hole.consume(decoder.text(media));
    }
}
