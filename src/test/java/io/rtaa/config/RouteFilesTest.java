package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.routes.RouteFile;
import io.rtaa.routes.RoutePolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesTest {

    @TempDir
    private Path dir;

    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() {
        context.stop();
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(dir.resolve(name), text);
    }

    /** Loads the folder's files beside the built-in ones of these roles. */
    private void load(String roles) throws IOException {
        LoadedRoutes.into(context, roles, dir.toString());
    }

    private Collection<String> policiesOf(String routeId) {
        RouteDefinition route = context.getRouteDefinition(routeId);
        Collection<String> applied = route.getAppliedRouteConfigurationIds();
        return applied == null ? List.of() : applied;
    }

    private static String sink(String routeId, String policy) {
        return """
                - route:
                    id: %s
                    routeConfigurationId: "%s"
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

    @Test
    void aPolicyOfALaterFileHoldsForTheRoutesOfAnEarlierOne() throws Exception {
        file("crm.camel.yaml", sink("crm", "patient"));
        file("errors.camel.yaml", policy("patient"));

        load("dashboard");

        assertThat(policiesOf("crm")).containsExactly("patient");
        assertThat(context.getRouteDefinition("crm").getOutputs().toString()).contains("java.io.IOException");
    }

    @Test
    void aPolicyAndItsRouteMayStandInOneFileInAnyOrder() throws Exception {
        file("crm.camel.yaml", sink("crm", "patient") + policy("patient"));

        load("dashboard");

        assertThat(policiesOf("crm")).containsExactly("patient");
    }

    @Test
    void everyProcessHasTheBuiltInPoliciesWhateverItsRoles() throws Exception {
        file("crm.camel.yaml", sink("crm", "asr-errors"));

        load("dashboard");

        assertThat(policiesOf("crm")).containsExactly("asr-errors");
    }

    @Test
    void aPolicyWithoutAnIdHoldsForRoutesOfEarlierFilesThatNameNone() throws Exception {
        file("a.camel.yaml", sink("crm", "x").replaceAll("(?m)^.*routeConfigurationId.*\\n", ""));
        file("b.camel.yaml", policy("x").replaceAll("(?m)^ +id: x\\n", ""));

        load("dashboard");

        assertThat(policiesOf("crm")).containsExactly("<default>");
    }

    @Test
    void aNameThatMatchesNoPolicyStopsTheStartWithFileLineAndWhatIsAllowed() throws Exception {
        file("crm.camel.yaml", sink("crm", "asr-erors"));

        assertThatThrownBy(() -> load("dashboard"))
                .isInstanceOf(RouteFileException.class)
                .hasMessageContaining("crm.camel.yaml:3: no routeConfiguration is called 'asr-erors'; allowed: "
                        + "asr-errors, bus-retries, keep-alives-are-dropped, no-retries");
    }

    @Test
    void eachOfSeveralNamesIsLookedAtAndMayBeAPattern() throws Exception {
        file("errors.camel.yaml", policy("patient"));
        file("crm.camel.yaml", sink("crm", "bus-*,patient"));

        load("dashboard");

        assertThat(policiesOf("crm")).containsExactly("bus-retries", "patient");
    }

    @Test
    void aSpaceBeforeANameIsAFaultBecauseCamelCountsIt() throws Exception {
        file("crm.camel.yaml", sink("crm", "bus-retries, asr-errors"));

        assertThatThrownBy(() -> load("dashboard"))
                .hasMessageContaining("crm.camel.yaml:3: ")
                .hasMessageContaining("' asr-errors' (the space counts)");
    }

    @Test
    void aTemplateIsHeldToTheSame() throws Exception {
        file("template.camel.yaml", template("asr-erors", "unused"));

        assertThatThrownBy(() -> load("dashboard"))
                .hasMessageContaining("template.camel.yaml:6: no routeConfiguration is called 'asr-erors'");
    }

    @Test
    void aNameThatATemplateGetsAsAParameterIsHeldToTheSame() throws Exception {
        file("template.camel.yaml", template("{{policy}}", "asr-erors"));

        assertThatThrownBy(() -> load("dashboard"))
                .isInstanceOf(RouteFileException.class)
                .hasMessageContaining(
                        "template.camel.yaml:6: for route made no routeConfiguration is called '{{policy}}'");
    }

    @Test
    void aTemplatesRouteGetsThePolicyItsParameterNames() throws Exception {
        file("template.camel.yaml", template("{{policy}}", "asr-errors"));

        load("dashboard");

        assertThat(policiesOf("made")).containsExactly("asr-errors");
    }

    private static String sockets(String handshake) {
        return """
                - route:
                    id: mine
                    from:
                      uri: websocket:mine
                      parameters:
                        path: /v1/mine
                        kind: caller
                        handshake: "%s"
                      steps:
                        - to: log:mine
                """.formatted(handshake);
    }

    @Test
    void aHandshakeThatNoRouteIsFromStopsTheStartWithFileLineAndWhatIsAllowed() throws Exception {
        context.getPropertiesComponent().addInitialProperty("mine", "direct:exotel-handshak");
        for (String wrong : List.of("direct:exotel-handshak", "{{mine}}", "exotel-handshake")) {
            file("mine.camel.yaml", sockets(wrong));

            assertThatThrownBy(() -> load("dashboard"))
                    .as(wrong)
                    .isInstanceOf(RouteFileException.class)
                    .hasMessageContaining(
                            "mine.camel.yaml:8: handshake is 'exotel-handshake', and no route is from there; allowed: "
                                    .replace(
                                            "exotel-handshake",
                                            wrong.equals("exotel-handshake") ? wrong : "direct:exotel-handshak"))
                    .hasMessageContaining(
                            "direct:caller-handshake, direct:exotel-handshake, direct:viewer-handshake, ");
        }
    }

    @Test
    void aHandshakeMayBeABuiltInOneOfAnotherRoleOneOfAnotherFileOrNone() throws Exception {
        file("a.camel.yaml", sockets("direct:exotel-handshake"));
        file("b.camel.yaml", sockets("direct:own?block=false").replace("mine", "second"));
        file("c.camel.yaml", sockets("none").replace("mine", "third"));
        file("d.camel.yaml", sink("own", "asr-errors"));

        load("dashboard");

        assertThat(context.getRouteDefinition("third")).isNotNull();
    }

    private static String template(String name, String parameter) {
        return """
                - routeTemplate:
                    id: sink
                    parameters:
                      - name: policy
                    route:
                      routeConfigurationId: "%s"
                      from:
                        uri: direct:sink
                        steps:
                          - to:
                              uri: log:sink
                - templatedRoute:
                    routeTemplateRef: sink
                    routeId: made
                    parameters:
                      - name: policy
                        value: %s
                """.formatted(name, parameter);
    }

    @Test
    void aTeamsPolicyTakesThePlaceOfTheBuiltInOneForBuiltInRoutesToo() throws Exception {
        file("errors.camel.yaml", policy("bus-retries"));

        load("ingest");

        assertThat(context.getRouteConfigurationDefinitions())
                .extracting(RouteConfigurationDefinition::getId)
                .containsOnlyOnce("bus-retries");
        assertThat(policiesOf("windows-out")).containsExactly("bus-retries");
        assertThat(context.getRouteDefinition("windows-out").getOutputs().toString())
                .contains("java.io.IOException");
    }

    @Test
    void twoFilesWithTheSamePolicyAreAFaultThatNamesBothPlaces() throws Exception {
        file("a.camel.yaml", policy("patient"));
        file("b.camel.yaml", "# Of another team\n" + policy("patient"));

        assertThatThrownBy(() -> load("dashboard"))
                .isInstanceOfSatisfying(
                        SettingsException.class,
                        e -> assertThat(e.faults())
                                .singleElement()
                                .asString()
                                .contains(
                                        "two routeConfigurations with the id 'patient'",
                                        "a.camel.yaml:2 and ",
                                        "b.camel.yaml:3"));
    }

    @Test
    void twoFilesWithTheSameRouteAreAFaultThatNamesBoth() throws Exception {
        file("a.camel.yaml", sink("crm", "asr-errors"));
        file("b.camel.yaml", sink("crm", "asr-errors"));

        assertThatThrownBy(() -> load("dashboard"))
                .isInstanceOfSatisfying(
                        SettingsException.class,
                        e -> assertThat(e.faults())
                                .singleElement()
                                .asString()
                                .contains("two routes with the id 'crm'", "a.camel.yaml", "b.camel.yaml"));
    }

    @Test
    void aTeamsRouteTakesThePlaceOfTheBuiltInOne() throws Exception {
        file("mine.camel.yaml", sink("asr-transcripts", "asr-errors"));

        load("asr");

        assertThat(context.getRouteDefinition("asr-transcripts").getInput().getUri())
                .isEqualTo("direct:asr-transcripts");
        assertThat(context.getRouteDefinition("asr-audio")).isNotNull();
    }

    /** Else a process without the role would not have them. */
    @Test
    void builtInPoliciesStandInTheFolderThatAllRolesShare() throws Exception {
        try (var found = Files.walk(Path.of("src/main/resources/routes"))) {
            List<Path> withPolicies = found.filter(Files::isRegularFile)
                    .filter(file -> !RoutePolicies.declaredIn(read(file)).isEmpty())
                    .toList();
            assertThat(withPolicies)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file.getParent()).hasFileName("shared"));
        }
    }

    private static RouteFile read(Path file) {
        try {
            return new RouteFile(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
