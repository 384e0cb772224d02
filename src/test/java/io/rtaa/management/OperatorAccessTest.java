package io.rtaa.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.testsupport.AuditLines;
import io.rtaa.testsupport.CamelJmx;
import io.rtaa.testsupport.OperatorClient;
import io.rtaa.testsupport.PatientWaits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Who logs in at the management listener of the real service, and what Jolokia then does and refuses. */
@SpringBootTest(
        webEnvironment = WebEnvironment.DEFINED_PORT,
        properties = {"rtaa.port=0", "rtaa.management.port=0", "rtaa.drain-seconds=0"})
@AutoConfigureObservability(tracing = false)
@DirtiesContext
@ExtendWith(CamelJmx.class)
class OperatorAccessTest {

    private static final String CONTEXT = "org.apache.camel:context=rtaa,type=context,name=\"rtaa\"";
    private static final String ROUTE = "org.apache.camel:context=rtaa,type=routes,name=\"dashboard-ticks\"";
    private static final String ADMIN = "rtaa";
    private static final String ADMIN_PASSWORD = "of the admin";
    private static final String VIEWER = "eve";
    private static final String VIEWER_PASSWORD = "of the viewer";

    @TempDir
    private static Path folder;

    private static Path viewers;

    @LocalServerPort
    private int port;

    @Autowired
    private CamelContext camel;

    @DynamicPropertySource
    static void logins(DynamicPropertyRegistry registry) throws IOException {
        viewers = Files.writeString(folder.resolve("viewers"), VIEWER + ":" + VIEWER_PASSWORD + "\nbob:of bob\n");
        Path password = Files.writeString(folder.resolve("password"), ADMIN_PASSWORD + "\n");
        registry.add("rtaa.management.password-file", password::toString);
        registry.add("rtaa.management.viewers-file", viewers::toString);
    }

    private OperatorClient admin() throws Exception {
        return OperatorClient.in(port, ADMIN, ADMIN_PASSWORD);
    }

    private OperatorClient viewer() throws Exception {
        return OperatorClient.in(port, VIEWER, VIEWER_PASSWORD);
    }

    private static void assertRefused(JsonNode answer) {
        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(403);
        assertThat(answer.has("value")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/actuator/health, 200",
        "/actuator/prometheus, 200",
        "/actuator/hawtio, 302",
        "/actuator/hawtio/, 302",
        "/actuator/hawtio/index.html, 302",
        "/actuator/hawtio/jolokia/version, 401",
        "/actuator/jolokia/version, 401",
        "/actuator/env, 404",
        "/anything, 404"
    })
    void anAddressAsksForALoginOrSaysNothing(String path, int status) throws Exception {
        assertThat(new OperatorClient(port).get(path).statusCode()).isEqualTo(status);
    }

    @Test
    void aLoginOpensHawtiosPageAndItsEndClosesIt() throws Exception {
        OperatorClient client = viewer();
        assertThat(client.get("/actuator/hawtio/index.html").body()).contains("<title>Hawtio</title>");
        assertThat(client.read(CONTEXT, "State").path("value").asText()).isEqualTo("Started");
        assertThat(client.get("/actuator/env").statusCode()).isEqualTo(403);
    }

    @Test
    void aSessionsCookieIsKeptFromScriptsAndOtherSites() throws Exception {
        OperatorClient client = new OperatorClient(port);
        assertThat(client.logIn(ADMIN, ADMIN_PASSWORD).headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie).contains("rtaa-management=", "HttpOnly", "SameSite=Strict"));
    }

    @Test
    void aWrongPasswordIsRefusedAndManyAreThrottledUntilTheAddressHasWaited() throws Exception {
        // From an address of its own: others log in beside this.
        try (AuditLines audit = new AuditLines()) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i <= LoginProvider.MOST; i++) {
                String answer = wrongLoginFrom("127.0.0.2");
                int status = Integer.parseInt(answer.substring(9, 12));
                statuses.add(status);
                assertThat(answer.contains("Retry-After: ")).isEqualTo(status == 429);
            }
            assertThat(statuses.subList(0, LoginProvider.MOST)).containsOnly(401);
            assertThat(statuses.get(LoginProvider.MOST)).isEqualTo(429);
            assertThat(audit.about("operator-sign-in"))
                    .hasSize(statuses.size())
                    .allSatisfy(line -> assertThat(line)
                            .containsEntry("outcome", "refused")
                            .containsEntry("from", "127.0.0.2")
                            .doesNotContainKey("who"));
        }
        OperatorClient elsewhere = new OperatorClient(port);
        assertThat(elsewhere
                        .logIn(ADMIN, "wrong")
                        .headers()
                        .firstValue("Location")
                        .orElse(""))
                .endsWith("/login?error");
    }

    private String wrongLoginFrom(String address) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port, InetAddress.getByName(address), 0)) {
            socket.getOutputStream()
                    .write(("GET /actuator/prometheus HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                    + "Authorization: Basic cnRhYTp3cm9uZw==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void aRequestWithoutThePagesTokenIsRefused() throws Exception {
        OperatorClient client = admin();
        String stop = "{\"type\":\"exec\",\"mbean\":\"" + ROUTE.replace("\"", "\\\"") + "\",\"operation\":\"stop()\"}";
        assertThat(client.post(stop, null).statusCode()).isEqualTo(403);
        assertThat(client.post(stop, "another").statusCode()).isEqualTo(403);
        assertThat(camel.getRouteController().getRouteStatus("dashboard-ticks").isStarted())
                .isTrue();
    }

    @Test
    void anAdminStopsAndStartsARouteAndTheAuditLogSaysWho() throws Exception {
        OperatorClient client = admin();
        try (AuditLines audit = new AuditLines()) {
            assertThat(client.invoke(ROUTE, "stop()").path("status").asInt()).isEqualTo(200);
            assertThat(camel.getRouteController()
                            .getRouteStatus("dashboard-ticks")
                            .isStopped())
                    .isTrue();
            assertThat(client.invoke(ROUTE, "start()").path("status").asInt()).isEqualTo(200);
            assertThat(camel.getRouteController()
                            .getRouteStatus("dashboard-ticks")
                            .isStarted())
                    .isTrue();
            assertThat(audit.about("operate"))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .containsEntry("who", ADMIN)
                            .containsEntry("role", "admin")
                            .containsEntry("from", "127.0.0.1")
                            .containsEntry("outcome", "done"));
            assertThat(audit.about("operate"))
                    .extracting(line -> line.get("operation"))
                    .containsExactly("stop()", "start()");
        }
    }

    @Test
    void aViewerSeesAndCannotOperate() throws Exception {
        OperatorClient client = viewer();
        assertThat(client.invoke(CONTEXT, "dumpRoutesAsXml()").path("value").asText())
                .contains("id=\"exotel-in\" description=\"");
        assertThat(client.invoke(CONTEXT, "dumpRoutesStatsAsXml", true, true)
                        .path("value")
                        .asText())
                .contains("id=\"exotel-in\"", "exchangesTotal");
        try (AuditLines audit = new AuditLines()) {
            for (String operation : List.of("stop()", "stop", "start()", "suspend()", "resume()")) {
                assertRefused(client.invoke(ROUTE, operation));
            }
            assertThat(audit.about("operate"))
                    .hasSize(5)
                    .allSatisfy(line -> assertThat(line)
                            .containsEntry("who", VIEWER)
                            .containsEntry("role", "viewer")
                            .containsEntry("outcome", "refused"));
        }
        assertThat(camel.getRouteController().getRouteStatus("dashboard-ticks").isStarted())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec/org.apache.camel:context=rtaa,name=!%22dashboard-ticks!%22,type=routes/stop()",
                "exec/java.lang:type=Memory/gc",
                "write/java.util.logging:type=Logging/Verbose/true",
                "read/java.lang:type=Runtime/Uptime",
                "list",
                "search/*:*"
            })
    void aGetReachesNoBean(String path) throws Exception {
        OperatorClient client = admin();
        for (String door : List.of("/actuator/jolokia/", "/actuator/hawtio/jolokia/")) {
            String answer = client.get(door + path.replace("!%22", "%22")).body();
            assertThat(answer).doesNotContain("\"status\":200");
        }
        assertThat(camel.getRouteController().getRouteStatus("dashboard-ticks").isStarted())
                .isTrue();
    }

    @Test
    void eachRequestOfABulkIsJudgedAlone() throws Exception {
        String route = ROUTE.replace("\"", "\\\"");
        JsonNode answers = viewer().jolokia("[{\"type\":\"read\",\"mbean\":\"" + route + "\",\"attribute\":\"State\"},"
                + "{\"type\":\"exec\",\"mbean\":\"" + route + "\",\"operation\":\"stop()\"},"
                + "{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\",\"attribute\":\"SystemProperties\"},"
                + "{\"type\":\"read\",\"mbean\":\"" + route + "\",\"attribute\":[\"RouteId\",\"LastError\"]}]");
        assertThat(answers.get(0).path("value").asText()).isEqualTo("Started");
        assertRefused(answers.get(1));
        assertRefused(answers.get(2));
        assertThat(answers.get(3).toString()).doesNotContain("\"LastError\":null");
        assertThat(camel.getRouteController().getRouteStatus("dashboard-ticks").isStarted())
                .isTrue();
    }

    @Test
    void nothingIsWrittenByAnybody() throws Exception {
        for (OperatorClient client : List.of(viewer(), admin())) {
            assertRefused(client.jolokia("{\"type\":\"write\",\"mbean\":\"" + CONTEXT.replace("\"", "\\\"")
                    + "\",\"attribute\":\"Tracing\",\"value\":true}"));
            assertRefused(
                    client.jolokia(
                            "{\"type\":\"write\",\"mbean\":\"java.lang:type=Memory\",\"attribute\":\"Verbose\",\"value\":true}"));
        }
    }

    @Test
    void aSearchFindsTheBeansThatAreAllowedAndNoOther() throws Exception {
        JsonNode found =
                admin().jolokia("{\"type\":\"search\",\"mbean\":\"*:*\"}").path("value");
        List<String> names = new ArrayList<>();
        found.forEach(name -> names.add(name.asText()));
        assertThat(names)
                .anyMatch(name -> name.contains("type=routes"))
                .noneMatch(name -> name.contains("type=tracer")
                        || name.contains("type=services")
                        || name.startsWith("com.sun.management")
                        || name.startsWith("jdk.management.jfr")
                        || name.startsWith("java.util.logging")
                        || name.startsWith("hawtio:")
                        || name.startsWith("org.springframework.boot"));
        assertThat(admin().jolokia("{\"type\":\"list\"}").path("value").properties())
                .extracting(Map.Entry::getKey)
                .isSubsetOf("org.apache.camel", "java.lang", "io.rtaa");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "org.apache.camel:context=rtaa,type=context,name=\"rtaa\" | sendBody(java.lang.String,java.lang.Object)",
                "org.apache.camel:context=rtaa,type=context,name=\"rtaa\" | sendStringBody(java.lang.String,java.lang.String)",
                "org.apache.camel:context=rtaa,type=context,name=\"rtaa\" | requestBody(java.lang.String,java.lang.Object)",
                "org.apache.camel:context=rtaa,type=context,name=\"rtaa\" | createEndpoint(java.lang.String)",
                "org.apache.camel:context=rtaa,type=context,name=\"rtaa\" | dumpRoutesAsXml(boolean)",
                "org.apache.camel:context=rtaa,type=context,name=\"rtaa\" | stop()",
                "org.apache.camel:context=rtaa,type=routes,name=\"dashboard-ticks\" | updateRouteFromXml(java.lang.String)",
                "org.apache.camel:context=rtaa,type=routes,name=\"dashboard-ticks\" | dumpRouteAsXml(boolean)",
                "org.apache.camel:context=rtaa,type=routes,name=\"dashboard-ticks\" | remove()",
                "org.apache.camel:context=rtaa,type=processors,name=\"call-book\" | stop()",
                "org.apache.camel:context=rtaa,type=services,name=DefaultInflightRepository | browse()",
                "org.apache.camel:context=rtaa,type=tracer,name=BacklogTracer | dumpAllTracedMessagesAsXml()",
                "org.apache.camel:context=rtaa,type=tracer,name=BacklogDebugger | enableDebugger()",
                "com.sun.management:type=DiagnosticCommand | vmSystemProperties",
                "com.sun.management:type=HotSpotDiagnostic | dumpHeap(java.lang.String,boolean)",
                "java.lang:type=Threading | dumpAllThreads(boolean,boolean)",
                "java.lang:type=Memory | gc()",
                "java.util.logging:type=Logging | setLoggerLevel(java.lang.String,java.lang.String)",
                "hawtio:type=security,name=RBACRegistry | list()",
                "jolokia:type=Config | debugInfo()",
                "org.apache.camel:* | stop()",
                "org.apache.camel:context=rtaa,type=routes,name=* | stop()"
            })
    void whatIsNotOnTheListIsRefusedToTheAdminToo(String bean, String operation) throws Exception {
        assertRefused(admin().invoke(bean, operation, "x", true));
        assertThat(camel.getStatus().isStarted()).isTrue();
        assertThat(camel.getRouteController().getRouteStatus("dashboard-ticks").isStarted())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "java.lang:type=Runtime, SystemProperties",
        "java.lang:type=Runtime, InputArguments",
        "java.lang:type=Runtime, ClassPath",
        "com.sun.management:type=HotSpotDiagnostic, DiagnosticOptions",
    })
    void attributesThatAreNotOnTheListAreRefused(String bean, String attribute) throws Exception {
        assertRefused(admin().read(bean, attribute));
    }

    @Test
    void whoseLoginIsTakenAwayIsOut() throws Exception {
        OperatorClient bob = OperatorClient.in(port, "bob", "of bob");
        assertThat(bob.read(CONTEXT, "State").path("value").asText()).isEqualTo("Started");
        Files.writeString(viewers, VIEWER + ":" + VIEWER_PASSWORD + "\n");
        await().atMost(PatientWaits.SOON)
                .untilAsserted(
                        () -> assertThat(bob.get("/actuator/hawtio/index.html").statusCode())
                                .isEqualTo(403));
        assertThat(new OperatorClient(port)
                        .logIn("bob", "of bob")
                        .headers()
                        .firstValue("Location")
                        .orElse(""))
                .endsWith("/login?error");
    }
}
