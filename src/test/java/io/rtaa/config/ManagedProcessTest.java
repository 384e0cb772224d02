package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.CamelJmx;
import io.rtaa.testsupport.OperatorClient;
import io.rtaa.testsupport.ServiceClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What operators do with the process and see of its route files, through Jolokia. */
@SpringBootTest(
        webEnvironment = WebEnvironment.DEFINED_PORT,
        properties = {
            "rtaa.port=0",
            "rtaa.management.port=0",
            "rtaa.management.password=admin",
            "rtaa.management.viewers=eve:look",
            "rtaa.drain-seconds=0"
        })
@DirtiesContext
@ExtendWith(CamelJmx.class)
class ManagedProcessTest {

    private static final String PROCESS = "io.rtaa:type=Process";
    private static final String FILES = "io.rtaa:type=RouteFiles";
    private static final String LOGGER = "io.rtaa.config.ManagedProcessTest";

    @TempDir
    private static Path folder;

    private static Path file;

    @Autowired
    private PublicListener listener;

    @Autowired
    private LoggingSystem logging;

    @LocalServerPort
    private int managementPort;

    @DynamicPropertySource
    static void routes(DynamicPropertyRegistry registry) throws Exception {
        file = Files.writeString(folder.resolve("team.camel.yaml"), """
                # Of a team.
                - route:
                    id: team
                    description: Logs for a team
                    from:
                      uri: direct:team
                      steps:
                        - to: "log:{{team.log:team}}"
                """);
        registry.add("rtaa.routes", file::toString);
    }

    private OperatorClient admin() throws Exception {
        return OperatorClient.in(managementPort, "rtaa", "admin");
    }

    private OperatorClient viewer() throws Exception {
        return OperatorClient.in(managementPort, "eve", "look");
    }

    @Test
    void aDrainedProcessTakesNoNewCalls() throws Exception {
        ServiceClient service = new ServiceClient(listener.actualPort());
        assertThat(service.status("/v1/ingest", null)).isEqualTo(101);
        assertThat(viewer().invoke(PROCESS, "drain").path("status").asInt()).isEqualTo(403);
        assertThat(viewer().read(PROCESS, "Draining").path("value").asBoolean()).isFalse();

        assertThat(admin().invoke(PROCESS, "drain").path("value").asText()).startsWith("draining");

        assertThat(viewer().read(PROCESS, "Draining").path("value").asBoolean()).isTrue();
        assertThat(service.status("/v1/ingest", null)).isEqualTo(503);
        assertThat(service.get("/health", null).statusCode()).isEqualTo(503);
        assertThat(service.get("/health/live", null).statusCode()).isEqualTo(200);
        assertThat(viewer().read(PROCESS, "Roles").path("value").asText()).isEqualTo("ingest,asr,dashboard");
        assertThat(viewer().read(PROCESS, "Bus").path("value").asText()).isEqualTo("memory");
    }

    @Test
    void aLevelOfTheServicesOwnLoggersIsSet() throws Exception {
        try {
            assertThat(viewer().invoke(PROCESS, "setLogLevel", LOGGER, "debug")
                            .path("status")
                            .asInt())
                    .isEqualTo(403);
            assertThat(LoggerFactory.getLogger(LOGGER).isDebugEnabled()).isFalse();
            assertThat(admin().invoke(PROCESS, "setLogLevel", LOGGER, "debug")
                            .path("value")
                            .asText())
                    .isEqualTo(LOGGER + " logs at DEBUG");
            assertThat(LoggerFactory.getLogger(LOGGER).isDebugEnabled()).isTrue();
        } finally {
            logging.setLogLevel(LOGGER, null);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "io.rtaa.asr, trace, allowed levels",
        "io.rtaa, off, allowed levels",
        "rtaa.audit, error, allowed: the logger io.rtaa",
        "io.rtaaother, info, allowed: the logger io.rtaa",
        "ROOT, debug, allowed: the logger io.rtaa"
    })
    void aLevelThatWritesWordsOrSilencesTheAuditLogIsRefused(String logger, String level, String why) throws Exception {
        LogLevel before = logging.getLoggerConfiguration("rtaa.audit") == null
                ? null
                : logging.getLoggerConfiguration("rtaa.audit").getConfiguredLevel();
        assertThat(admin().invoke(PROCESS, "setLogLevel", logger, level)
                        .path("error")
                        .asText())
                .contains(why);
        assertThat(
                        logging.getLoggerConfiguration("rtaa.audit") == null
                                ? null
                                : logging.getLoggerConfiguration("rtaa.audit").getConfiguredLevel())
                .isEqualTo(before);
    }

    @Test
    void theRouteFilesAreSeenAsTheyWereLoaded() throws Exception {
        OperatorClient viewer = viewer();
        List<String> names = new java.util.ArrayList<>();
        for (JsonNode name : viewer.read(FILES, "Files").path("value")) {
            names.add(name.asText());
        }
        String team = names.get(names.size() - 1);
        assertThat(team).endsWith("team.camel.yaml");
        assertThat(names).anyMatch(name -> name.endsWith("exotel.camel.yaml"));
        assertThat(viewer.invoke(FILES, "yaml", team).path("value").asText()).isEqualTo(Files.readString(file));
        assertThat(viewer.invoke(FILES, "yaml", "/etc/passwd").path("error").asText())
                .contains("no file of this name was loaded");
    }
}
