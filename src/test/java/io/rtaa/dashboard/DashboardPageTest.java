package io.rtaa.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.Principal;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.testsupport.Browsers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page in a real browser, against the real lane and API. */
class DashboardPageTest {

    private static Playwright playwright;
    private static Browser browser;

    private TestServer server;
    private BrowserContext context;
    private Page page;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void launch() {
        playwright = Browsers.playwright();
        browser = Browsers.launch(playwright);
    }

    @AfterAll
    static void quit() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void open() {
        server = new TestServer(() -> {
            server.publish(Events.of("demo", "demo-1", now).started(1));
            return CompletableFuture.completedFuture("demo-1");
        });
        context = browser.newContext();
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                problems.add(message.text());
            }
        });
        page.onPageError(problems::add);
    }

    @AfterEach
    void close() {
        context.close();
        server.close();
    }

    private void show(String fragment) {
        page.navigate(server.url() + "/" + fragment);
        assertThat(page.locator(".line")).hasText("Connected");
        await().until(() -> server.readers() > 0);
    }

    @Test
    void greetsWithAFriendlyWordAndPlacesADemoCall() {
        show("");
        assertThat(page.getByText("It is quiet here")).isVisible();

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Place a demo call"))
                .click();

        assertThat(page.locator(".head h1")).hasText("+919876543210 → 08047112233");
        assertThat(page.locator(".row[aria-current=true]")).containsText("+919876543210");
        assertThat(problems).isEmpty();
    }

    @Test
    void interimTextSettlesIntoTheFinalInPlace() {
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1));
        show("#/t/a");

        server.publish(call.partial(2, "good mor"));
        assertThat(page.locator(".interim")).hasText("good mor");
        double interimTop = page.locator(".turn").boundingBox().y;
        server.publish(call.said(3, "Good morning."));

        assertThat(page.locator(".final")).hasText("Good morning.");
        assertThat(page.locator(".interim")).hasCount(0);
        assertThat(page.locator(".turn").boundingBox().y).isEqualTo(interimTop);
        assertThat(page.locator("[role=log]")).hasAttribute("aria-live", "polite");
        assertThat(problems).isEmpty();
    }

    @Test
    void newcomersReadWhatWasSaidBeforeWithGapsStatusAndEnd() {
        Events call = Events.of("t", "a", now - 60_000);
        server.publish(
                call.started(1),
                call.status(2, State.RECOGNISING, "sphinx", null),
                call.said(3, "How may I help you?", 0, true),
                call.gap(4, "recogniser unreachable"),
                call.said(5, "I lost my card.", 1, true),
                call.status(6, State.FAILED, "sphinx", "out of memory"));
        show("#/t/a");

        assertThat(page.locator(".who")).hasText(new String[] {"Speaker 1", "Speaker 2"});
        assertThat(page.locator(".gap")).containsText("700 ms of audio lost – recogniser unreachable");
        assertThat(page.locator(".notice[data-state=failed]")).containsText("out of memory");
        assertThat(page.locator(".notice[data-state=plain]")).containsText("DEEPGRAM_API_KEY");
        server.publish(call.ended(30));
        assertThat(page.locator(".mark.end")).hasText("The call was hung up after 0:30");
        assertThat(problems).isEmpty();
    }

    @Test
    void aLossThatGoesOnIsOneLine() {
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1), call.gap(2, 1000, 2000, "recogniser away"));
        show("#/t/a");
        assertThat(page.locator(".gap")).containsText("1.0 s of audio lost – recogniser away");

        server.publish(call.gap(3, 2000, 3500, "recogniser away"), call.gap(4, 3500, 4000, "audio missing"));

        assertThat(page.locator(".gap")).hasCount(1);
        assertThat(page.locator(".gap")).containsText("3.0 s of audio lost – recogniser away; audio missing");
        assertThat(page.locator(".gap time")).hasText("0:01");
        server.publish(call.said(5, "Hello?"), call.gap(6, 6000, 7000, "recogniser away"));
        assertThat(page.locator(".gap")).hasCount(2);
        assertThat(problems).isEmpty();
    }

    @Test
    void saysWhatWasWrongWithTheAudioOfACall() {
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1), call.status(2, State.RECOGNISING, "deepgram", null));
        show("#/t/a");
        assertThat(page.locator(".badge").first()).hasText("Live");
        assertThat(page.locator(".notice")).hasCount(0);
        server.publish(call.status(3, State.RECOGNISING, "deepgram", "audio of another track is dropped"));
        assertThat(page.locator(".notice")).containsText("audio of another track is dropped");
        server.publish(call.status(4, State.FAILED, null, "a text message is no JSON object"), call.ended(5));
        assertThat(page.locator(".notice[data-state=failed]"))
                .hasText("This call was refuseda text message is no JSON object");
        assertThat(problems).isEmpty();
    }

    @Test
    void reconnectsByItselfAndShowsNothingTwice() {
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1), call.said(2, "Before the cut."));
        show("#/t/a");
        assertThat(page.locator(".final")).hasText("Before the cut.");

        int port = server.goDown();
        assertThat(page.locator(".line")).containsText("Reconnecting in");
        server.comeBack(port);
        server.publish(call.said(3, "While it was down."));

        assertThat(page.locator(".final")).hasText(new String[] {"Before the cut.", "While it was down."});
        assertThat(page.locator(".line")).hasText("Connected");
        server.publish(call.said(4, "And on."));
        assertThat(page.locator(".final")).hasCount(3);
    }

    @Test
    void aCallGivenUpAfterAReconnectIsTakenBackWhenItGoesOn() {
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1), call.said(2, "Before the cut."));
        show("#/t/a");
        assertThat(page.locator(".final")).hasCount(1);

        int port = server.goDown();
        server.close();
        server = TestServer.inPlaceOf(port);
        assertThat(page.locator(".mark.end")).containsText("The call was lost");
        server.publish(call.said(3, "And on."));

        assertThat(page.locator(".final")).hasText(new String[] {"Before the cut.", "And on."});
        assertThat(page.locator(".mark.end")).hasCount(0);
        assertThat(page.locator(".row .badge")).hasText("Live");
    }

    @Test
    void aNewCallOfTheSameIdTakesThePlaceOfTheOneOnShow() {
        Events first = Events.of("t", "a", now);
        server.publish(first.started(1), first.said(2, "The first call."), first.ended(3));
        show("#/t/a");
        assertThat(page.locator(".final")).hasText("The first call.");

        Events second = Events.of("t", "a", now + 60_000);
        server.publish(second.started(1), second.said(2, "The second."));

        assertThat(page.locator(".final")).hasText("The second.");
        assertThat(page.locator(".mark.end")).hasCount(0);
    }

    @Test
    void aCallThatGoesOnOverAnotherSocketKeepsWhatWasSaidAndIsLiveAgain() {
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1), call.said(2, "Before the cut."), call.ended(3));
        show("#/t/a");
        assertThat(page.locator(".mark.end")).hasCount(1);

        server.publish(call.started(100).at(now), call.said(101, "And on."));

        assertThat(page.locator(".final")).hasText(new String[] {"Before the cut.", "And on."});
        assertThat(page.locator(".mark.end")).hasCount(0);
        assertThat(page.locator(".row .badge")).hasText("Live");
        assertThat(page.locator(".head h1")).hasText("+919876543210 → 08047112233");
    }

    @Test
    void finalsWithoutWordsShowNothingAndPartUtterances() {
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1), call.said(2, "One.", null, false), call.utteranceEnd(3));
        show("#/t/a");
        server.publish(call.said(4, "Two.", null, false), call.partial(5, "um"));
        assertThat(page.locator(".interim")).hasText("um");

        server.publish(call.utteranceEnd(6), call.said(7, "Three.", null, false), call.utteranceEnd(8));

        assertThat(page.locator(".said")).hasText(new String[] {"One.", "Two.", "Three."});
        assertThat(page.locator(".row-words")).hasText("Three.");
        assertThat(page.locator(".interim")).hasCount(0);
        assertThat(problems).isEmpty();
    }

    @Test
    void wordsThatWereNotSaidAfterAllLeaveTheReaderAndTheList() {
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1), call.said(2, "Hello."));
        show("#/t/a");
        server.publish(call.partial(3, "ghost words"));
        assertThat(page.locator(".interim")).hasText("ghost words");
        assertThat(page.locator(".row-words")).hasText("ghost words");

        server.publish(call.utteranceEnd(4));

        assertThat(page.locator(".interim")).hasCount(0);
        assertThat(page.locator(".row-words")).hasText("Hello.");
        assertThat(problems).isEmpty();
    }

    @Test
    void aCallWhoseWorkerIsAwayIsShownAsLostAndHeals() {
        Events call = Events.of("t", "a", now - 300_000);
        Events onHold = Events.of("t", "b", now - 300_000);
        server.publish(call.started(1), call.said(2, "Before."), onHold.started(1));
        server.passes(TestServer.LOST_AFTER);
        server.keepAlive(onHold.stream());
        show("#/t/a");

        assertThat(page.locator(".row[aria-current=true] .badge"))
                .hasText("Lost", new LocatorAssertions.HasTextOptions().setTimeout(20_000));
        assertThat(page.locator(".notice[data-state=lost]")).containsText("The worker of this call is away");
        assertThat(page.locator(".row:not([aria-current]) .badge")).hasText("Live");
        assertThat(page.locator(".mark.end")).hasCount(0);

        server.publish(call.said(3, "And on."));
        assertThat(page.locator(".row[aria-current=true] .badge")).hasText("Live");
        assertThat(page.locator(".notice[data-state=lost]")).hasCount(0);
        assertThat(page.locator(".final")).hasText(new String[] {"Before.", "And on."});

        server.passes(TestServer.LOST_AFTER);
        assertThat(page.locator(".row[aria-current=true] .badge"))
                .hasText("Lost", new LocatorAssertions.HasTextOptions().setTimeout(20_000));
        server.keepAlive(call.stream());
        assertThat(page.locator(".row[aria-current=true] .badge"))
                .hasText("Live", new LocatorAssertions.HasTextOptions().setTimeout(20_000));
        assertThat(problems).isEmpty();
    }

    @Test
    void aLostCallThatTheServerForgetsHasEndedUntilItIsHeardAgain() {
        Events call = Events.of("t", "a", now - 300_000);
        server.publish(call.started(1), call.said(2, "Before."));
        server.passes(TestServer.LOST_AFTER);
        show("#/t/a");
        assertThat(page.locator(".row .badge"))
                .hasText("Lost", new LocatorAssertions.HasTextOptions().setTimeout(20_000));

        server.passes(CallBook.LOST_KEPT);

        assertThat(page.locator(".row .badge")).hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(20_000));
        assertThat(page.locator(".mark.end")).hasCount(1);

        server.publish(call.said(3, "And on."));
        assertThat(page.locator(".row .badge")).hasText("Live");
        assertThat(page.locator(".final")).hasText(new String[] {"Before.", "And on."});
        assertThat(page.locator(".mark.end")).hasCount(0);
        assertThat(problems).isEmpty();
    }

    @Test
    void wordsGoOnAfterTheCallsClockHasTicked() {
        Events call = Events.of("t", "a", now - 60_000);
        server.publish(call.started(1));
        show("#/t/a");
        String duration = page.locator(".duration").textContent();
        assertThat(page.locator(".duration")).not().hasText(duration);

        server.publish(call.said(2, "Still here."));

        assertThat(page.locator(".final")).hasText("Still here.");
        assertThat(problems).isEmpty();
    }

    @Test
    void readersWhoScrolledUpAreLeftInPeaceAndCanJumpToLive() {
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1));
        for (int seq = 2; seq < 1502; seq++) {
            server.publish(call.said(seq, "This is what was said in second " + seq + " of a long call."));
        }
        show("#/t/a");
        assertThat(page.locator(".final").last()).isInViewport();
        assertThat(page.locator(".turn").count()).isLessThanOrEqualTo(1000);
        assertThat(page.locator(".earlier")).isVisible();

        page.locator(".scroller").hover();
        page.mouse().wheel(0, -3000);
        assertThat(page.locator(".jump")).isVisible();
        server.publish(call.said(1502, "Something new."));
        assertThat(page.locator(".row-words")).hasText("Something new.");
        assertThat(page.locator(".jump")).hasText("Jump to live ↓");
        page.locator(".jump").click();

        assertThat(page.locator(".final").last()).isInViewport();
        assertThat(page.locator(".jump")).hasCount(0);
    }

    @Test
    void asksForATokenAndUsesItForSocketAndDownload() {
        List<String> downloads = new ArrayList<>();
        server.guard = handshake -> {
            boolean known = "Bearer s3cret".equals(handshake.header("authorization"))
                    || "bearer, s3cret"
                            .equals(String.valueOf(handshake.header("sec-websocket-protocol"))
                                    .replace(",", ", ")
                                    .replace(",  ", ", "));
            if (known && handshake.path().endsWith("transcript")) {
                downloads.add(handshake.path());
            }
            return CompletableFuture.completedFuture(
                    known
                            ? new Verdict.Granted(Principal.ANYONE, "bearer")
                            : new Verdict.Refused(401, "no token", null));
        };
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1), call.said(2, "For your ears only."));
        page.navigate(server.url() + "/#/t/a");

        page.getByLabel("Token").fill("s3cret");
        page.keyboard().press("Enter");

        assertThat(page.locator(".final")).hasText("For your ears only.");
        String text = page.waitForDownload(
                        () -> page.getByLabel("Download as txt").click())
                .suggestedFilename();
        assertThat(text).isEqualTo("transcript-a.txt");
        assertThat(downloads).hasSize(1);
    }

    @Test
    void forgetsWhatItShowedWhenTheDoorIsClosedToIt() {
        Events before = Events.of("other", "a", now);
        server.publish(before.started(1), before.said(2, "Not for everybody."));
        show("#/other/a");
        assertThat(page.locator(".final")).hasText("Not for everybody.");

        int port = server.goDown();
        server.close();
        server = TestServer.inPlaceOf(
                port,
                handshake -> CompletableFuture.completedFuture(
                        "Bearer s3cret".equals(handshake.header("authorization"))
                                        || String.valueOf(handshake.header("sec-websocket-protocol"))
                                                .contains("s3cret")
                                ? new Verdict.Granted(Principal.ANYONE, "bearer")
                                : new Verdict.Refused(401, "no token", null)));
        page.getByLabel("Token").fill("s3cret");
        page.keyboard().press("Enter");

        assertThat(page.getByText("It is quiet here")).isVisible();
        assertThat(page.getByText("Not for everybody.")).hasCount(0);
    }

    @Test
    void onAPhoneListAndTranscriptTakeTurnsByKeyboardAlone() {
        page.setViewportSize(390, 844);
        Events call = Events.of("t", "a", now);
        server.publish(call.started(1), call.said(2, "Hello."));
        show("");
        assertThat(page.locator(".reader")).isHidden();

        page.locator(".row").focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("nav")).isHidden();
        assertThat(page.locator(".final")).hasText("Hello.");
        page.locator(".back").press("Enter");
        assertThat(page.locator("nav")).isVisible();
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .isEqualTo(390);
    }
}
