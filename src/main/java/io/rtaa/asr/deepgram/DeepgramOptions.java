package io.rtaa.asr.deepgram;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of Deepgram: the query parameters of its live service, {@link DeepgramParameter}, except the form of
 * the audio, which a stream brings along. Combinations that Deepgram would refuse or quietly ignore are refused here. A
 * parameter with a name that this version does not know passes as it is, with a warning: Deepgram may be newer.
 *
 * <p>Thread-safety: immutable.
 */
public final class DeepgramOptions {

    public static final String DEFAULT_MODEL = "nova-3";
    public static final String DEFAULT_LANGUAGE = "en-IN";

    /** Asks Deepgram to tell the language word by word, of those that its model takes for one call. */
    private static final String SEVERAL_LANGUAGES = "multi";

    /** Deepgram recommends 300 to 500 ms for conversation. */
    public static final int DEFAULT_ENDPOINTING_MILLIS = 300;

    /** The least that Deepgram takes for {@code utterance_end_ms}. */
    public static final int DEFAULT_UTTERANCE_END_MILLIS = 1000;

    /** What the service sets itself, and why it cannot be set otherwise. */
    private static final Map<String, String> SET_BY_THE_SERVICE = Map.of(
            "encoding", "each call's audio says it",
            "sample_rate", "each call's audio says it",
            "channels", "each call's audio says it",
            "callback", "transcripts come back on the same connection",
            "callback_method", "transcripts come back on the same connection");

    /** The defaults: formatted English of India with partials, on {@value #DEFAULT_MODEL}. */
    public static final DeepgramOptions DEFAULTS = new DeepgramOptions(
                    new EnumMap<>(DeepgramParameter.class), Collections.emptySortedMap())
            .with(Map.of(
                    "model",
                    DEFAULT_MODEL,
                    "language",
                    DEFAULT_LANGUAGE,
                    "interim_results",
                    "true",
                    "endpointing",
                    Integer.toString(DEFAULT_ENDPOINTING_MILLIS),
                    "utterance_end_ms",
                    Integer.toString(DEFAULT_UTTERANCE_END_MILLIS),
                    "smart_format",
                    "true",
                    "punctuate",
                    "true"));

    private final Map<DeepgramParameter, List<String>> known;
    /** Values by the name of a parameter that this version does not know. */
    private final Map<String, String> unknown;

    private DeepgramOptions(Map<DeepgramParameter, List<String>> known, Map<String, String> unknown) {
        this.known = known;
        this.unknown = unknown;
    }

    /**
     * The defaults with what a process is told.
     *
     * @param model {@code model}; null for the default
     * @param language {@code language}; null for the default
     * @param query {@code name=value&...} by Deepgram's parameter names, URL-encoded; wins over the two before
     * @throws IllegalArgumentException that names every fault
     */
    public static DeepgramOptions of(@Nullable String model, @Nullable String language, @Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        if (model != null) {
            parameters.put("model", model);
        }
        if (language != null) {
            parameters.put("language", language);
        }
        if (query != null) {
            parameters.putAll(ofQuery(query));
        }
        return DEFAULTS.with(parameters);
    }

    /**
     * These options with some changed.
     *
     * @param parameters by Deepgram's parameter names; the values of a parameter that may be repeated are separated by
     *     commas, an empty value clears it; {@code false} switches {@code endpointing} and {@code utterance_end_ms} off
     * @throws IllegalArgumentException that names every fault: the parameter, its value and what is allowed
     */
    public DeepgramOptions with(Map<String, String> parameters) {
        Map<DeepgramParameter, List<String>> changed = new EnumMap<>(DeepgramParameter.class);
        changed.putAll(known);
        Map<String, String> passed = new TreeMap<>(unknown);
        List<String> faults = new ArrayList<>();
        new TreeMap<>(parameters).forEach((name, value) -> {
            String reason = SET_BY_THE_SERVICE.get(name);
            if (reason != null) {
                faults.add(name + " is set; allowed: nothing, as " + reason);
                return;
            }
            DeepgramParameter.named(name)
                    .ifPresentOrElse(
                            parameter -> changed.put(parameter, parameter.values(value, faults)),
                            () -> passed.put(name, value.strip()));
        });
        DeepgramOptions result = new DeepgramOptions(changed, passed);
        if (faults.isEmpty()) {
            result.refuseCombinations(faults);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return result;
    }

    /** The parameters in {@code name=value&...}, URL-encoded; what is repeated becomes a list. */
    private static Map<String, String> ofQuery(String text) {
        Map<String, String> parameters = new HashMap<>();
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "'" + part + "' is no parameter; allowed: name=value, several separated by &");
            }
            parameters.merge(
                    part.substring(0, equals),
                    decoded(part, part.substring(equals + 1)),
                    (first, second) -> first + "," + second);
        }
        return parameters;
    }

    private static String decoded(String part, String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + part + "' has a % that begins no character; allowed: %XX in hexadecimal, %25 for % itself");
        }
    }

    private void refuseCombinations(List<String> faults) {
        String model = model();
        String utteranceEnd = single(DeepgramParameter.UTTERANCE_END_MS, "false");
        if (!utteranceEnd.equals("false")
                && single(DeepgramParameter.INTERIM_RESULTS, "false").equals("false")) {
            faults.add("utterance_end_ms is " + utteranceEnd
                    + " with interim_results=false; allowed: interim_results=true, or utterance_end_ms=false");
        }
        boolean nova3 = model.toLowerCase(Locale.ROOT).startsWith("nova-3");
        if (isSet(DeepgramParameter.KEYTERM) && !nova3) {
            faults.add("keyterm is set with model=" + model + "; allowed: keyterm with nova-3 only, else keywords");
        }
        if (isSet(DeepgramParameter.KEYWORDS) && nova3) {
            faults.add("keywords is set with model=" + model
                    + "; allowed: keywords with models before nova-3 only, else keyterm");
        }
        if (model.toLowerCase(Locale.ROOT).startsWith("flux")) {
            faults.add(
                    "model is " + model + ", which Deepgram serves at /v2/listen only; allowed: models of /v1/listen,"
                            + " such as " + DEFAULT_MODEL);
        }
    }

    /** {@code model}: the model's name or id. */
    public String model() {
        return single(DeepgramParameter.MODEL, DEFAULT_MODEL);
    }

    /** {@code language}: a BCP-47 tag, or {@code multi}. */
    public String language() {
        return single(DeepgramParameter.LANGUAGE, DEFAULT_LANGUAGE);
    }

    /** The one language asked for, a BCP-47 tag; null where Deepgram is to find out which of several it hears. */
    @Nullable
    String askedLanguage() {
        return language().equalsIgnoreCase(SEVERAL_LANGUAGES) ? null : language();
    }

    /**
     * A sentence for each parameter with a name that this version does not know, with the known name that is most like
     * it.
     *
     * @return by the parameter's name; the caller's own
     */
    public Map<String, String> warnings() {
        Map<String, String> warnings = new TreeMap<>();
        unknown.keySet()
                .forEach(name -> warnings.put(
                        name,
                        "'" + name + "' is no parameter of Deepgram's that this version knows, and passes as it is"
                                + DeepgramParameter.nameLike(name)
                                        .map(like -> "; the nearest known name is " + like)
                                        .orElse("")));
        return warnings;
    }

    /** Options that ask for the same are equal: a refusal concerns all of them. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeepgramOptions options
                && known.equals(options.known)
                && unknown.equals(options.unknown);
    }

    @Override
    public int hashCode() {
        return 31 * known.hashCode() + unknown.hashCode();
    }

    private boolean isSet(DeepgramParameter parameter) {
        return !known.getOrDefault(parameter, List.of()).isEmpty();
    }

    private String single(DeepgramParameter parameter, String unset) {
        List<String> values = known.getOrDefault(parameter, List.of());
        return values.isEmpty() ? unset : values.get(0);
    }

    /**
     * The query to open a stream with.
     *
     * @param sampleRate samples a second of 16-bit little-endian PCM, one channel
     */
    public String query(int sampleRate) {
        StringJoiner query = new StringJoiner("&");
        add(query, "encoding", "linear16");
        add(query, "sample_rate", Integer.toString(sampleRate));
        add(query, "channels", "1");
        known.forEach((parameter, values) -> values.forEach(value -> {
            // Deepgram knows no utterance_end_ms=false: the parameter is left out instead.
            if (parameter != DeepgramParameter.UTTERANCE_END_MS || !value.equals("false")) {
                add(query, parameter.wireName(), value);
            }
        }));
        unknown.forEach((name, value) -> add(query, name, value));
        return query.toString();
    }

    private static void add(StringJoiner query, String name, String value) {
        query.add(encoded(name) + '=' + encoded(value));
    }

    private static String encoded(String text) {
        // A form's '+' for a space is no part of the URI syntax; '%20' is read alike by everybody.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
