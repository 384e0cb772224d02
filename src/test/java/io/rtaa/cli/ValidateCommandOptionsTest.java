package io.rtaa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which options of endpoints {@code validate} takes, refuses or warns of. */
class ValidateCommandOptionsTest {

    private CommandRun command;

    @BeforeEach
    void prepare(@TempDir Path dir) {
        command = new CommandRun(dir);
    }

    @Test
    void warnsOfAParameterThatNoKnownVersionOfDeepgramHas() throws IOException {
        command.route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: asr:deepgram
                      parameters:
                        language: hi
                        diarise: true
                      steps:
                        - to: log:x
                - route:
                    id: two
                    from:
                      uri: direct:a
                      steps:
                        - to: "asr:deepgram?language=hi&diarise=true"
                        - to:
                            uri: log:x
                            parameters:
                              marker: diarise
                """);

        int code = command.validate();

        assertThat(command.out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .endsWith("a.camel.yaml:7: warning: 'diarise' is no parameter of Deepgram's that this"
                                        + " version knows, and passes as it is; the nearest known name is diarize"),
                        line -> assertThat(line).contains("a.camel.yaml:15: warning: 'diarise' is no parameter"),
                        line -> assertThat(line).isEqualTo("1 file is fine, warnings: 2"));
        assertThat(code).isZero();
    }

    @Test
    void aFaultBesideAWarningIsAFault() throws IOException {
        command.route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: asr:deepgram?diarise=true
                      steps:
                        - to: log:x
                - route:
                    id: two
                    from:
                      uri: seda:b
                      parameters:
                        sise: 7
                      steps:
                        - to: log:x
                """);

        assertThat(command.validate()).isEqualTo(1);

        assertThat(command.out.toString())
                .contains("a.camel.yaml:4: warning: 'diarise'")
                .containsPattern("a.camel.yaml:\\d+: .*sise")
                .doesNotContain("fine");
    }

    @Test
    void warnsOfWhatTheSettingsAskDeepgramFor() throws IOException {
        command.route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: asr:deepgram?language=hi
                      steps:
                        - to: log:x
                """);
        System.setProperty("rtaa.deepgram.parameters", "smart_fromat=true");
        try {
            assertThat(command.validate()).isZero();
        } finally {
            System.clearProperty("rtaa.deepgram.parameters");
        }

        assertThat(command.out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("DEEPGRAM_PARAMETERS: warning: 'smart_fromat' is no parameter")
                                .endsWith("the nearest known name is smart_format"),
                        line -> assertThat(line).isEqualTo("1 file is fine, warnings: 1"));
    }

    @Test
    void takesTheBusOwnOptionsOfKafkaWrittenOut() throws IOException {
        command.route(
                "a.camel.yaml",
                reader("one", "kafka:{{rtaa.kafka.transcripts-topic}}?sink=crm")
                        + reader("two", "kafka:rtaa-transcripts?fromNow=true&keepAlives=true&sessionTimeoutMs=6000")
                        + reader("three", "kafka:rtaa-audio?groupId=mine")
                        + reader("four", "kafka:orders?groupId=mine"));

        int code = command.validate();

        assertThat(command.out.toString()).isEqualTo("1 file is fine" + System.lineSeparator());
        assertThat(code).isZero();
    }

    @Test
    void refusesTheOptionsThatTheServiceRefuses() throws IOException {
        command.route("a.camel.yaml", reader("one", "kafka:orders?sink=crm"));
        command.route("b.camel.yaml", reader("two", "kafka:rtaa-transcripts?sink=crm&groupId=mine"));
        command.route("c.camel.yaml", reader("three", "kafka:rtaa-audio?sessionTimeoutMs=6000"));
        command.route("d.camel.yaml", reader("four", "redis-streams:transcripts?groupId=mine"));
        command.route("e.camel.yaml", reader("five", "redis-streams:transcripts?batch=many"));
        command.route("f.camel.yaml", reader("six", "websocket:mine?path=/mine&maxMessageSize=7"));
        command.route("g.camel.yaml", reader("seven", "websocket:mine?path=/mine&dispatch=thread"));
        command.route("h.camel.yaml", reader("eight", "websocket:exotel?consumeAsClient=true"));

        assertThat(command.validate()).isEqualTo(1);

        assertThat(command.out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("a.camel.yaml:").contains("sink=crm"),
                        line -> assertThat(line)
                                .contains("b.camel.yaml:")
                                .contains("sink is 'crm' beside groupId 'mine'; allowed: one of them"),
                        line -> assertThat(line)
                                .contains("c.camel.yaml:")
                                .contains("kafka:rtaa-audio has no groupId; allowed: "),
                        line -> assertThat(line)
                                .contains("d.camel.yaml:")
                                .contains("'groupId' is no option of redis-streams:; allowed: batch, block, "),
                        line -> assertThat(line)
                                .contains("e.camel.yaml:")
                                .contains("batch of redis-streams:transcripts is 'many'; allowed: a whole number"),
                        line -> assertThat(line)
                                .contains("f.camel.yaml:")
                                .contains("'maxMessageSize' is no option of websocket:; allowed: bridgeErrorHandler, "),
                        line -> assertThat(line)
                                .contains("g.camel.yaml:")
                                .contains("dispatch of websocket:mine is 'thread'; allowed: event_loop, worker"),
                        line -> assertThat(line)
                                .contains("h.camel.yaml:2: ")
                                .contains(
                                        "'consumeAsClient' is no option of websocket:; allowed: bridgeErrorHandler, "));
    }

    @Test
    void refusesARouteThatTakesSocketsInWithoutSayingWhich() throws IOException {
        command.route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: websocket:exotel
                      parameters:
                        idleTimeout: 5m
                      steps:
                        - to: websocket:exotel
                - route:
                    id: two
                    from:
                      uri: websocket:other?path=/v1/other&kind={{kind:caller}}
                      steps:
                        - to: log:x
                """);

        int code = command.validate();

        assertThat(command.out.toString().lines())
                .singleElement(InstanceOfAssertFactories.STRING)
                .endsWith(
                        "a.camel.yaml:1: websocket:exotel takes sockets in and does not say by which path and from whom;"
                                + " to add to the parameters of its from: path: /v1/exotel, kind: caller (or viewer)");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void refusesAHandshakeThatNoRouteIsFrom() throws IOException {
        command.route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: websocket:exotel
                      parameters:
                        path: /v1/exotel
                        kind: caller
                        handshake: direct:exotel-handshak
                      steps:
                        - to: log:x
                """);
        command.route("b.camel.yaml", reader("two", "websocket:b?path=/b&kind=viewer&handshake=viewer-handshake"));
        command.route(
                "c.camel.yaml", reader("three", "websocket:c?path=/c&kind=caller&handshake=direct://own?block=false"));

        int code = command.validate();

        assertThat(command.out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .endsWith(
                                        "a.camel.yaml:8: handshake is 'direct:exotel-handshak', and no route is from there;"
                                                + " allowed: direct:caller-handshake, direct:exotel-handshake,"
                                                + " direct:viewer-handshake, the address of another route from direct:, or none"),
                        line -> assertThat(line)
                                .contains(
                                        "b.camel.yaml:4: handshake is 'viewer-handshake', and no route is from there"),
                        line -> assertThat(line).contains("c.camel.yaml:4: handshake is 'direct://own?block=false'"));
        assertThat(code).isEqualTo(1);
    }

    @Test
    void takesHandshakesThatThereAre() throws IOException {
        command.route(
                "a.camel.yaml",
                reader("one", "websocket:one?path=/one&kind=caller&handshake=none")
                        + reader(
                                "two",
                                "websocket:two?path=/two&kind=caller&handshake=direct:viewer-handshake?timeout=9000")
                        + reader("three", "websocket:three?path=/three&kind=caller&handshake={{mine:direct:x}}")
                        + reader("four", "websocket:four?path=/four&kind=caller&handshake=direct:acme-handshake")
                        + reader("five", "direct:{{team:acme}}-handshake")
                        + reader("six", "websocket:six?path=/six&kind=caller")
                        + reader("seven", "websocket:seven?path=/seven&kind=caller&handshake=direct:own"));
        command.route("b.camel.yaml", reader("own", "direct://own?block=false"));

        int code = command.validate();

        assertThat(command.out.toString()).isEqualTo("2 files are fine" + System.lineSeparator());
        assertThat(code).isZero();
    }

    @Test
    void refusesToPublishToASinkOfKafka() throws IOException {
        command.route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: direct:a
                      steps:
                        - to:
                            uri: kafka:rtaa-transcripts?sink=crm
                """);

        assertThat(command.validate()).isEqualTo(1);

        assertThat(command.out.toString()).contains("a.camel.yaml:").contains("the sink 'crm' is read from");
    }

    private static String reader(String routeId, String uri) {
        return """
                - route:
                    id: %s
                    from:
                      uri: "%s"
                      steps:
                        - to:
                            uri: log:x
                """.formatted(routeId, uri);
    }
}
