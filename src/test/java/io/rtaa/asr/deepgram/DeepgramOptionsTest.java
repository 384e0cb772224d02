package io.rtaa.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeepgramOptionsTest {

    @Test
    void asksByDefaultForFormattedIndianEnglishWithPartials() {
        assertThat(DeepgramOptions.DEFAULTS.query(8000))
                .isEqualTo(
                        "encoding=linear16&sample_rate=8000&channels=1&model=nova-3&language=en-IN"
                                + "&interim_results=true&endpointing=300&utterance_end_ms=1000&smart_format=true&punctuate=true");
    }

    @Test
    void takesEveryParameterAsText() {
        DeepgramOptions options = DeepgramOptions.DEFAULTS.with(Map.ofEntries(
                Map.entry("model", "nova-2-phonecall"),
                Map.entry("language", "hi"),
                Map.entry("version", "latest"),
                Map.entry("interim_results", "true"),
                Map.entry("endpointing", "false"),
                Map.entry("utterance_end_ms", "1500"),
                Map.entry("vad_events", "true"),
                Map.entry("dictation", "true"),
                Map.entry("filler_words", "true"),
                Map.entry("detect_entities", "true"),
                Map.entry("diarize_model", "v1"),
                Map.entry("search", "refund"),
                Map.entry("replace", "upi:UPI,pin:PIN"),
                Map.entry("smart_format", "false"),
                Map.entry("punctuate", "false"),
                Map.entry("numerals", "true"),
                Map.entry("profanity_filter", "true"),
                Map.entry("diarize", "true"),
                Map.entry("keywords", "refund:2, order"),
                Map.entry("redact", "pci,ssn"),
                Map.entry("tag", "north & south"),
                Map.entry("extra", "desk:4"),
                Map.entry("multichannel", "true"),
                Map.entry("mip_opt_out", "true")));

        assertThat(options.query(16000))
                .isEqualTo(
                        "encoding=linear16&sample_rate=16000&channels=1&model=nova-2-phonecall&language=hi"
                                + "&version=latest&interim_results=true&endpointing=false&utterance_end_ms=1500"
                                + "&smart_format=false&punctuate=false&vad_events=true&numerals=true&profanity_filter=true"
                                + "&dictation=true&filler_words=true&detect_entities=true&diarize=true&diarize_model=v1"
                                + "&multichannel=true&mip_opt_out=true&keywords=refund%3A2&keywords=order&search=refund"
                                + "&replace=upi%3AUPI&replace=pin%3APIN&redact=pci&redact=ssn&tag=north%20%26%20south&extra=desk%3A4");
    }

    @Test
    void repeatsAKeytermForEachOne() {
        DeepgramOptions options = DeepgramOptions.DEFAULTS.with(Map.of("keyterm", "Bengaluru,pin code"));

        assertThat(options.query(8000)).endsWith("&keyterm=Bengaluru&keyterm=pin%20code");
    }

    @Test
    void keepsWhatIsNotNamed() {
        DeepgramOptions base = DeepgramOptions.DEFAULTS.with(Map.of("keyterm", "UPI", "endpointing", "450"));

        DeepgramOptions changed = base.with(Map.of("language", "multi"));

        assertThat(changed.query(8000)).contains("&language=multi&", "&endpointing=450&", "&keyterm=UPI");
        assertThat(changed.with(Map.of("keyterm", "")).query(8000)).doesNotContain("keyterm");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            utterance_end_ms | 999       | utterance_end_ms is '999'; allowed: false, or 1000 or more
            interim_results  | false     | utterance_end_ms is 1000 with interim_results=false; allowed: interim_results=true, or utterance_end_ms=false
            interim_results  | yes       | interim_results is 'yes'; allowed: true or false
            endpointing      | -1        | endpointing is '-1'; allowed: false, or 0 or more milliseconds
            endpointing      | soon      | endpointing is 'soon'; allowed: false, or 0 or more milliseconds
            model            | flux-general-en | model is flux-general-en, which Deepgram serves at /v2/listen only; allowed: models of /v1/listen
            replace          | order     | replace is 'order'; allowed: word:replacement
            keywords         | order     | keywords is set with model=nova-3; allowed: keywords with models before nova-3 only
            model            | nova 3    | model is 'nova 3'; allowed: letters
            model            | ''        | model is ''; allowed: letters
            language         | englisch! | language is 'englisch!'; allowed: a language tag
            version          | a/b       | version is 'a/b'; allowed: letters
            redact           | P C I     | redact is 'P C I'; allowed: names
            extra            | desk      | extra is 'desk'; allowed: key:value
            encoding         | mulaw     | encoding is set; allowed: nothing
            sample_rate      | 8000      | sample_rate is set; allowed: nothing
            callback         | http://x  | callback is set; allowed: nothing, as transcripts come back on the same connection
            callback_method  | PUT       | callback_method is set; allowed: nothing
            channels         | 2         | channels is set; allowed: nothing, as each call's audio says it
            """)
    void refusesWithNameValueAndWhatIsAllowed(String name, String value, String message) {
        Map<String, String> parameters = Map.of(name, value);

        assertThatThrownBy(() -> DeepgramOptions.DEFAULTS.with(parameters))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void isEqualToOptionsThatAskForTheSame() {
        DeepgramOptions hindi = DeepgramOptions.DEFAULTS.with(Map.of("language", "hi", "new_in_2027", "x"));

        assertThat(hindi)
                .isEqualTo(DeepgramOptions.of(null, "hi", "new_in_2027=x"))
                .hasSameHashCodeAs(DeepgramOptions.of(null, "hi", "new_in_2027=x"))
                .isNotEqualTo(DeepgramOptions.DEFAULTS)
                .isNotEqualTo(hindi.with(Map.of("new_in_2027", "y")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            modell        | ; the nearest known name is model
            langage       | ; the nearest known name is language
            utteranceend  | ; the nearest known name is utterance_end_ms
            new_in_2027   | ''
            """)
    void passesANameThatItDoesNotKnowWithAWarning(String name, String hint) {
        DeepgramOptions options = DeepgramOptions.DEFAULTS.with(Map.of(name, "a b"));

        assertThat(options.query(8000)).endsWith("&" + name + "=a%20b");
        assertThat(options.warnings())
                .containsExactly(Map.entry(
                        name,
                        "'" + name + "' is no parameter of Deepgram's that this version knows, and passes as it is"
                                + hint));
        assertThat(DeepgramOptions.DEFAULTS.warnings()).isEmpty();
    }

    @Test
    void refusesKeytermsWithOlderModels() {
        Map<String, String> parameters = Map.of("model", "nova-2", "keyterm", "UPI");

        assertThatThrownBy(() -> DeepgramOptions.DEFAULTS.with(parameters))
                .hasMessage("keyterm is set with model=nova-2; allowed: keyterm with nova-3 only, else keywords");
    }

    @Test
    void refusesATagThatIsTooLong() {
        Map<String, String> parameters = Map.of("tag", "x".repeat(129));

        assertThatThrownBy(() -> DeepgramOptions.DEFAULTS.with(parameters))
                .hasMessageContaining("allowed: 1 to 128 characters, not blank");
    }

    @Test
    void tellsEveryFaultAtOnce() {
        Map<String, String> parameters = Map.of("endpointing", "-5", "utterance_end_ms", "10", "redact", "?");

        assertThatThrownBy(() -> DeepgramOptions.DEFAULTS.with(parameters))
                .hasMessageContainingAll("endpointing is '-5'", "utterance_end_ms is '10'", "redact is '?'");
    }
}
