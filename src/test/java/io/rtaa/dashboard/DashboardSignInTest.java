package io.rtaa.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the page in a real browser asks for a token, and what it does once one is refused or has expired. */
class DashboardSignInTest {

    @RegisterExtension
    private static final DashboardInBrowser dashboard = new DashboardInBrowser();

    private final long now = System.currentTimeMillis();

    @Test
    void asksForATokenAndUsesItForSocketAndDownload() {
        List<String> downloads = new ArrayList<>();
        dashboard.server().guard = handshake -> {
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
                            : new Verdict.Refused(401, "no token", null, "Bearer"));
        };
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.said(2, "For your ears only."));
        dashboard.page().navigate(dashboard.server().url() + "/#/t/a");

        dashboard.page().getByLabel("Token").fill("s3cret");
        dashboard.page().keyboard().press("Enter");

        assertThat(dashboard.find(".final")).hasText("For your ears only.");
        String text = dashboard
                .page()
                .waitForDownload(
                        () -> dashboard.page().getByLabel("Download as txt").click())
                .suggestedFilename();
        assertThat(text).isEqualTo("transcript-a.txt");
        assertThat(downloads).hasSize(1);
    }

    @Test
    void forgetsWhatItShowedWhenTheDoorIsClosedToIt() {
        Events before = Events.of("other", "a", now);
        dashboard.publish(before.started(1), before.said(2, "Not for everybody."));
        dashboard.show("#/other/a");
        assertThat(dashboard.find(".final")).hasText("Not for everybody.");

        int port = dashboard.server().goDown();
        dashboard.server().close();
        dashboard.serveWith(TestServer.inPlaceOf(
                port,
                handshake -> CompletableFuture.completedFuture(
                        "Bearer s3cret".equals(handshake.header("authorization"))
                                        || String.valueOf(handshake.header("sec-websocket-protocol"))
                                                .contains("s3cret")
                                ? new Verdict.Granted(Principal.ANYONE, "bearer")
                                : new Verdict.Refused(401, "no token", null, "Bearer"))));
        dashboard.page().getByLabel("Token").fill("s3cret");
        dashboard.page().keyboard().press("Enter");

        assertThat(dashboard.page().getByText("It is quiet here")).isVisible();
        assertThat(dashboard.page().getByText("Not for everybody.")).hasCount(0);
    }

    @Test
    void anExpiredSessionAsksForATokenAndTriesTheOldOneNoMore() {
        List<String> tokens = new CopyOnWriteArrayList<>();
        dashboard.server().guard = handshake -> {
            String offered = String.valueOf(handshake.header("sec-websocket-protocol"));
            tokens.add(offered);
            return CompletableFuture.completedFuture(
                    offered.contains("first") || offered.contains("second") || offered.contains("third")
                            ? new Verdict.Granted(Principal.ANYONE, "bearer")
                            : new Verdict.Refused(401, "no token", null, "Bearer"));
        };
        Events call = Events.of("t", "a", now);
        dashboard.publish(call.started(1), call.said(2, "For your ears only."));
        dashboard.page().navigate(dashboard.server().url() + "/#/t/a");
        dashboard.page().getByLabel("Token").fill("first");
        dashboard.page().keyboard().press("Enter");
        assertThat(dashboard.find(".final")).hasText("For your ears only.");

        dashboard.server().tell("{\"type\":\"expiring\",\"expires_at_ms\":" + (now + 60_000) + "}");

        assertThat(dashboard.find(".banner")).containsText("Your session expires at ");
        assertThat(dashboard.find(".row")).hasCount(1);
        dashboard
                .page()
                .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Use another token"))
                .click();
        dashboard.page().getByLabel("Token").fill("second");
        dashboard.page().keyboard().press("Enter");
        assertThat(dashboard.find(".final")).hasText("For your ears only.");
        assertThat(dashboard.find(".banner")).hasCount(0);
        await().until(() -> dashboard.server().readers() == 1);

        dashboard.server().closeSockets(4401);

        assertThat(dashboard.page().getByText("Your session has expired")).isVisible();
        assertThat(dashboard.find(".line")).hasText("Not connected");
        assertThat(dashboard.page().getByText("For your ears only.")).hasCount(0);
        dashboard.page().reload();
        assertThat(dashboard.page().getByText("A token, please")).isVisible();
        dashboard.page().getByLabel("Token").fill("third");
        dashboard.page().keyboard().press("Enter");
        assertThat(dashboard.find(".final")).hasText("For your ears only.");
        assertThat(tokens.stream().filter(token -> token.contains("second"))).hasSize(1);
    }
}
