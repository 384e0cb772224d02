package io.rtaa.asr.deepgram;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads {@link DeepgramOptions} from parameters written as text, as they stand in an endpoint's URI. */
final class DeepgramParameters {

    private static final Set<String> NAMES = Set.of(
            "model",
            "language",
            "version",
            "interim_results",
            "endpointing",
            "utterance_end_ms",
            "vad_events",
            "smart_format",
            "punctuate",
            "numerals",
            "profanity_filter",
            "diarize",
            "keyterm",
            "keywords",
            "redact",
            "tag",
            "extra",
            "multichannel",
            "mip_opt_out");

    private final Map<String, String> parameters;
    private final List<String> faults = new ArrayList<>();

    private DeepgramParameters(Map<String, String> parameters) {
        this.parameters = new TreeMap<>(parameters);
    }

    /** The options with what the parameters name changed; see {@link DeepgramOptions#with}. */
    static DeepgramOptions apply(DeepgramOptions base, Map<String, String> parameters) {
        return new DeepgramParameters(parameters).applyTo(base);
    }

    /** The parameters in {@code name=value&...}, URL-encoded; what is repeated becomes a list. */
    static Map<String, String> ofQuery(String text) {
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

    private DeepgramOptions applyTo(DeepgramOptions base) {
        for (String name : parameters.keySet()) {
            if (name.equals("encoding") || name.equals("sample_rate") || name.equals("channels")) {
                faults.add(name + " is set; allowed: nothing, as it is told by each call's audio");
            } else if (!NAMES.contains(name)) {
                faults.add("'" + name + "' is no parameter; allowed: " + new TreeSet<>(NAMES));
            }
        }
        String model = text("model", base.model());
        String language = text("language", base.language());
        String version = parameters.containsKey("version") ? emptyAsNull(text("version", "")) : base.version();
        boolean interimResults = flag("interim_results", base.interimResults());
        Duration endpointing = millis("endpointing", base.endpointing());
        Duration utteranceEnd = millis("utterance_end_ms", base.utteranceEnd());
        boolean vadEvents = flag("vad_events", base.vadEvents());
        boolean smartFormat = flag("smart_format", base.smartFormat());
        boolean punctuate = flag("punctuate", base.punctuate());
        boolean numerals = flag("numerals", base.numerals());
        boolean profanityFilter = flag("profanity_filter", base.profanityFilter());
        boolean diarize = flag("diarize", base.diarize());
        boolean multichannel = flag("multichannel", base.multichannel());
        boolean mipOptOut = flag("mip_opt_out", base.mipOptOut());
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return new DeepgramOptions(
                model,
                language,
                version,
                interimResults,
                endpointing,
                utteranceEnd,
                vadEvents,
                smartFormat,
                punctuate,
                numerals,
                profanityFilter,
                diarize,
                list("keyterm", base.keyterms()),
                list("keywords", base.keywords()),
                list("redact", base.redact()),
                list("tag", base.tags()),
                list("extra", base.extra()),
                multichannel,
                mipOptOut);
    }

    private String text(String name, String unset) {
        return parameters.getOrDefault(name, unset).strip();
    }

    private static @Nullable String emptyAsNull(String value) {
        return value.isEmpty() ? null : value;
    }

    private boolean flag(String name, boolean unset) {
        String value = text(name, Boolean.toString(unset));
        if (!value.equals("true") && !value.equals("false")) {
            faults.add(name + " is '" + value + "'; allowed: true or false");
        }
        return value.equals("true");
    }

    private @Nullable Duration millis(String name, @Nullable Duration unset) {
        String value = parameters.get(name);
        if (value == null) {
            return unset;
        }
        if (value.strip().equals("false")) {
            return null;
        }
        try {
            return Duration.ofMillis(Integer.parseInt(value.strip()));
        } catch (NumberFormatException e) {
            faults.add(name + " is '" + value + "'; allowed: false, or whole milliseconds");
            return unset;
        }
    }

    private List<String> list(String name, List<String> unset) {
        String value = parameters.get(name);
        if (value == null) {
            return unset;
        }
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
