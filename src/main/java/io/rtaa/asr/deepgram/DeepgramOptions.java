package io.rtaa.asr.deepgram;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of Deepgram: the query parameters of <a
 * href="https://developers.deepgram.com/reference/speech-to-text/listen-streaming">{@code /v1/listen}</a> (read July 2026),
 * except the form of the audio, which a stream brings along. Combinations that Deepgram would refuse or quietly ignore are
 * refused here.
 *
 * <p>Thread-safety: immutable.
 *
 * @param model {@code model}: the model's name or id
 * @param language {@code language}: a BCP-47 tag, or {@code multi}
 * @param version {@code version} of the model; null for the latest
 * @param interimResults {@code interim_results}: whether beliefs are told before they are final
 * @param endpointing {@code endpointing}: the silence after which speech counts as ended, whole milliseconds; null
 *     switches it off
 * @param utteranceEnd {@code utterance_end_ms}: the gap between words after which an utterance counts as ended, whole
 *     milliseconds, 1000 or more, needs interim results; null switches it off
 * @param vadEvents {@code vad_events}: whether the start of speech is told
 * @param smartFormat {@code smart_format}
 * @param punctuate {@code punctuate}
 * @param numerals {@code numerals}
 * @param profanityFilter {@code profanity_filter}
 * @param diarize {@code diarize}: whether speakers are told apart
 * @param keyterms words to listen for, a {@code keyterm=} each; nova-3 only
 * @param keywords {@code keywords}: words to listen for, {@code word} or {@code word:boost}; models before nova-3 only
 * @param redact {@code redact}: what to black out, such as {@code pci}
 * @param tags {@code tag}: labels for Deepgram's usage report
 * @param extra {@code extra}: {@code key:value} pairs that Deepgram gives back
 * @param multichannel {@code multichannel}
 * @param mipOptOut {@code mip_opt_out}: whether to stay out of Deepgram's model improvement
 */
public record DeepgramOptions(
        String model,
        String language,
        @Nullable String version,
        boolean interimResults,
        @Nullable Duration endpointing,
        @Nullable Duration utteranceEnd,
        boolean vadEvents,
        boolean smartFormat,
        boolean punctuate,
        boolean numerals,
        boolean profanityFilter,
        boolean diarize,
        List<String> keyterms,
        List<String> keywords,
        List<String> redact,
        List<String> tags,
        List<String> extra,
        boolean multichannel,
        boolean mipOptOut) {

    public static final String DEFAULT_MODEL = "nova-3";
    public static final String DEFAULT_LANGUAGE = "en-IN";
    /** What Deepgram recommends for conversation is 300 to 500 ms. */
    public static final Duration DEFAULT_ENDPOINTING = Duration.ofMillis(300);

    /** The least that Deepgram takes for {@code utterance_end_ms}. */
    public static final Duration MIN_UTTERANCE_END = Duration.ofSeconds(1);

    public static final Duration DEFAULT_UTTERANCE_END = MIN_UTTERANCE_END;

    /** A tag's most characters. */
    public static final int MAX_TAG_LENGTH = 128;

    // Before DEFAULTS, whose making needs them.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");
    private static final Pattern KEYWORD = Pattern.compile("[^:]+(:-?\\d+(\\.\\d+)?)?");
    private static final Pattern ENTITY = Pattern.compile("[a-z0-9_]+");
    private static final Pattern KEY_VALUE = Pattern.compile("[^:]+:.+");

    /** The defaults: formatted English of India with partials, on {@value #DEFAULT_MODEL}. */
    public static final DeepgramOptions DEFAULTS = new DeepgramOptions(
            DEFAULT_MODEL,
            DEFAULT_LANGUAGE,
            null,
            true,
            DEFAULT_ENDPOINTING,
            DEFAULT_UTTERANCE_END,
            false,
            true,
            true,
            false,
            false,
            false,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            false,
            false);

    /** @throws IllegalArgumentException that names every fault: the parameter, its value and what is allowed */
    public DeepgramOptions {
        keyterms = List.copyOf(keyterms);
        keywords = List.copyOf(keywords);
        redact = List.copyOf(redact);
        tags = List.copyOf(tags);
        extra = List.copyOf(extra);
        List<String> faults = new ArrayList<>();
        requireMatch(faults, "model", model, NAME, "letters, digits, '.', '_' and '-'");
        requireMatch(faults, "language", language, LANGUAGE, "a language tag such as en-IN, or multi");
        if (version != null) {
            requireMatch(faults, "version", version, NAME, "letters, digits, '.', '_' and '-'");
        }
        if (endpointing != null && endpointing.isNegative()) {
            faults.add("endpointing is " + endpointing.toMillis() + "; allowed: false, or 0 or more milliseconds");
        }
        if (utteranceEnd != null && utteranceEnd.compareTo(MIN_UTTERANCE_END) < 0) {
            faults.add("utterance_end_ms is " + utteranceEnd.toMillis() + "; allowed: false, or "
                    + MIN_UTTERANCE_END.toMillis() + " or more milliseconds");
        }
        if (utteranceEnd != null && !interimResults) {
            faults.add("utterance_end_ms is " + utteranceEnd.toMillis()
                    + " with interim_results=false; allowed: interim_results=true, or utterance_end_ms=false");
        }
        boolean nova3 = model.toLowerCase(Locale.ROOT).startsWith("nova-3");
        if (!keyterms.isEmpty() && !nova3) {
            faults.add("keyterm is set with model=" + model + "; allowed: keyterm with nova-3 only, else keywords");
        }
        if (!keywords.isEmpty() && nova3) {
            faults.add("keywords is set with model=" + model
                    + "; allowed: keywords with models before nova-3 only, else keyterm");
        }
        for (String keyterm : keyterms) {
            if (keyterm.isBlank()) {
                faults.add("keyterm is blank; allowed: words");
            }
        }
        for (String keyword : keywords) {
            requireMatch(faults, "keywords", keyword, KEYWORD, "word, or word:boost");
        }
        for (String entity : redact) {
            requireMatch(faults, "redact", entity, ENTITY, "names such as pci, pii, ssn, numbers");
        }
        for (String tag : tags) {
            if (tag.isBlank() || tag.length() > MAX_TAG_LENGTH) {
                faults.add("tag has " + tag.length() + " characters; allowed: 1 to " + MAX_TAG_LENGTH + ", not blank");
            }
        }
        for (String pair : extra) {
            requireMatch(faults, "extra", pair, KEY_VALUE, "key:value");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
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
            parameters.putAll(DeepgramParameters.ofQuery(query));
        }
        return DEFAULTS.with(parameters);
    }

    /**
     * These options with some changed.
     *
     * @param parameters by Deepgram's parameter names; what may be repeated is separated by commas, an empty value clears
     *     it; {@code false} switches {@code endpointing} and {@code utterance_end_ms} off
     * @throws IllegalArgumentException that names an unknown parameter or every fault
     */
    public DeepgramOptions with(Map<String, String> parameters) {
        return DeepgramParameters.apply(this, parameters);
    }

    /**
     * The query to open a stream with.
     *
     * @param sampleRate samples a second of 16-bit little-endian PCM, one channel
     */
    String query(int sampleRate) {
        Query query = new Query();
        query.add("encoding", "linear16");
        query.add("sample_rate", Integer.toString(sampleRate));
        query.add("channels", "1");
        query.add("model", model);
        query.add("language", language);
        if (version != null) {
            query.add("version", version);
        }
        query.add("interim_results", Boolean.toString(interimResults));
        query.add("endpointing", endpointing == null ? "false" : Long.toString(endpointing.toMillis()));
        if (utteranceEnd != null) {
            query.add("utterance_end_ms", Long.toString(utteranceEnd.toMillis()));
        }
        query.add("smart_format", Boolean.toString(smartFormat));
        query.add("punctuate", Boolean.toString(punctuate));
        query.addIf(vadEvents, "vad_events");
        query.addIf(numerals, "numerals");
        query.addIf(profanityFilter, "profanity_filter");
        query.addIf(diarize, "diarize");
        query.addIf(multichannel, "multichannel");
        query.addIf(mipOptOut, "mip_opt_out");
        keyterms.forEach(value -> query.add("keyterm", value));
        keywords.forEach(value -> query.add("keywords", value));
        redact.forEach(value -> query.add("redact", value));
        tags.forEach(value -> query.add("tag", value));
        extra.forEach(value -> query.add("extra", value));
        return query.text.toString();
    }

    private static void requireMatch(List<String> faults, String name, String value, Pattern pattern, String allowed) {
        if (!pattern.matcher(value).matches()) {
            faults.add(name + " is '" + value + "'; allowed: " + allowed);
        }
    }

    private static final class Query {
        private final StringJoiner text = new StringJoiner("&");

        void add(String name, String value) {
            // A form's '+' for a space is no part of the URI syntax; '%20' is read alike by everybody.
            text.add(name
                    + '='
                    + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        }

        void addIf(boolean on, String name) {
            if (on) {
                add(name, "true");
            }
        }
    }
}
