package io.rtaa.asr.deepgram;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The query parameters of <a href="https://developers.deepgram.com/reference/speech-to-text/listen-streaming">{@code
 * /v1/listen}</a> (read November 2026) that this version knows, in the order in which they are sent. A further
 * parameter of Deepgram's is one more row here; until then it passes with a warning.
 */
enum DeepgramParameter {
    MODEL("model", Form.NAME),
    LANGUAGE("language", Form.LANGUAGE),
    VERSION("version", Form.NAME, Presence.OPTIONAL),
    INTERIM_RESULTS("interim_results", Form.FLAG),
    ENDPOINTING("endpointing", Form.MILLIS_OR_FALSE),
    UTTERANCE_END_MS("utterance_end_ms", Form.SECOND_OR_FALSE),
    SMART_FORMAT("smart_format", Form.FLAG),
    PUNCTUATE("punctuate", Form.FLAG),
    VAD_EVENTS("vad_events", Form.FLAG),
    NUMERALS("numerals", Form.FLAG),
    PROFANITY_FILTER("profanity_filter", Form.FLAG),
    DICTATION("dictation", Form.FLAG),
    FILLER_WORDS("filler_words", Form.FLAG),
    DETECT_ENTITIES("detect_entities", Form.FLAG),
    DIARIZE("diarize", Form.FLAG),
    DIARIZE_MODEL("diarize_model", Form.NAME, Presence.OPTIONAL),
    MULTICHANNEL("multichannel", Form.FLAG),
    MIP_OPT_OUT("mip_opt_out", Form.FLAG),
    KEYTERM("keyterm", Form.WORDS, Presence.REPEATABLE),
    KEYWORDS("keywords", Form.KEYWORD, Presence.REPEATABLE),
    SEARCH("search", Form.WORDS, Presence.REPEATABLE),
    REPLACE("replace", Form.REPLACEMENT, Presence.REPEATABLE),
    REDACT("redact", Form.ENTITY, Presence.REPEATABLE),
    TAG("tag", Form.TAG, Presence.REPEATABLE),
    EXTRA("extra", Form.KEY_VALUE, Presence.REPEATABLE);

    private static final Map<String, DeepgramParameter> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(parameter -> parameter.wireName, Function.identity()));

    /** How often a parameter may be sent. */
    private enum Presence {
        /** Once; an empty value is a fault. */
        SINGLE,
        /** Once; an empty value leaves it out. */
        OPTIONAL,
        /** Any number of times, written with commas in between; an empty value leaves it out. */
        REPEATABLE
    }

    /** What a single value looks like, as a pattern for the machine and as words for a person. */
    private enum Form {
        NAME("[A-Za-z0-9][A-Za-z0-9._-]*", "letters, digits, '.', '_' and '-'"),
        LANGUAGE("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", "a language tag such as en-IN, or multi"),
        FLAG("true|false", "true or false"),
        MILLIS_OR_FALSE("false|\\d{1,9}", "false, or 0 or more milliseconds"),
        SECOND_OR_FALSE("false|[1-9]\\d{3,8}", "false, or 1000 or more milliseconds"),
        WORDS(".*\\S.*", "words"),
        KEYWORD("[^:]+(:-?\\d+(\\.\\d+)?)?", "word, or word:boost"),
        REPLACEMENT("[^:]+:.*", "word:replacement"),
        ENTITY("[a-z0-9_]+", "names such as pci, pii, ssn, numbers"),
        TAG("(?=.*\\S).{1,128}", "1 to 128 characters, not blank"),
        KEY_VALUE("[^:]+:.+", "key:value");

        private final Pattern pattern;
        private final String allowed;

        Form(String pattern, String allowed) {
            this.pattern = Pattern.compile(pattern);
            this.allowed = allowed;
        }
    }

    private final String wireName;
    private final Form form;
    private final Presence presence;

    DeepgramParameter(String wireName, Form form) {
        this(wireName, form, Presence.SINGLE);
    }

    DeepgramParameter(String wireName, Form form, Presence presence) {
        this.wireName = wireName;
        this.form = form;
        this.presence = presence;
    }

    /** The name that Deepgram gives it. */
    String wireName() {
        return wireName;
    }

    /** The parameter that Deepgram calls so. */
    static Optional<DeepgramParameter> named(String wireName) {
        return Optional.ofNullable(BY_NAME.get(wireName));
    }

    /** The known name that is most like another one; empty where none is alike. */
    static Optional<String> nameLike(String unknown) {
        return BY_NAME.keySet().stream()
                // With half of its letters wrong it is another name, no typing error.
                .filter(name -> edits(name, unknown) * 2 < unknown.length())
                .min(Comparator.<String>comparingInt(name -> edits(name, unknown))
                        .thenComparing(name -> name));
    }

    /**
     * The single values in a text.
     *
     * @param text as it stands in a setting or an endpoint's URI; empty to leave the parameter out where that is
     *     possible
     * @param faults gets a sentence for each value that Deepgram would refuse
     */
    List<String> values(String text, List<String> faults) {
        List<String> values;
        if (presence == Presence.REPEATABLE) {
            values = Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .toList();
        } else if (presence == Presence.OPTIONAL && text.isBlank()) {
            values = List.of();
        } else {
            values = List.of(text.strip());
        }
        for (String value : values) {
            if (!form.pattern.matcher(value).matches()) {
                faults.add(wireName + " is '" + value + "'; allowed: " + form.allowed);
            }
        }
        return values;
    }

    /**
     * How many letters have to be inserted, left out or exchanged to make one name of the other (Levenshtein's
     * distance).
     */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, length -> length);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int exchanged = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
