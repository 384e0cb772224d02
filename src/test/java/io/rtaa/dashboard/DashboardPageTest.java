package io.rtaa.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.rtaa.call.TranscriptEvent.Alert;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page in a real browser, against the real fan-out and API. */
class DashboardPageTest {

    @RegisterExtension
    private static final DashboardInBrowser dashboard = new DashboardInBrowser();

    private final long now = System.currentTimeMillis();

    @Test
    void greetsWithAFriendlyWordAndPlacesADemoCall() {
        dashboard.show("");
        assertThat(dashboard.page().getByText("It is quiet here")).isVisible();

        dashboard
                .page()
                .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Place a demo call"))
                .click();

        assertThat(dashboard.find(".head h1")).hasText("+919876543210 → 08047112233");
        assertThat(dashboard.find(".row[aria-current=true]")).containsText("+919876543210");
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void interimTextSettlesIntoTheFinalInPlace() {
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1));
        dashboard.show("#/t/a");

        dashboard.publish(call.partial(2, "good mor"));
        assertThat(dashboard.find(".interim")).hasText("good mor");
        double interimTop = dashboard.find(".turn").boundingBox().y;
        dashboard.publish(call.said(3, "Good morning."));

        assertThat(dashboard.find(".final")).hasText("Good morning.");
        assertThat(dashboard.find(".interim")).hasCount(0);
        assertThat(dashboard.find(".turn").boundingBox().y).isEqualTo(interimTop);
        assertThat(dashboard.find("[role=log]")).hasAttribute("aria-live", "polite");
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void newcomersReadWhatWasSaidBeforeWithGapsStatusAndEnd() {
        Events call = Events.of("t", "a", now - 60_000);
        dashboard.publish(
                call.started(1),
                call.status(2, State.RECOGNISING, "sphinx", null),
                call.said(3, "How may I help you?", 0, true),
                call.gap(4, "recogniser unreachable"),
                call.said(5, "I lost my card.", 1, true),
                call.status(6, State.FAILED, "sphinx", "out of memory"));
        dashboard.show("#/t/a");

        assertThat(dashboard.find(".who")).hasText(new String[] {"Speaker 1", "Speaker 2"});
        assertThat(dashboard.find(".gap")).containsText("700 ms of audio lost – recogniser unreachable");
        assertThat(dashboard.find(".notice[data-state=failed]")).containsText("out of memory");
        assertThat(dashboard.find(".notice[data-state=plain]")).containsText("DEEPGRAM_API_KEY");
        dashboard.publish(call.ended(30));
        assertThat(dashboard.find(".mark.end")).hasText("The call was hung up after 0:30");
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void anAlertIsShownAtItsCallWhileThePageIsOpen() {
        Events call = Events.of("t", "a", now);
        Events other = Events.of("t", "b", now);
        dashboard.publish(call.started(1), other.started(1));
        dashboard.show("#/t/a");

        dashboard.publish(call.said(2, "I will close my account."), new Alert(call.stream(), 2, now, "cancellation"));

        assertThat(dashboard.find(".notice[data-state=alert]")).hasText("Alert cancellation");
        assertThat(dashboard.find(".badge[data-state=alert]")).hasCount(1);
        dashboard.publish(call.said(3, "Good bye."));
        assertThat(dashboard.find(".final")).hasText(new String[] {"I will close my account.", "Good bye."});
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void anErasedCallLeavesThePage() {
        Events call = Events.of("t", "a", now - 60_000);
        Events other = Events.of("t", "b", now - 30_000);
        dashboard.publish(call.started(1), call.said(2, "My card number is 1234."), call.ended(3), other.started(1));
        dashboard.show("#/t/a");
        assertThat(dashboard.find(".final")).hasText("My card number is 1234.");

        dashboard.publish(new CallErased(call.stream(), 4, now, now - 57_000));

        assertThat(dashboard.find(".choose")).hasText("This call is not here any more.");
        assertThat(dashboard.find(".row")).hasCount(1);
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void aPageWhoseLineWasDownForgetsWhatWasErasedMeanwhile() {
        Events call = Events.of("t", "a", now - 60_000);
        Events other = Events.of("t", "b", now - 30_000);
        dashboard.publish(call.started(1), call.said(2, "My card number is 1234."), call.ended(3), other.started(1));
        dashboard.show("");
        assertThat(dashboard.find(".row")).hasCount(2);

        int port = dashboard.server().goDown();
        dashboard.publish(new CallErased(call.stream(), 4, now, now - 57_000));
        dashboard.server().comeBack(port);

        assertThat(dashboard.find(".line")).hasText("Connected");
        assertThat(dashboard.find(".row")).hasCount(1);
    }

    @Test
    void aLossThatGoesOnIsOneLine() {
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.gap(2, 1000, 2000, "recogniser away"));
        dashboard.show("#/t/a");
        assertThat(dashboard.find(".gap")).containsText("1.0 s of audio lost – recogniser away");

        dashboard.publish(call.gap(3, 2000, 3500, "recogniser away"), call.gap(4, 3500, 4000, "audio missing"));

        assertThat(dashboard.find(".gap")).hasCount(1);
        assertThat(dashboard.find(".gap")).containsText("3.0 s of audio lost – recogniser away; audio missing");
        assertThat(dashboard.find(".gap time")).hasText("0:01");
        dashboard.publish(call.said(5, "Hello?"), call.gap(6, 6000, 7000, "recogniser away"));
        assertThat(dashboard.find(".gap")).hasCount(2);
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void saysWhatWasWrongWithTheAudioOfACall() {
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.status(2, State.RECOGNISING, "deepgram", null));
        dashboard.show("#/t/a");
        assertThat(dashboard.find(".badge").first()).hasText("Live");
        assertThat(dashboard.find(".notice")).hasCount(0);
        dashboard.publish(call.status(3, State.RECOGNISING, "deepgram", "audio of another track is dropped"));
        assertThat(dashboard.find(".notice")).containsText("audio of another track is dropped");
        dashboard.publish(call.status(4, State.FAILED, null, "a text message is no JSON object"), call.ended(5));
        assertThat(dashboard.find(".notice[data-state=failed]"))
                .hasText("This call was refuseda text message is no JSON object");
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void reconnectsByItselfAndShowsNothingTwice() {
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.said(2, "Before the cut."));
        dashboard.show("#/t/a");
        assertThat(dashboard.find(".final")).hasText("Before the cut.");

        int port = dashboard.server().goDown();
        assertThat(dashboard.find(".line")).containsText("Reconnecting in");
        dashboard.server().comeBack(port);
        dashboard.publish(call.said(3, "While it was down."));

        assertThat(dashboard.find(".final")).hasText(new String[] {"Before the cut.", "While it was down."});
        assertThat(dashboard.find(".line")).hasText("Connected");
        dashboard.publish(call.said(4, "And on."));
        assertThat(dashboard.find(".final")).hasCount(3);
    }

    @Test
    void aCallGivenUpAfterAReconnectIsTakenBackWhenItGoesOn() {
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.said(2, "Before the cut."));
        dashboard.show("#/t/a");
        assertThat(dashboard.find(".final")).hasCount(1);

        int port = dashboard.server().goDown();
        dashboard.server().close();
        dashboard.serveWith(TestServer.inPlaceOf(port));
        assertThat(dashboard.find(".mark.end")).containsText("The call was lost");
        dashboard.publish(call.said(3, "And on."));

        assertThat(dashboard.find(".final")).hasText(new String[] {"Before the cut.", "And on."});
        assertThat(dashboard.find(".mark.end")).hasCount(0);
        assertThat(dashboard.find(".row .badge")).hasText("Live");
    }

    @Test
    void aNewCallOfTheSameIdTakesThePlaceOfTheOneOnShow() {
        Events first = Events.of("t", "a", now);
        dashboard.publish(first.started(1), first.said(2, "The first call."), first.ended(3));
        dashboard.show("#/t/a");
        assertThat(dashboard.find(".final")).hasText("The first call.");

        Events second = Events.of("t", "a", now + 60_000);
        dashboard.publish(second.started(1), second.said(2, "The second."));

        assertThat(dashboard.find(".final")).hasText("The second.");
        assertThat(dashboard.find(".mark.end")).hasCount(0);
    }

    @Test
    void aCallThatGoesOnOverAnotherSocketKeepsWhatWasSaidAndIsLiveAgain() {
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.said(2, "Before the cut."), call.ended(3));
        dashboard.show("#/t/a");
        assertThat(dashboard.find(".mark.end")).hasCount(1);

        dashboard.publish(call.started(100).at(now), call.said(101, "And on."));

        assertThat(dashboard.find(".final")).hasText(new String[] {"Before the cut.", "And on."});
        assertThat(dashboard.find(".mark.end")).hasCount(0);
        assertThat(dashboard.find(".row .badge")).hasText("Live");
        assertThat(dashboard.find(".head h1")).hasText("+919876543210 → 08047112233");
    }

    @Test
    void finalsWithoutWordsShowNothingAndPartUtterances() {
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.said(2, "One.", null, false), call.utteranceEnd(3));
        dashboard.show("#/t/a");
        dashboard.publish(call.said(4, "Two.", null, false), call.partial(5, "um"));
        assertThat(dashboard.find(".interim")).hasText("um");

        dashboard.publish(call.utteranceEnd(6), call.said(7, "Three.", null, false), call.utteranceEnd(8));

        assertThat(dashboard.find(".said")).hasText(new String[] {"One.", "Two.", "Three."});
        assertThat(dashboard.find(".row-words")).hasText("Three.");
        assertThat(dashboard.find(".interim")).hasCount(0);
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void wordsThatWereNotSaidAfterAllLeaveTheReaderAndTheList() {
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.said(2, "Hello."));
        dashboard.show("#/t/a");
        dashboard.publish(call.partial(3, "ghost words"));
        assertThat(dashboard.find(".interim")).hasText("ghost words");
        assertThat(dashboard.find(".row-words")).hasText("ghost words");

        dashboard.publish(call.utteranceEnd(4));

        assertThat(dashboard.find(".interim")).hasCount(0);
        assertThat(dashboard.find(".row-words")).hasText("Hello.");
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void aCallWhoseWorkerIsAwayIsShownAsLostAndHeals() {
        Events call = Events.of("t", "a", now - 300_000);
        Events onHold = Events.of("t", "b", now - 300_000);
        dashboard.publish(call.started(1), call.said(2, "Before."), onHold.started(1));
        dashboard.server().passes(TestServer.LOST_AFTER);
        dashboard.server().keepAlive(onHold.stream());
        dashboard.show("#/t/a");

        assertThat(dashboard.find(".row[aria-current=true] .badge")).hasText("Lost");
        assertThat(dashboard.find(".notice[data-state=lost]")).containsText("The worker of this call is away");
        assertThat(dashboard.find(".row:not([aria-current]) .badge")).hasText("Live");
        assertThat(dashboard.find(".mark.end")).hasCount(0);

        dashboard.publish(call.said(3, "And on."));
        assertThat(dashboard.find(".row[aria-current=true] .badge")).hasText("Live");
        assertThat(dashboard.find(".notice[data-state=lost]")).hasCount(0);
        assertThat(dashboard.find(".final")).hasText(new String[] {"Before.", "And on."});

        dashboard.server().passes(TestServer.LOST_AFTER);
        assertThat(dashboard.find(".row[aria-current=true] .badge")).hasText("Lost");
        dashboard.server().keepAlive(call.stream());
        assertThat(dashboard.find(".row[aria-current=true] .badge")).hasText("Live");
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void aLostCallThatTheServerForgetsHasEndedUntilItIsHeardAgain() {
        Events call = Events.of("t", "a", now - 300_000);
        dashboard.publish(call.started(1), call.said(2, "Before."));
        dashboard.server().passes(TestServer.LOST_AFTER);
        dashboard.show("#/t/a");
        assertThat(dashboard.find(".row .badge")).hasText("Lost");

        dashboard.server().passes(CallBook.LOST_KEPT);

        assertThat(dashboard.find(".row .badge")).hasCount(0);
        assertThat(dashboard.find(".mark.end")).hasCount(1);

        dashboard.publish(call.said(3, "And on."));
        assertThat(dashboard.find(".row .badge")).hasText("Live");
        assertThat(dashboard.find(".final")).hasText(new String[] {"Before.", "And on."});
        assertThat(dashboard.find(".mark.end")).hasCount(0);
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void wordsGoOnAfterTheCallsClockHasTicked() {
        Events call = Events.of("t", "a", now - 60_000);
        dashboard.publish(call.started(1));
        dashboard.show("#/t/a");
        String duration = dashboard.find(".duration").textContent();
        assertThat(dashboard.find(".duration")).not().hasText(duration);

        dashboard.publish(call.said(2, "Still here."));

        assertThat(dashboard.find(".final")).hasText("Still here.");
        assertThat(dashboard.problems()).isEmpty();
    }

    @Test
    void readersWhoScrolledUpAreLeftInPeaceAndCanJumpToLive() {
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1));
        for (int seq = 2; seq < 1502; seq++) {
            dashboard.publish(call.said(seq, "This is what was said in second " + seq + " of a long call."));
        }
        dashboard.show("#/t/a");
        assertThat(dashboard.find(".final").last()).isInViewport();
        assertThat(dashboard.find(".turn").count()).isLessThanOrEqualTo(1000);
        assertThat(dashboard.find(".earlier")).isVisible();

        dashboard.find(".scroller").hover();
        dashboard.page().mouse().wheel(0, -3000);
        assertThat(dashboard.find(".jump")).isVisible();
        dashboard.publish(call.said(1502, "Something new."));
        assertThat(dashboard.find(".row-words")).hasText("Something new.");
        assertThat(dashboard.find(".jump")).hasText("Jump to live ↓");
        dashboard.find(".jump").click();

        assertThat(dashboard.find(".final").last()).isInViewport();
        assertThat(dashboard.find(".jump")).hasCount(0);
    }

    @Test
    void onAPhoneListAndTranscriptTakeTurnsByKeyboardAlone() {
        dashboard.page().setViewportSize(390, 844);
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.said(2, "Hello."));
        dashboard.show("");
        assertThat(dashboard.find(".reader")).isHidden();

        dashboard.find(".row").focus();
        dashboard.page().keyboard().press("Enter");
        assertThat(dashboard.find("nav")).isHidden();
        assertThat(dashboard.find(".final")).hasText("Hello.");
        dashboard.find(".back").press("Enter");
        assertThat(dashboard.find("nav")).isVisible();
        assertThat((Integer) dashboard.page().evaluate("document.documentElement.scrollWidth"))
                .isEqualTo(390);
    }
}
