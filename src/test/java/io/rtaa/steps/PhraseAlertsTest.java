package io.rtaa.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Alert;
import io.rtaa.testsupport.Shorthand;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PhraseAlertsTest {

    private static final StreamId CALL = new StreamId("acme", "one");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final PhraseAlerts alerts = new PhraseAlerts(Clock.fixed(Instant.ofEpochMilli(77), ZoneOffset.UTC));
    private long seq;

    @BeforeEach
    void setPhrases() {
        alerts.setPhrases("""
                cancellation: cancel my account; close it

                court: consumer court
                """);
    }

    private List<String> names(String text) {
        return names(CALL, text, null, "a");
    }

    private List<String> names(StreamId call, String text, @Nullable Integer speaker, String route) {
        return evaluate(Shorthand.finalOf(call, ++seq, 0, text, null, 0, 100, 0, speaker, true, List.of()), route)
                .stream()
                .map(alert -> ((Alert) alert).name())
                .toList();
    }

    private List<?> evaluate(TranscriptEvent event, String route) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getExchangeExtension().setFromRouteId(route);
        exchange.getMessage().setBody(event);
        return (List<?>) alerts.evaluate(exchange);
    }

    @Test
    void aPhraseIsFoundWhateverItsCaseAndPunctuation() {
        assertThat(names("I want to Cancel, my account!")).containsExactly("cancellation");
        assertThat(names("Cancel her account.")).isEmpty();
        assertThat(names("Recancel my accounts.")).isEmpty();
        assertThat(names("Close it, or see you in the consumer court.")).containsExactly("cancellation", "court");
    }

    @Test
    void theAlertNamesTheFinal() {
        assertThat(evaluate(Shorthand.finalOf(CALL, 9, 0, "close it", null, 0, 9, 0, null, true, List.of()), "a"))
                .isEqualTo(List.of(new Alert(CALL, 9, 77, "cancellation")));
        assertThat(evaluate(Shorthand.partial(CALL, 10, 0, "close it", null, 0, 9, 0), "a"))
                .isEmpty();
    }

    @Test
    void aPhraseThatIsCutIsFoundOnce() {
        assertThat(names("Please cancel")).isEmpty();
        assertThat(names("my")).isEmpty();
        assertThat(names("account. Thanks")).containsExactly("cancellation");
        assertThat(names("a lot.")).isEmpty();
    }

    @Test
    void wordsOfAnotherCallOrSpeakerAreNoPartOfIt() {
        assertThat(names(CALL, "Please cancel my", 0, "a")).isEmpty();
        assertThat(names(new StreamId("other", "one"), "account", 0, "a")).isEmpty();
        assertThat(names(CALL, "account", 1, "a")).isEmpty();
    }

    @Test
    void eachRouteHasAMemoryOfItsOwn() {
        for (String route : List.of("a", "b")) {
            assertThat(names(CALL, "Please cancel my", null, route)).isEmpty();
        }
        for (String route : List.of("a", "b")) {
            assertThat(names(CALL, "account", null, route)).containsExactly("cancellation");
        }
    }

    @Test
    void aNameWithoutAPhraseIsRefused() {
        for (String line : List.of("court: ;", "consumer court", ": consumer court")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> alerts.setPhrases(line))
                    .withMessage("an alert is '" + line
                            + "'; allowed: a name and phrases, such as 'complaint: your manager; consumer court'");
        }
    }
}
