package io.rtaa.asr.deepgram;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import java.nio.charset.StandardCharsets;

/** Reads messages of Deepgram's for tests of other packages. */
public final class DeepgramParsing {

    private static final DeepgramMessageReader READER =
            new DeepgramMessageReader(new SimpleMeterRegistry().counter("unknown"));

    private static final DeepgramFailures FAILURES =
            new DeepgramFailures(DeepgramKeys.of("key").current().keys().get(0));

    private DeepgramParsing() {}

    /** Whatever the text is, it means something; never null. */
    public static Object read(String text) {
        return READER.read(text);
    }

    /** What a refused handshake means that has these bytes as its body and in its headers, or a close as its reason. */
    public static void refusal(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().add("dg-error", text).add(DeepgramFailures.REQUEST_ID_HEADER, text);
        FAILURES.ofHandshake(new UpgradeRejectedException("refused", 401, headers, Buffer.buffer()));
        FAILURES.ofHandshake(
                new UpgradeRejectedException("refused", 503, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(input)));
        FAILURES.ofClose((short) 1008, text);
    }
}
