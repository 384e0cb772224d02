package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.RtaaApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A start that fails says why in one sentence, and prints no stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class FailedStartTest {

    @TempDir
    private Path folder;

    private static void start(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--rtaa.management.port=0", "--PORT=0", "--rtaa.roles=ingest,asr"));
        all.addAll(List.of(arguments));
        assertThatThrownBy(() -> SpringApplication.run(RtaaApplication.class, all.toArray(String[]::new)))
                .isInstanceOf(RuntimeException.class);
    }

    private void assertSaid(CapturedOutput output, String sentence) {
        assertThat(output.getAll()).contains(sentence);
        // Of this start: a library's finalizer may tell of an earlier test at any moment.
        assertThat(output.getAll().lines().filter(line -> line.startsWith("\tat ") && line.contains("springframework")))
                .isEmpty();
    }

    private String route(String text) throws IOException {
        return "--rtaa.routes=" + Files.writeString(folder.resolve("a.camel.yaml"), text);
    }

    @Test
    void aRouteThatCannotBeCreatedIsNamedWithItsFileAndLine(CapturedOutput output) throws Exception {
        start(route("""
                # A component that is not there.
                - route:
                    id: a
                    from:
                      uri: nosuch:thing
                      steps:
                        - to:
                            uri: log:x
                """));

        assertSaid(
                output,
                "Route 'a' of " + folder.resolve("a.camel.yaml")
                        + ":3 cannot be created: No endpoint could be found for: nosuch://thing");
    }

    @Test
    void anEndpointThatCannotStartIsNamedWithItsFileAndLine(CapturedOutput output) throws Exception {
        start(route("""
                - route:
                    id: a
                    from:
                      uri: file:/nonexistent/in
                      parameters:
                        autoCreate: false
                        startingDirectoryMustExist: true
                      steps:
                        - to:
                            uri: log:x
                """));

        assertSaid(
                output,
                "Route 'a' of " + folder.resolve("a.camel.yaml")
                        + ":2 cannot be started: Starting directory does not exist: /nonexistent/in");
    }

    @Test
    void aCopyOfARouteFromBeforeEndpointsWereDeclaredIsToldTheLinesToAdd(CapturedOutput output) throws Exception {
        start(route("""
                # As it was before an endpoint said its path and its peers itself.
                - route:
                    id: exotel-in
                    from:
                      uri: websocket:exotel
                      parameters:
                        idleTimeout: 5m
                      steps:
                        - process:
                            ref: exotelProcessor
                        - to: direct:windows
                """));

        assertSaid(
                output,
                "Route 'exotel-in' of " + folder.resolve("a.camel.yaml")
                        + ":5 cannot be started: websocket:exotel takes sockets in and does not say by which path and from"
                        + " whom; to add to the parameters of its from: path: /v1/exotel, kind: caller (or viewer)");
    }

    @Test
    void aKindThatIsNoneIsNamedWithItsRouteAndWhatIsAllowed(CapturedOutput output) throws Exception {
        start(route("""
                - route:
                    id: mine
                    from:
                      uri: websocket:mine
                      parameters:
                        path: /v1/mine
                        kind: calller
                      steps:
                        - to: log:x
                """));

        assertSaid(output, "kind of websocket:mine is 'calller'; allowed: caller, viewer");
        assertThat(output.getAll()).contains("Route 'mine' of " + folder.resolve("a.camel.yaml"));
    }

    @Test
    void aTimeThatIsNoneIsNamedWithItsRouteAndWhatIsAllowed(CapturedOutput output) throws Exception {
        start(route("""
                - route:
                    id: mine
                    from:
                      uri: websocket:mine
                      parameters:
                        path: /v1/mine
                        kind: caller
                        idleTimeout: soon
                      steps:
                        - to: log:x
                """));

        assertSaid(
                output, "idleTimeout of websocket:mine is 'soon'; allowed: a time, such as 5s or 200 (milliseconds)");
    }

    @Test
    void aHandshakeThatNoRouteIsFromIsNamedWithItsFileAndLine(CapturedOutput output) throws Exception {
        start(route("""
                - route:
                    id: mine
                    from:
                      uri: websocket:mine
                      parameters:
                        path: /v1/mine
                        kind: caller
                        handshake: direct:exotel-handshak
                      steps:
                        - to: log:x
                """));

        assertSaid(
                output,
                folder.resolve("a.camel.yaml")
                        + ":8: handshake is 'direct:exotel-handshak', and no route is from there;");
    }

    @Test
    void aFileThatIsNoYamlIsNamedWithItsLine(CapturedOutput output) throws Exception {
        start(route("- route: [\n"));

        assertSaid(output, "A route file cannot be loaded: " + folder.resolve("a.camel.yaml") + ":2: while parsing");
    }

    @Test
    void aStepThatIsNotThereIsNamedWithItsFileBesideAFileThatOnlyHasAWarning(CapturedOutput output) throws Exception {
        Files.writeString(folder.resolve("warned.camel.yaml"), """
                - route:
                    id: b
                    from:
                      uri: asr:deepgram?diarise=true
                      steps:
                        - to: log:x
                """);
        route("- route:\n    id: a\n    from:\n      uri: timer:x\n      stepz: []\n");
        start("--rtaa.routes=" + folder);

        assertSaid(output, folder.resolve("a.camel.yaml") + ":5");
        assertThat(output.getAll()).contains("stepz");
    }

    @Test
    void aPublicPortThatIsTakenIsNamedByItsSetting(CapturedOutput output) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start("--rtaa.port=" + taken.getLocalPort());

            assertSaid(
                    output,
                    "rtaa.port is " + taken.getLocalPort() + " on BIND_ADDRESS 127.0.0.1, which cannot be bound: ");
        }
    }
}
