package io.rtaa;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.Browsers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;

/** What a newcomer does first: opens the page, presses the button, reads along. Everything is real, the recogniser too. */
@SpringBootTest(properties = {"rtaa.port=0", "rtaa.drain-seconds=0"})
@DirtiesContext // The call would go on, and its recogniser would take a core from the tests that follow.
class DemoCallTest {

    /** The model is loaded with the first call, on a machine that may be busy with other tests. */
    private static final double AT_MOST_MILLIS = 180_000;

    @Autowired
    private PublicListener listener;

    @Test
    void theDemoCallsWordsAppearOnThePageWhileItGoesOn() {
        try (Playwright playwright = Browsers.playwright();
                var browser = Browsers.launch(playwright)) {
            Page page = browser.newPage();
            List<String> problems = new ArrayList<>();
            page.onPageError(problems::add);
            page.navigate("http://127.0.0.1:" + listener.actualPort() + "/");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Place a demo call"))
                    .first()
                    .click();

            Locator interim = page.locator(".interim");
            assertThat(interim.first()).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(AT_MOST_MILLIS));
            Locator finals = page.locator(".final");
            assertThat(finals.nth(1)).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(AT_MOST_MILLIS));
            assertThat(page.locator(".head")).containsText("Live");
            assertThat(page.getByText("DEEPGRAM_API_KEY")).isVisible();
            assertThat(String.join(" ", finals.allTextContents()))
                    .contains("good morning thank you for calling")
                    .contains("order");
            assertThat(problems).isEmpty();
        }
    }
}
