package io.rtaa.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.deepgram.DeepgramMessage.Results;
import io.rtaa.call.Word;
import java.util.List;
import java.util.regex.Matcher;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeepgramMessageReaderTest {

    private static final String RESULTS = """
            {"type":"Results","channel_index":[0,1],"duration":4.7704,"start":12.0796,"is_final":true,
             "speech_final":true,"channel":{"alternatives":[{"transcript":"This is.","confidence":0.86,
             "languages":["en"],"words":[
               {"word":"this","start":14.0804,"end":14.4,"confidence":0.948,"punctuated_word":"This","speaker":1,
                "language":"en"},
               {"word":"is","start":14.4,"end":14.56,"confidence":0.9,"punctuated_word":"is."}]},
              {"transcript":"That is.","words":[]}]},
             "metadata":{"request_id":"r","model_info":{"name":"2-phonecall-nova"}},"from_finalize":false}
            """;

    private final Counter unknownFields = new SimpleMeterRegistry().counter("unknown");
    private final DeepgramMessageReader reader = new DeepgramMessageReader(unknownFields);

    @Test
    void readsResultsWithTheirFirstAlternative() {
        DeepgramMessage message = reader.read(RESULTS);

        assertThat(message)
                .isEqualTo(new Results(
                        new RecognisedSpan(
                                12080,
                                16850,
                                "This is.",
                                0.86,
                                0,
                                true,
                                "en",
                                List.of(
                                        new Word("this", "This", 14080, 14400, 0.948, 1, "en"),
                                        new Word("is", "is.", 14400, 14560, 0.9, null))),
                        true));
        assertThat(unknownFields.count()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "languages":["hi","en"],          | hi
            "languages":[],                   | en
                                              | en
            "languages":"hi",                 | en
            "languages":["<script>"],         | en
            """)
    void takesTheLanguageThatLeadsElseThatOfMostWords(String languages, String language) {
        Results results = (Results) reader.read("""
                {"type":"Results","start":0,"duration":1,"channel":{"alternatives":[{"transcript":"a b c",%s"words":[
                {"word":"a","start":0,"end":0.1,"language":"hi"},{"word":"b","start":0.1,"end":0.2,"language":"en"},
                {"word":"c","start":0.2,"end":0.3,"language":"en"}]}]}}""".formatted(languages == null ? "" : languages));

        assertThat(results.span().language()).isEqualTo(language);
        assertThat(results.span().words()).extracting(Word::language).containsExactly("hi", "en", "en");
    }

    @Test
    void tellsNoLanguageWhereTheMessageDoesNotNorASpeakerThatCannotBe() {
        Results results = (Results) reader.read("""
                {"type":"Results","start":0,"duration":1,"channel":{"alternatives":[{"transcript":"a","words":[
                {"word":"a","start":0,"end":0.1,"speaker":2147483647}]}]}}""");

        assertThat(results.span().language()).isNull();
        assertThat(results.span().words().get(0).speaker()).isNull();
    }

    @Test
    void takesTheChannelAndTheBareWordWhereThatIsAllThereIs() {
        Results results = (Results) reader.read("""
                {"type":"Results","start":0,"duration":1,"channel_index":[1,2],"channel":{"alternatives":
                [{"transcript":"hi","words":[{"word":"hi","start":0.5,"end":0.4}]}]}}""");

        assertThat(results.isFinal()).isFalse();
        assertThat(results.span().channel()).isEqualTo(1);
        assertThat(results.span().confidence()).isNull();
        assertThat(results.span().words()).containsExactly(new Word("hi", "hi", 500, 500, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"speech_final", "from_finalize"})
    void takesAnEndOfSpeechForAFinal(String flag) {
        Results results =
                (Results) reader.read("{\"type\":\"Results\",\"start\":0,\"duration\":1,\"" + flag + "\":true}");

        assertThat(results.isFinal()).isTrue();
        assertThat(results.span().utteranceEnd()).isTrue();
        assertThat(results.span().text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"Metadata","request_id":"r","models":["m"],"created":null}     | Metadata[]
            {"type":"SpeechStarted","channel":[0,1],"timestamp":9.54}              | SpeechStarted[]
            {"type":"UtteranceEnd","channel":[0,1],"last_word_end":2.395}          | UtteranceEnd[hasWord=true]
            {"type":"UtteranceEnd","channel":[0,1],"last_word_end":-1}             | UtteranceEnd[hasWord=false]
            {"type":"UtteranceEnd"}                                                | UtteranceEnd[hasWord=true]
            {"type":"Warning","message":"slow"}                                    | Problem[type=Warning, text=slow]
            {"type":"Error","description":{"a":1},"code":"X"}                      | Problem[type=Error, text=null]
            {"err_code":"X","err_msg":"no","request_id":"r"}                       | Problem[type=Error, text=no]
            {"type":"Weather","start":"cloudy"}                                    | Unknown[]
            {"type":"Results","start":1}                                           | Malformed[]
            {"type":"Results","start":"1","duration":1}                            | Malformed[]
            {"type":7}                                                             | Malformed[]
            {"type":"Metadata"} and more                                           | Malformed[]
            [{"type":"Metadata"}]                                                  | Malformed[]
            {"type":"Metadata"                                                     | Malformed[]
            not json                                                               | Malformed[]
            """)
    void readsOtherMessagesAsFarAsTheyGo(String text, String message) {
        assertThat(reader.read(text)).hasToString(message);
    }

    @Test
    void readsNothingAsMalformed() {
        assertThat(reader.read("")).isEqualTo(new DeepgramMessage.Malformed());
    }

    @Test
    void countsFieldsThatNobodyDocumented() {
        reader.read("{\"type\":\"Results\",\"start\":0,\"duration\":1,\"mood\":{\"x\":[1]},\"channel\":{\"tune\":1}}");

        assertThat(unknownFields.count()).isEqualTo(2);
    }

    @Property(tries = 300)
    void readsAnyTextWithoutAFault(@ForAll String text) {
        assertThat(reader.read(text)).isNotNull();
    }

    @Property(tries = 300)
    void readsAnyBeginningOfAMessageAsMalformed(@ForAll("lengths") int length) {
        assertThat(reader.read(RESULTS.strip().substring(0, length))).isEqualTo(new DeepgramMessage.Malformed());
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.integers().between(0, RESULTS.strip().length() - 1);
    }

    @Property(tries = 500)
    void readsAnyJsonInAnyPlaceWithoutAFault(@ForAll("replacements") String text) {
        DeepgramMessage message = reader.read(text);

        assertThat(message).isNotNull();
        if (message instanceof Results results) {
            assertThat(results.span().startMillis())
                    .isBetween(0L, results.span().endMillis());
            assertThat(results.span().channel()).isNotNegative();
        }
    }

    /** The sample message with the value of one field replaced by something else. */
    @Provide
    Arbitrary<String> replacements() {
        Arbitrary<String> fields = Arbitraries.of(
                "type",
                "channel_index",
                "duration",
                "start",
                "is_final",
                "speech_final",
                "channel",
                "alternatives",
                "transcript",
                "confidence",
                "words",
                "word",
                "end",
                "punctuated_word",
                "speaker",
                "from_finalize",
                "metadata");
        Arbitrary<String> values = Arbitraries.of(
                "null",
                "true",
                "-1",
                "1e300",
                "-1e300",
                "99999999999999999999999",
                "\"\"",
                "\"Results\"",
                "[]",
                "[[[]]]",
                "{}",
                "{\"type\":[{\"start\":1}]}",
                "[{\"words\":{}}]",
                "[1.5,\"x\",null]");
        return Combinators.combine(fields, values)
                .as((field, value) -> RESULTS.strip()
                        .replaceFirst("\"" + field + "\":", "\"" + field + "\":" + quoted(value) + ",\"was\":"));
    }

    private static String quoted(String value) {
        return Matcher.quoteReplacement(value);
    }
}
