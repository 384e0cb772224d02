package io.rtaa.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.testsupport.Browsers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Opens the page for each test on a server of its own, in a real browser that the tests of a class share. */
final class DashboardInBrowser implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private @Nullable Playwright playwright;
    private @Nullable Browser browser;
    private @Nullable BrowserContext context;
    private @Nullable Page page;
    private @Nullable TestServer server;
    private final List<String> problems = new CopyOnWriteArrayList<>();

    @Override
    public void beforeAll(ExtensionContext tests) {
        playwright = Browsers.playwright();
        browser = Browsers.launch(playwright);
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        if (playwright != null) {
            playwright.close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        problems.clear();
        server = new TestServer(() -> {
            server().publish(Events.of("demo", "demo-1", System.currentTimeMillis())
                    .started(1));
            return CompletableFuture.completedFuture("demo-1");
        });
        context = requireNonNull(browser).newContext();
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                problems.add(message.text());
            }
        });
        page.onPageError(problems::add);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        requireNonNull(context).close();
        server().close();
    }

    Page page() {
        return requireNonNull(page);
    }

    /** The elements of the page that a selector of CSS finds. */
    Locator find(String selector) {
        return page().locator(selector);
    }

    TestServer server() {
        return requireNonNull(server);
    }

    /** Gives the server events of calls, as the bus does. */
    void publish(TranscriptEvent... events) {
        server().publish(events);
    }

    /** Another server takes the place of one that is closed. */
    void serveWith(TestServer another) {
        server = another;
    }

    /** What the browser reported: errors on its console and exceptions of the page. */
    List<String> problems() {
        return problems;
    }

    /** Opens the page at a fragment, and waits until it reads along. */
    void show(String fragment) {
        page().navigate(server().url() + "/" + fragment);
        assertThat(find(".line")).hasText("Connected");
        await().until(() -> server().readers() > 0);
    }
}
