package io.rtaa.testsupport.deepgram;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query of a handshake as the service would take it.
 *
 * @param faults what is wrong with it; the rest counts only where there is none
 * @param endpointingMillis null where it is off
 * @param utteranceEndMillis null where it is off
 */
record ListenQuery(
        List<String> faults,
        int sampleRate,
        boolean interimResults,
        @Nullable Integer endpointingMillis,
        @Nullable Integer utteranceEndMillis,
        boolean vadEvents,
        boolean punctuated,
        boolean diarize) {

    private static final Set<String> FLAGS = Set.of(
            "interim_results",
            "vad_events",
            "smart_format",
            "punctuate",
            "numerals",
            "profanity_filter",
            "diarize",
            "multichannel",
            "mip_opt_out");
    private static final Set<String> OTHERS = Set.of(
            "encoding",
            "sample_rate",
            "channels",
            "model",
            "language",
            "version",
            "endpointing",
            "utterance_end_ms",
            "keyterm",
            "keywords",
            "redact",
            "tag",
            "extra");
    private static final Set<String> REPEATABLE = Set.of("keyterm", "keywords", "redact", "tag", "extra");
    private static final Set<Integer> SAMPLE_RATES = Set.of(8000, 16000, 24000, 32000, 44100, 48000);
    private static final int DEFAULT_ENDPOINTING_MILLIS = 10;

    static ListenQuery read(MultiMap parameters) {
        List<String> faults = new ArrayList<>();
        for (String name : parameters.names()) {
            List<String> values = parameters.getAll(name);
            if (!FLAGS.contains(name) && !OTHERS.contains(name)) {
                faults.add("unknown query parameter " + name);
            } else if (values.size() > 1 && !REPEATABLE.contains(name)) {
                faults.add("query parameter " + name + " is given " + values.size() + " times");
            } else if (FLAGS.contains(name) && !Set.of("true", "false").contains(values.get(0))) {
                faults.add("query parameter " + name + " is '" + values.get(0) + "'");
            }
        }
        require(faults, parameters, "encoding", "linear16");
        require(faults, parameters, "channels", "1");
        Integer sampleRate = number(faults, parameters, "sample_rate", 0);
        if (sampleRate == null || !SAMPLE_RATES.contains(sampleRate)) {
            faults.add("query parameter sample_rate is " + parameters.get("sample_rate"));
        }
        String model = parameters.get("model");
        if (model == null) {
            faults.add("query parameter model is missing");
        } else if (parameters.contains("keyterm") && !model.startsWith("nova-3")) {
            faults.add("keyterm with model " + model);
        } else if (parameters.contains("keywords") && model.startsWith("nova-3")) {
            faults.add("keywords with model " + model);
        }
        boolean interims = "true".equals(parameters.get("interim_results"));
        Integer utteranceEnd = number(faults, parameters, "utterance_end_ms", null);
        if (utteranceEnd != null && (utteranceEnd < 1000 || !interims)) {
            faults.add("utterance_end_ms is " + utteranceEnd + " with interim_results=" + interims);
        }
        Integer endpointing = "false".equals(parameters.get("endpointing"))
                ? null
                : number(faults, parameters, "endpointing", DEFAULT_ENDPOINTING_MILLIS);
        return new ListenQuery(
                faults,
                sampleRate == null ? 0 : sampleRate,
                interims,
                endpointing,
                utteranceEnd,
                "true".equals(parameters.get("vad_events")),
                "true".equals(parameters.get("punctuate")) || "true".equals(parameters.get("smart_format")),
                "true".equals(parameters.get("diarize")));
    }

    private static void require(List<String> faults, MultiMap parameters, String name, String value) {
        if (!value.equals(parameters.get(name))) {
            faults.add("query parameter " + name + " is " + parameters.get(name) + ", not " + value);
        }
    }

    private static @Nullable Integer number(
            List<String> faults, MultiMap parameters, String name, @Nullable Integer absent) {
        String value = parameters.get(name);
        if (value == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, together with a negative number.
        }
        faults.add("query parameter " + name + " is '" + value + "'");
        return absent;
    }
}
