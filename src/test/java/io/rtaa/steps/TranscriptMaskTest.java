package io.rtaa.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptMaskTest {

    private static final StreamId CALL = new StreamId("acme", "one");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final TranscriptMask mask = new TranscriptMask();

    private TranscriptEvent process(TranscriptEvent event) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(event);
        mask.process(exchange);
        return exchange.getMessage().getBody(TranscriptEvent.class);
    }

    private static CallStarted started() {
        return new CallStarted(new CallInfo(CALL, null, null, null, null, 8000, 0), 1, 0);
    }

    private static Final said(String text) {
        List<Word> words = new ArrayList<>();
        for (String word : text.split(" ", -1)) {
            words.add(new Word(
                    word.toLowerCase(java.util.Locale.ROOT),
                    word,
                    words.size() * 100L,
                    words.size() * 100L + 90,
                    0.9,
                    1));
        }
        return Shorthand.finalOf(CALL, 2, 0, text, 0.9, 0, words.size() * 100L, 0, 1, true, words);
    }

    private String masked(String text) {
        return ((Final) process(said(text))).text();
    }

    private String maskedPartial(String text) {
        return ((Partial) process(Shorthand.partial(CALL, 2, 0, text, null, 0, 100, 0))).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "my card is 4111 1111 1111 1111 thanks | my card is *** *** *** *** thanks",
                "it is 4111-1111-1111-1111, okay? | it is ***, okay?",
                "four one one one one one one one double one triple one one one one okay bye"
                        + " | *** *** *** *** *** *** *** *** *** *** *** *** *** *** *** okay bye",
                "Four, one, uh, eleven forty-one eleven, um, eleven eleven eleven bye"
                        + " | ***, ***, uh, *** *** ***, um, *** *** *** bye",
                "Aadhaar 9999 4105 7058 it is | Aadhaar *** *** *** it is",
                "मेरा नंबर चार एक एक एक एक एक एक एक एक एक एक एक है"
                        + " | मेरा नंबर *** *** *** *** *** *** *** *** *** *** *** *** है",
                "४१११ ११११ ११११ ११११ है | *** *** *** *** है"
            })
    void numbersAreMasked(String text, String masked) {
        process(started());
        assertThat(masked(text)).isEqualTo(masked);
        assertThat(maskedPartial(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Call me at 98765 43210 please, it is urgent.",
                "It was 450000 rupees in 2024 for two of us.",
                "One of them took the 1st and the 2nd of four.",
                "We met at nine. Dot your i, I said.",
                "It is four dot five",
                "We all met at home",
                "Look at the house, dot by dot, I said."
            })
    void whatIsNoneOfThemStays(String text) {
        process(started());
        assertThat(masked(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "write to jane.doe@example.com today | write to *** today",
                "My email is jane@example.com. | My email is ***.",
                "it is jane dot doe at example dot com okay | it is *** *** *** *** *** *** *** okay",
                "it is jane doe 85 at the rate gmail dot co dot in thanks"
                        + " | it is *** *** *** *** *** *** *** *** *** *** *** thanks",
                "j a n e at gmail.com please | *** *** *** *** *** *** please",
                "my mail is jane @ gmail.com | my mail is *** *** ***",
                "write to jane@ example dot org soon | write to *** *** *** *** soon"
            })
    void addressesAreMasked(String text, String masked) {
        process(started());
        assertThat(masked(text)).isEqualTo(masked);
        assertThat(maskedPartial(text)).isEqualTo(masked);
    }

    /** The name would be known before its address is complete. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "my mail is jane dot | my mail is *** ***",
                "my mail is jane dot doe | my mail is *** *** ***",
                "my mail is jane dot doe at | my mail is *** *** *** ***",
                "my mail is jane dot doe at example | my mail is *** *** *** *** ***",
                "my mail is jane at gmail | my mail is *** *** ***"
            })
    void anAddressThatBeginsIsMasked(String text, String masked) {
        process(started());
        assertThat(maskedPartial(text)).isEqualTo(masked);
        assertThat(masked(text)).isEqualTo(masked);
        assertThat(masked("at example dot com please.")).isEqualTo("*** *** *** *** please.");
    }

    @Test
    void wordsAreMaskedAsTheTextIsAndKeepTheirPlaces() {
        process(started());
        Final original = said("card 4111 1111 1111 1111. Bye");

        Final masked = (Final) process(original);

        assertThat(masked.text()).isEqualTo("card *** *** *** ***. Bye");
        assertThat(masked.words()).extracting(Word::text).containsExactly("card", "***", "***", "***", "***", "Bye");
        assertThat(masked.words()).extracting(Word::word).containsExactly("card", "***", "***", "***", "***", "bye");
        assertThat(masked.words())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("word", "text")
                .containsExactlyElementsOf(original.words());
        assertThat(masked)
                .usingRecursiveComparison()
                .ignoringFields("text", "words")
                .isEqualTo(original);
    }

    @Test
    void aNumberThatIsCutIsMaskedOnBothSides() {
        process(started());

        assertThat(masked("My card is 4111 1111")).isEqualTo("My card is *** ***");
        assertThat(masked("Okay.")).isEqualTo("Okay.");
        assertThat(masked("1111 1111 and that was it.")).isEqualTo("*** *** and that was it.");
        assertThat(masked("I am 42 years old.")).isEqualTo("I am 42 years old.");
    }

    @Test
    void atMostThreeDigitsOfANumberThatIsCutAreTold() {
        process(started());

        assertThat(masked("four one one")).isEqualTo("four one one");
        assertThat(masked("one one")).isEqualTo("*** ***");
        assertThat(masked("eleven eleven eleven eleven eleven one thanks")).isEqualTo("*** *** *** *** *** *** thanks");
    }

    /** The price: it might have been the beginning of a longer one. */
    @Test
    void aShortNumberAtTheEndOfAFinalIsMasked() {
        process(started());

        assertThat(masked("That was in 2024.")).isEqualTo("That was in ***.");
        assertThat(masked("That were 12.")).isEqualTo("That were 12.");
        assertThat(maskedPartial("and then 2024")).isEqualTo("and then ***");
    }

    @Test
    void aPartialDoesNotCountForWhatFollows() {
        process(started());

        assertThat(maskedPartial("4111 1111 1111")).isEqualTo("*** *** ***");
        assertThat(masked("Four of us came.")).isEqualTo("Four of us came.");
    }

    @Test
    void channelsAreNumbersOfTheirOwn() {
        process(started());
        assertThat(masked("1111 1111")).isEqualTo("*** ***");

        Partial other = Shorthand.partial(CALL, 3, 0, "1111 it is", null, 0, 100, 1);

        assertThat(((Partial) process(other)).text()).isEqualTo("1111 it is");
    }

    @Test
    void afterATakeOverTheDigitsThatBeginAreMasked() {
        assertThat(maskedPartial("1 and")).isEqualTo("*** and");
        assertThat(masked("Uh, 11.")).isEqualTo("Uh, ***.");
        assertThat(masked("1 and no more.")).isEqualTo("*** and no more.");
        assertThat(masked("1 and no more.")).isEqualTo("1 and no more.");
    }

    @Test
    void aCallThatGoesOnMayGoOnInTheMiddleOfANumber() {
        process(started());
        assertThat(masked("My card is 4111 1111")).isEqualTo("My card is *** ***");
        process(Shorthand.ended(CALL, 3, 0, EndReason.DISCONNECTED, 0));
        process(new CallStarted(started().info().following(new CallInfo.Before(100, 3)), 4, 0));

        assertThat(masked("1111 1111 and bye")).isEqualTo("*** *** and bye");
    }

    @Test
    void onlyNumbersThatAddUpAreMaskedWhereThatIsSet() {
        mask.setCheckDigits(true);
        process(started());

        assertThat(masked("order 4111 1111 1111 1112 was it")).isEqualTo("order 4111 1111 1111 1112 was it");
        assertThat(masked("card 4111 1111 1111 1111 please")).isEqualTo("card *** *** *** *** please");
        assertThat(masked("number 9999 4105 7059 was it")).isEqualTo("number 9999 4105 7059 was it");
        assertThat(masked("number 9999 4105 7058 please")).isEqualTo("number *** *** *** please");
    }

    @Test
    void howManyDigitsMayBeABeginningCanBeSet() {
        process(started());
        mask.setOpenDigits(1);
        assertThat(masked("That were 2.")).isEqualTo("That were ***.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mask.setOpenDigits(0))
                .withMessage("openDigits is 0; allowed: a whole number from 1 to 12");
    }

    @Test
    void whatHasNoWordsPassesUnchanged() {
        CallStarted started = started();
        assertThat(process(started)).isSameAs(started);
        Final empty = Shorthand.finalOf(CALL, 2, 0, "", null, 0, 0, 0, null, true, List.of());
        assertThat(process(empty)).isSameAs(empty);
    }
}
