package io.rtaa;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.testsupport.Browsers;
import io.rtaa.testsupport.CamelJmx;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** An operator with a browser: Hawtio's page on the real service, with a route of a team's own and a stand-in for Deepgram. */
@SpringBootTest(
        webEnvironment = WebEnvironment.DEFINED_PORT,
        properties = {
            "rtaa.port=0",
            "rtaa.management.port=0",
            "rtaa.management.password=admin",
            "rtaa.management.viewers=eve:look",
            "rtaa.drain-seconds=0",
            "rtaa.asr.provider=deepgram",
            "rtaa.deepgram.api-key=any"
        })
@DirtiesContext
@ExtendWith(CamelJmx.class)
class HawtioPageTest {

    private static final int RATE = 8000;
    private static final Path SCREENSHOT = Path.of("target", "hawtio.png");
    private static final String VIEWS = "nav.pf-m-horizontal";
    private static final String TEAM_ROUTE = "team-counts";

    @TempDir
    private static Path folder;

    private static final Vertx VERTX = Vertx.vertx();
    private static final DeepgramStandIn STAND_IN = DeepgramStandIn.start(VERTX);
    private static @Nullable Playwright playwright;
    private static @Nullable Browser browser;

    @Autowired
    private PublicListener listener;

    @Autowired
    private CamelContext camel;

    @LocalServerPort
    private int managementPort;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) throws IOException {
        Path file = Files.writeString(folder.resolve("team.camel.yaml"), """
                - route:
                    id: team-counts
                    description: Counts transcripts for a team
                    from:
                      uri: "{{rtaa.bus.transcripts}}"
                      steps:
                        - to:
                            id: team-log
                            uri: log:team?level=DEBUG
                """);
        registry.add("rtaa.routes", file::toString);
        registry.add("rtaa.deepgram.url", STAND_IN::url);
    }

    @BeforeAll
    static void open() {
        playwright = Browsers.playwright();
        browser = Browsers.launch(playwright);
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
        }
        STAND_IN.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private String address(String path) {
        return "http://127.0.0.1:" + managementPort + path;
    }

    private static BrowserContext context() {
        return Objects.requireNonNull(browser).newContext(new Browser.NewContextOptions().setViewportSize(1600, 1000));
    }

    private Page logIn(BrowserContext context, String user, String password) {
        Page page = context.newPage();
        page.navigate(address("/actuator/hawtio"));
        page.fill("[name=username]", user);
        page.fill("[name=password]", password);
        page.click("button[type=submit]");
        return page;
    }

    /** Opens a tab of Hawtio's and unfolds its tree. */
    private void open(Page page, String tab) {
        page.navigate(address("/actuator/hawtio" + tab));
        page.getByText("Expand all").click();
    }

    /** Selects a node of the tree, and waits until the page has shown the view that it begins with. */
    private static void select(Page page, String node) {
        page.locator(".pf-v6-c-tree-view")
                .getByText(node, new Locator.GetByTextOptions().setExact(true))
                .first()
                .click();
        assertThat(page.locator("h1").getByText(node, new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(page.locator(VIEWS + " a.pf-m-current")).isVisible();
    }

    /** Hawtio may show a node's first view only after a click on another one, so that this one clicks until it is there. */
    private static void view(Page page, String name) {
        await().untilAsserted(() -> {
            page.locator(VIEWS)
                    .getByText(name, new Locator.GetByTextOptions().setExact(true))
                    .click();
            assertThat(page.locator(VIEWS + " a.pf-m-current"))
                    .hasText(name, new LocatorAssertions.HasTextOptions().setTimeout(2_000));
        });
    }

    /** The row of the routes' table of a route. */
    private static Locator row(Page page, String route) {
        return page.locator("#camel-routes-table tbody tr")
                .filter(new Locator.FilterOptions()
                        .setHas(page.locator(
                                "td[data-label=Name]",
                                new Page.LocatorOptions().setHasText(Pattern.compile("^" + route + "$")))));
    }

    private static long count(Page page, String route, String column) {
        return Long.parseLong(
                row(page, route).locator("td[data-label=" + column + "]").innerText());
    }

    /** Has an operation with one parameter, or none, executed. */
    private static Locator execute(Page page, String operation, String... argument) {
        view(page, "Operations");
        Locator item = page.locator(
                "li.pf-v6-c-data-list__item",
                new Page.LocatorOptions()
                        .setHas(page.locator(
                                "b",
                                new Page.LocatorOptions()
                                        .setHasText(
                                                Pattern.compile("^" + operation.replaceAll("[()]", "\\\\$0") + "$")))));
        item.locator("button[aria-label=Details]").click();
        for (String value : argument) {
            item.locator("input[type=text]").fill(value);
        }
        item.getByText("Execute", new Locator.GetByTextOptions().setExact(true))
                .last()
                .click();
        return item;
    }

    private URI publicDoor(String path) {
        return URI.create("ws://127.0.0.1:" + listener.actualPort() + path);
    }

    private String call() {
        return new ExotelCaller(VERTX, 1)
                .place(CallPlan.of(
                        publicDoor("/v1/exotel"),
                        new Recording(RATE, SpokenAudio.speak(RATE, 1, 300, 1).pcm())))
                .streamSids()
                .get(0);
    }

    @Test
    void aWrongPasswordIsRefused() {
        try (BrowserContext context = context()) {
            Page page = logIn(context, "rtaa", "wrong");
            assertThat(page.locator("[role=alert]")).isVisible();
            page.navigate(address("/actuator/hawtio/camel"));
            assertThat(page).hasURL(address("/login"));
        }
    }

    @Test
    void anAdminSeesEveryRouteWithItsDescriptionAndCountsThatRiseDuringACall() {
        try (BrowserContext context = context()) {
            Page page = logIn(context, "rtaa", "admin");
            open(page, "/camel");
            for (Route route : camel.getRoutes()) {
                select(page, route.getId());
                view(page, "Attributes");
                assertThat(page.locator(
                                "table[aria-label=Attributes] tr", new Page.LocatorOptions().setHasText("Description")))
                        .containsText(route.getDescription());
                assertThat(page.locator("table[aria-label=Attributes] tr")
                                .filter(new Locator.FilterOptions()
                                        .setHas(page.getByText("RouteId", new Page.GetByTextOptions().setExact(true)))))
                        .containsText(route.getId());
            }
            select(page, "routes");
            view(page, "Source");
            assertThat(page.locator(".view-lines")).containsText("exotel-in");
            view(page, "Route Diagram");
            assertThat(page.getByText("(ID: exotel-decode)")).isVisible();
            view(page, "Routes");
            assertThat(page.locator("#camel-routes-table tbody tr"))
                    .hasCount(camel.getRoutes().size());
            long frames = count(page, "exotel-in", "Total");
            long transcripts = count(page, TEAM_ROUTE, "Completed");

            call();

            await().untilAsserted(() -> {
                assertThat(count(page, "exotel-in", "Total")).isGreaterThan(frames);
                assertThat(count(page, TEAM_ROUTE, "Completed")).isGreaterThan(transcripts);
            });
            page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOT));
            assertThat(SCREENSHOT).isNotEmptyFile();
        }
    }

    @Test
    void anAdminStopsAndStartsATeamsRouteAndEndsACall() {
        try (BrowserContext context = context();
                DashboardClient dashboard = new DashboardClient(publicDoor("/v1/transcripts"))) {
            Page page = logIn(context, "rtaa", "admin");
            open(page, "/camel");
            select(page, TEAM_ROUTE);
            execute(page, "stop()");
            await().until(() ->
                    camel.getRouteController().getRouteStatus(TEAM_ROUTE).isStopped());
            execute(page, "start()");
            await().until(() ->
                    camel.getRouteController().getRouteStatus(TEAM_ROUTE).isStarted());

            String id = call();
            await().until(() -> !dashboard.transcript(id).isEmpty());
            open(page, "/jmx");
            select(page, "LiveCalls");
            view(page, "Attributes");
            assertThat(page.locator("table[aria-label=Attributes]")).containsText(id);
            Locator ended = execute(page, "endCall(String)", id);
            assertThat(ended).containsText("ending ");
            await().until(() -> dashboard.hasEnded(id));
            assertThat(dashboard.events(id).toString()).contains("ended_by_operator");
        }
    }

    @Test
    void aViewerLooksAndCannotOperate() {
        try (BrowserContext context = context()) {
            Page page = logIn(context, "eve", "look");
            open(page, "/camel");
            select(page, TEAM_ROUTE);
            view(page, "Attributes");
            assertThat(page.locator("table[aria-label=Attributes]")).containsText("Counts transcripts for a team");
            Locator refused = execute(page, "stop()");
            assertThat(refused).containsText("forbidden");
            assertThat(camel.getRouteController().getRouteStatus(TEAM_ROUTE).isStarted())
                    .isTrue();
        }
    }
}
