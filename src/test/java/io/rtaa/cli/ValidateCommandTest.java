package io.rtaa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which faults {@code validate} names in route files, with file and line, and which files it takes. */
class ValidateCommandTest {

    private CommandRun command;

    @BeforeEach
    void prepare(@TempDir Path dir) {
        command = new CommandRun(dir);
    }

    @Test
    void takesRoutesThatNeedTheService() throws IOException {
        command.route("good.camel.yaml", """
                - route:
                    id: ingest
                    from:
                      uri: websocket:exotel
                      parameters:
                        path: /v1/exotel
                        kind: caller
                        maxMessageBytes: "{{team.bytes}}"
                        endListener: "#teamListener"
                      steps:
                        - process:
                            ref: requireCaller
                        - aggregate:
                            aggregationStrategy: windows
                            completionSize: "{{team.size}}"
                            correlationExpression:
                              constant: a
                            steps:
                              - to: "{{rtaa.bus.audio}}"
                        - bean:
                            ref: something
                """);
        int code = command.validate();
        assertThat(command.out.toString()).isEqualTo("1 file is fine" + System.lineSeparator());
        assertThat(code).isZero();
    }

    @Test
    void namesFileLineAndReasonOfEachFault() throws IOException {
        command.route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: direct:a
                      steps:
                        - teleport: nowhere
                """);
        command.route("b.camel.yaml", """
                - route:
                    id: two
                    from:
                      uri: seda:b
                      parameters:
                        sise: 7
                      steps:
                        - to: log:x
                - route:
                    id: three
                    from:
                      uri: nosuch:thing
                      steps:
                        - to: log:x
                - route:
                    id: two
                    from:
                      uri: direct:c
                      steps:
                        - to: log:x
                - route:
                    from:
                      uri: direct:d
                      steps:
                        - to: log:x
                """);
        command.route("c.camel.yaml", "- route: [\n");
        command.route("d.camel.yaml", """
                - route:
                    id: four
                    from:
                      uri: seda:b
                      parameters:
                        sise: 7
                      steps:
                        - to: log:x
                - route:
                    id: five
                    from:
                      uri: nosuch:thing
                      steps:
                        - to: log:x
                """);
        assertThat(command.validate()).isEqualTo(1);
        assertThat(command.out.toString())
                .contains("a.camel.yaml:6: ")
                .contains("teleport")
                .contains("b.camel.yaml:16: route id two is taken by ")
                .contains("b.camel.yaml:21: a route without an id")
                .contains("c.camel.yaml:2: no YAML")
                .containsPattern("d.camel.yaml:\\d+: .*sise")
                .containsPattern("d.camel.yaml:\\d+: .*nosuch");
    }

    @Test
    void loadsThePoliciesOfAllFilesBeforeTheRoutes() throws IOException {
        command.route("a.camel.yaml", sink("one", "patient") + sink("two", "asr-errors"));
        command.route("b.camel.yaml", policy("patient") + policy("bus-retries"));

        int code = command.validate();

        assertThat(command.out.toString()).isEqualTo("2 files are fine" + System.lineSeparator());
        assertThat(code).isZero();
    }

    @Test
    void namesFileAndLineOfAPolicyThatIsNotThereOrThereTwice() throws IOException {
        command.route("a.camel.yaml", sink("one", "asr-erors"));
        command.route("b.camel.yaml", policy("patient") + policy("patient"));

        assertThat(command.validate()).isEqualTo(1);

        assertThat(command.out.toString().lines()).hasSize(2);
        assertThat(command.out.toString())
                .contains(
                        "a.camel.yaml:3: no routeConfiguration is called 'asr-erors'; allowed: asr-errors, bus-retries")
                .containsPattern("b.camel.yaml:10: routeConfiguration id patient is taken by .*b.camel.yaml:2");
    }

    private static String sink(String routeId, String policy) {
        return """
                - route:
                    id: %s
                    routeConfigurationId: %s
                    from:
                      uri: direct:%s
                      steps:
                        - to:
                            uri: log:crm
                """.formatted(routeId, policy, routeId);
    }

    private static String policy(String id) {
        return """
                - routeConfiguration:
                    id: %s
                    onException:
                      - onException:
                          exception:
                            - java.io.IOException
                          redeliveryPolicy:
                            maximumRedeliveries: 7
                """.formatted(id);
    }
}
