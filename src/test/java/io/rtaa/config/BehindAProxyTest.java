package io.rtaa.config;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.ClientAddress;
import io.rtaa.dashboard.PageWorkers;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.security.OriginPolicy;
import io.rtaa.edge.security.ProcessUses;
import io.rtaa.edge.security.StreamTokenMeters;
import io.rtaa.edge.websocket.WebsocketComponent;
import io.rtaa.routes.LimitMeters;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.testsupport.Browsers;
import io.rtaa.testsupport.ReverseProxy;
import io.rtaa.testsupport.ReverseProxy.Rules;
import io.rtaa.testsupport.SigningKey;
import io.rtaa.tracing.CallTracing;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.ConfigurableEnvironment;

/** The page in a real browser, behind a reverse proxy, on the listener as the settings make it. */
class BehindAProxyTest {

    private static final String CONNECTED = "Connected";

    private static Vertx vertx;
    private static ReverseProxy proxy;
    private static Playwright playwright;
    private static Browser browser;
    /** What the browser has in its address bar; the service gets to see 127.0.0.1 unless a test says otherwise. */
    private static String site;

    private Service service;
    private Page page;

    @BeforeAll
    static void launch() {
        vertx = Vertx.vertx();
        proxy = ReverseProxy.start(vertx);
        site = "http://rtaa.localhost:" + proxy.port();
        playwright = Browsers.playwright();
        browser = Browsers.launch(playwright);
    }

    @AfterAll
    static void quit() {
        if (playwright != null) {
            playwright.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void open() {
        page = browser.newPage();
    }

    @AfterEach
    void close() {
        page.close();
        service.close();
    }

    @Test
    void aChangedHostIsExplainedAndAForwardedOneHeals() throws Exception {
        service = Service.start(Map.of("TRUSTED_PROXIES", "127.0.0.1"));
        Rules hostChanged = Rules.to(service.port());
        proxy.passTo(service.port(), hostChanged);
        page.navigate(site + "/");

        assertBlocked("This page may not connect", "Pages of " + site + " may not connect", "PUBLIC_URL");

        proxy.passTo(service.port(), hostChanged.with("X-Forwarded-Host", "rtaa.localhost:" + proxy.port()));
        assertThat(page.locator(".line")).hasText(CONNECTED);
        assertThat(page.getByText("It is quiet here")).isVisible();
    }

    @Test
    void noTokenIsAskedForBeforeTheOriginIsRight() throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("JWT_PUBLIC_KEY", SigningKey.FIRST.publicPem()));
        service = Service.start(settings);
        proxy.passTo(service.port(), Rules.to(service.port()));
        page.navigate(site + "/");
        assertBlocked("This page may not connect", "X-Forwarded-Host");
        service.close();

        settings.put("PUBLIC_URL", site);
        service = Service.start(settings);
        proxy.passTo(service.port(), Rules.to(service.port()));
        assertThat(page.getByLabel("Token")).isVisible();
        page.getByLabel("Token").fill("no.token");
        page.keyboard().press("Enter");
        assertThat(page.locator("#token-problem")).not().isEmpty();
    }

    @Test
    void belowAStrippedPrefixThePageWorksWithAndWithoutTheLastSlash() throws Exception {
        service = Service.start(Map.of());
        Rules stripping = new Rules(BehindAProxyTest::stripped, Map.of(), true);
        proxy.passTo(service.port(), stripping);
        page.navigate(site + "/rtaa/");
        assertThat(page.locator(".line")).hasText(CONNECTED);

        page.navigate("about:blank");
        page.navigate(site + "/rtaa#/tenant/call");

        assertThat(page.locator(".line")).hasText(CONNECTED);
        assertThat(page).hasURL(site + "/rtaa/#/tenant/call");
        int placed = page.waitForResponse(
                        answer -> answer.url().equals(site + "/rtaa/api/demo-calls"),
                        () -> page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Place a demo call"))
                                .click())
                .status();
        assertThat(placed).isEqualTo(202);
    }

    @Test
    void belowAPrefixThatTheProxyKeepsThePageWorksByThePublicUrl() throws Exception {
        service = Service.start(Map.of("PUBLIC_URL", site + "/rtaa"));
        proxy.passTo(service.port(), Rules.to(service.port()));

        page.navigate(site + "/rtaa");

        assertThat(page.locator(".line")).hasText(CONNECTED);
        assertThat(page).hasURL(site + "/rtaa/");
        assertThat(page.evaluate("fetch('health').then(answer => answer.status)"))
                .isEqualTo(200);
        assertThat(page.evaluate("fetch('api/nothing').then(answer => answer.json()).then(body => body.error)"))
                .asString()
                .contains("nothing is at");
    }

    @Test
    void belowAPrefixThatTheProxyKeepsThePageWorksByAForwardedPrefixAndShowsNothingOfIt() throws Exception {
        service = Service.start(Map.of("TRUSTED_PROXIES", "127.0.0.1"));
        Rules keeping = new Rules(path -> path, Map.of("X-Forwarded-Prefix", "/rtaa"), true);
        proxy.passTo(service.port(), keeping);
        page.navigate(site + "/rtaa/");
        assertThat(page.locator(".line")).hasText(CONNECTED);

        String plain = body("/", "/");
        assertThat(plain).contains("<rtaa-app>");
        assertThat(body("/", "/\"><script src=//evil.example></script>")).isEqualTo(plain);
        assertThat(body("/rtaa/", "/rtaa")).isEqualTo(plain);
    }

    @Test
    void aProxyThatPassesOnNoUpgradesIsNamedAndNoTokenIsAskedFor() throws Exception {
        service = Service.start(Map.of());
        Rules passing = new Rules(path -> path, Map.of(), true);
        proxy.passTo(service.port(), passing.withoutUpgrades());
        page.navigate(site + "/");

        assertBlocked("Live words do not get through", "does not pass on upgrades", "Upgrade and Connection");

        proxy.passTo(service.port(), passing);
        // The page tries again by itself too, and then takes the button away.
        page.evaluate("document.querySelector('button.primary')?.click()");
        assertThat(page.locator(".line")).hasText(CONNECTED);
    }

    @Test
    void aProxyThatPassesOnAPartOfTheAddressesIsNamed() throws Exception {
        service = Service.start(Map.of());
        Rules passing = new Rules(path -> path, Map.of(), true);
        proxy.passTo(service.port(), passing.withPath(path -> path.startsWith("/v1/") ? "" : path));
        page.navigate(site + "/");
        assertBlocked("The service is not reached", "answered " + site + "/v1/transcripts itself, with 404");

        proxy.passTo(service.port(), passing.withPath(path -> path.equals("/") ? path : ""));
        page.navigate(site + "/");
        assertThat(page.locator(".card h1")).hasText("A part of this page is missing");
        assertThat(page.locator(".card")).containsText("everything below that address");
    }

    @Test
    void withAuthenticationOffNoOriginIsRefused() throws Exception {
        service = Service.start(Map.of("RTAA_AUTH", "none"));
        proxy.passTo(service.port(), Rules.to(service.port()).with("Origin", "https://elsewhere.example"));

        page.navigate(site + "/");

        assertThat(page.locator(".line")).hasText(CONNECTED);
        assertThat(page.evaluate("fetch('api/demo-calls', { method: 'POST' }).then(answer => answer.status)"))
                .isEqualTo(202);
    }

    private void assertBlocked(String title, String... reasons) {
        assertThat(page.locator(".card h1")).hasText(title);
        for (String reason : reasons) {
            assertThat(page.locator(".card")).containsText(reason);
        }
        assertThat(page.getByLabel("Token")).hasCount(0);
    }

    /** As {@code location /rtaa { proxy_pass http://service/; }} does: {@code /rtaa} is {@code /}. */
    private static String stripped(String path) {
        if (!path.startsWith("/rtaa")) {
            return "";
        }
        String rest = path.substring("/rtaa".length());
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private String body(String path, String prefix) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .header("X-Forwarded-Prefix", prefix)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** The public listener with the page, the API and the sockets, without what is behind them. */
    private record Service(
            Vertx vertx, PublicListener listener, DefaultCamelContext camel, PageWorkers workers, FileWatch files)
            implements AutoCloseable {

        static Service start(Map<String, Object> variables) throws Exception {
            Map<String, Object> all = new HashMap<>(variables);
            all.put("PORT", "0");
            ConfigurableEnvironment environment = TestSettings.environment(all, Map.of());
            RtaaSettings settings = RtaaSettings.read(environment);
            Clock clock = Clock.systemUTC();
            ListenerConfiguration listening = new ListenerConfiguration();
            IngestConfiguration ingest = new IngestConfiguration();
            DashboardConfiguration dashboard = new DashboardConfiguration();
            Vertx vertx = listening.vertx();
            LimitMeters limits = LimitMeters.unmeasured();
            HandshakeConfiguration handshakes = new HandshakeConfiguration();
            ClientAddress clients = handshakes.clientAddress(settings);
            PublicListener listener = listening.publicListener(vertx, settings, List.of(), List.of(), clients, limits);
            LiveLegs legs = ingest.liveLegs(settings, clock, CallTracing.OFF);
            WebsocketComponent websocket = listening.websocket(listener, settings, new SimpleMeterRegistry());
            DefaultCamelContext camel = new DefaultCamelContext();
            camel.addComponent("websocket", websocket);
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            FileWatch files = new FileWatch(FileWatch.DEFAULT_INTERVAL, registry);
            camel.getPropertiesComponent().addPropertiesSource(new PropertiesSource() {
                @Override
                public String getName() {
                    return "settings";
                }

                @Override
                public @Nullable String getProperty(String name) {
                    return environment.getProperty(name);
                }
            });
            OriginPolicy origins = handshakes.originPolicy(settings);
            camel.getRegistry().bind("allowList", handshakes.allowList(settings));
            camel.getRegistry().bind("basic", handshakes.basic(settings, files, environment));
            StreamUrlConfiguration streamUrls = new StreamUrlConfiguration();
            StreamTokenMeters tokenMeters = streamUrls.streamTokenMeters(registry);
            camel.getRegistry()
                    .bind(
                            "streamToken",
                            streamUrls.streamToken(
                                    settings,
                                    streamUrls.streamTokens(settings, files, environment),
                                    new ProcessUses(clock),
                                    tokenMeters));
            camel.getRegistry()
                    .bind(
                            "tokenVerifier",
                            handshakes.tokenVerifier(
                                    settings, clock, handshakes.jwksMeters(registry), files, environment));
            camel.getRegistry().bind("origin", handshakes.origin(origins));
            camel.getRegistry().bind("credential", handshakes.credential(origins));
            camel.getRegistry().bind("clientAddress", clients);
            camel.getRegistry().bind("limitMeters", limits);
            camel.getRegistry().bind("admission", handshakes.admission(legs, limits));
            for (String file : List.of("shared/policies", "ingest/handshakes", "dashboard/handshake")) {
                PluginHelper.getRoutesLoader(camel)
                        .loadRoutes(PluginHelper.getResourceLoader(camel)
                                .resolveResource("classpath:routes/" + file + ".camel.yaml"));
            }
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("websocket:exotel?path=/v1/exotel&kind=caller&handshake=direct:exotel-handshake")
                            .stop();
                    from("websocket:dashboard?path=/v1/transcripts&kind=viewer").stop();
                }
            });
            PageWorkers workers = dashboard.pageWorkers();
            dashboard
                    .dashboardOnListener(
                            listener,
                            camel,
                            dashboard.callBook(clock, settings),
                            new DemoCaller(
                                    vertx,
                                    listener,
                                    settings,
                                    new ListenerCertificate(listener, null, clock, new SimpleMeterRegistry())),
                            clock,
                            workers)
                    .afterPropertiesSet();
            camel.start();
            listener.start();
            return new Service(vertx, listener, camel, workers, files);
        }

        int port() {
            return listener.actualPort();
        }

        @Override
        public void close() {
            camel.stop();
            listener.stop();
            workers.close();
            files.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
