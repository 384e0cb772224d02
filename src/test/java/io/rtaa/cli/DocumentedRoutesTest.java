package io.rtaa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.routes.RouteFault;
import io.rtaa.routes.RouteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the documents tell people to write is what the service takes. */
class DocumentedRoutesTest {

    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyRouteInTheDocumentsIsValid() throws IOException {
        List<RouteFile> examples = new ArrayList<>();
        for (String document : List.of("README.md", "docs/routes.md")) {
            Matcher matcher = YAML.matcher(Files.readString(Path.of(document)));
            while (matcher.find()) {
                examples.add(new RouteFile(
                        document.replace(".md", "-") + (examples.size() + 1) + ".camel.yaml", matcher.group(1)));
            }
        }
        assertThat(examples).hasSizeGreaterThanOrEqualTo(3);
        for (RouteFile example : examples) {
            assertThat(new RouteValidator().validate(List.of(example))).isEmpty();
        }
    }

    @Test
    void aMisspeltSettingOfTheServiceIsToldWithItsLine() throws IOException {
        RouteFile file = new RouteFile("x.camel.yaml", """
                - route:
                    id: x
                    from:
                      uri: "{{rtaa.bus.transcrpts}}"
                      steps:
                        - to:
                            uri: "{{rtaa.mine:log:x}}"
                """);
        assertThat(new RouteValidator().validate(List.of(file)))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("x.camel.yaml:4: ")
                .contains("rtaa.bus.transcrpts");
    }

    @Test
    void whatARecogniserIsAskedForIsChecked() throws IOException {
        RouteFile file = new RouteFile("x.camel.yaml", """
                - route:
                    id: x
                    from:
                      uri: asr:deepgram
                      parameters:
                        endpointing: soon
                        keyterm: "{{rtaa.mine:refund}}"
                      steps:
                        - to:
                            uri: log:x
                - route:
                    id: y
                    from:
                      uri: timer:y
                      steps:
                        - to:
                            uri: asr:sphinx?language=hi
                """);
        assertThat(new RouteValidator().validate(List.of(file)))
                .extracting(RouteFault::toString)
                .satisfiesExactlyInAnyOrder(
                        fault -> assertThat(fault)
                                .startsWith("x.camel.yaml:")
                                .contains("endpointing is 'soon'; allowed: "),
                        fault -> assertThat(fault)
                                .startsWith("x.camel.yaml:")
                                .contains("'language' is no parameter of sphinx; allowed: none"));
    }

    @Test
    void aRecogniserThatIsNotThereIsAFault() throws IOException {
        assertThat(new RouteValidator().validate(List.of(readsFrom("asr:watson"))))
                .singleElement()
                .asString()
                .contains("no recogniser is called 'watson'; allowed: deepgram, sphinx");
        assertThat(new RouteValidator().validate(List.of(readsFrom("asr:{{rtaa.asr.provider}}"))))
                .isEmpty();
    }

    /** As the service would: keywords go with the older model that it is told to ask for. */
    @Test
    void whatARecogniserIsAskedForIsCheckedAgainstTheSettings() throws IOException {
        assertThat(new RouteValidator().validate(List.of(readsFrom("asr:deepgram?keywords=refund"))))
                .singleElement()
                .asString()
                .contains("keywords is set with model=nova-3");
        System.setProperty("rtaa.deepgram.parameters", "model=nova-2");
        try {
            assertThat(new RouteValidator().validate(List.of(readsFrom("asr:deepgram?keywords=refund"))))
                    .isEmpty();
        } finally {
            System.clearProperty("rtaa.deepgram.parameters");
        }
    }

    @Test
    void aSinkThatIsNoneOrIsReadTwiceIsToldWithItsLine() throws IOException {
        RouteFile first = readsFrom("{{rtaa.bus.sink:crm}}");
        RouteFile second = new RouteFile("y.camel.yaml", """
                # Beside {{rtaa.bus.sink:crm}}.
                - route:
                    id: same
                    from:
                      uri: "{{rtaa.bus.sink:crm}}"
                      steps:
                        - to:
                            uri: log:x
                - route:
                    id: bad
                    from:
                      uri: "{{rtaa.bus.sink:c.r.m}}"
                      steps:
                        - to:
                            uri: log:x
                - route:
                    id: none
                    from:
                      uri: "{{rtaa.bus.sink}}"
                      steps:
                        - to:
                            uri: log:x
                """);

        assertThat(new RouteValidator().validate(List.of(first))).isEmpty();
        assertThat(new RouteValidator().validate(List.of(first, second)))
                .extracting(RouteFault::toString)
                .containsExactly(
                        "y.camel.yaml:5: the sink 'crm' is read at x.camel.yaml:4 already; allowed: one route of a"
                                + " process, so this one needs a name of its own",
                        "y.camel.yaml:12: the name of a sink is 'c.r.m'; allowed: 1 to 48 letters, digits, '-' and"
                                + " '_', as in {{rtaa.bus.sink:crm}}",
                        "y.camel.yaml:19: the name of a sink is ''; allowed: 1 to 48 letters, digits, '-' and '_',"
                                + " as in {{rtaa.bus.sink:crm}}");
    }

    @Test
    void aSinkIsNotPublishedTo() throws IOException {
        RouteFile file = new RouteFile("x.camel.yaml", """
                - route:
                    id: x
                    from:
                      uri: timer:x
                      steps:
                        - to:
                            uri: "{{rtaa.bus.sink:crm}}"
                """);
        assertThat(new RouteValidator().validate(List.of(file)))
                .singleElement()
                .asString()
                .contains("the sink 'crm' is read from");
    }

    private static RouteFile readsFrom(String uri) {
        return new RouteFile("x.camel.yaml", """
                - route:
                    id: x
                    from:
                      uri: "%s"
                      steps:
                        - to:
                            uri: log:x
                """.formatted(uri));
    }

    @Test
    void theBuiltInRoutesAreValidWithThoseOfTheTests() throws IOException {
        List<RouteFile> files = new ArrayList<>();
        try (var found = Files.walk(Path.of("src/main/resources/routes"))) {
            for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                files.add(new RouteFile(file.toString(), Files.readString(file)));
            }
        }
        assertThat(new RouteValidator().validate(files)).isEmpty();
        assertThat(files).allSatisfy(file -> assertThat(file.text()).startsWith("# "));
    }
}
