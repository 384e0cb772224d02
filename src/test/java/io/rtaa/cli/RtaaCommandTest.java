package io.rtaa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.security.JwtVerifier;
import io.rtaa.security.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RtaaCommandTest {
    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return RtaaCommand.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    private void route(String file, String text) throws IOException {
        Files.writeString(dir.resolve(file), text);
    }

    @Test
    void tellsCommandsFromTheService() {
        assertThat(RtaaCommand.isCommand()).isFalse();
        assertThat(RtaaCommand.isCommand("--server.port=1")).isFalse();
        assertThat(RtaaCommand.isCommand("call")).isTrue();
        assertThat(RtaaCommand.isCommand("cal")).isTrue();
        assertThat(RtaaCommand.isCommand("--help")).isTrue();
    }

    @Test
    void wrongUsageListsTheCommands() {
        assertThat(run("cal")).isEqualTo(2);
        assertThat(err.toString()).contains("call, validate, token");
        assertThat(run("call", "--url", "ws://h")).isEqualTo(2);
        assertThat(run("token", "--private-key", "none", "--role", "king")).isEqualTo(2);
        assertThat(err.toString()).contains("allowed: caller, viewer, admin");
        assertThat(run("--help")).isZero();
        assertThat(run("validate", "--help")).isZero();
    }

    @Test
    void refusesWhatIsNoTime() {
        for (String time :
                new String[] {"soon", "-5m", "1.5h", "5 minutes", "9223372036854775807", "99999999999999999999d"}) {
            assertThat(run("token", "--private-key", "none", "--role", "admin", "--ttl", time))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("'" + time + "' is no time; allowed: 500ms, 90s, 15m, 1h, 7d");
        }
    }

    @Test
    void mintsATokenThatVerifies() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair key = generator.generateKeyPair();
        Path file = Files.writeString(dir.resolve("key.pem"), pem("PRIVATE KEY", key.getPrivate()));
        assertThat(run(
                        "token",
                        "--private-key",
                        file.toString(),
                        "--role",
                        "viewer",
                        "--tenant",
                        "acme",
                        "--ttl",
                        "5m"))
                .isZero();
        Verification verification = JwtVerifier.ofPem(pem("PUBLIC KEY", key.getPublic()))
                .verify(out.toString().strip());
        assertThat(verification)
                .isInstanceOfSatisfying(
                        Verification.Verified.class,
                        verified -> assertThat(verified.principal().tenantId()).isEqualTo("acme"));
        Files.writeString(file, "no key");
        assertThat(run("token", "--private-key", file.toString(), "--role", "admin"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("no PEM block");
    }

    private static String pem(String label, Key key) {
        String base64 = Base64.getEncoder().encodeToString(key.getEncoded());
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    @Test
    void reportsACallThatNobodyAnswers() throws Exception {
        byte[] wav = new byte[48];
        java.nio.ByteBuffer.wrap(wav)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .put("RIFF....WAVEfmt ".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(8000)
                .putInt(16000)
                .putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .putInt(4);
        String audio = Files.write(dir.resolve("a.wav"), wav).toString();
        assertThat(run("call", "--url", "ws://127.0.0.1:1/", "--audio", audio, "--json"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("\"connected\":false", "not connected");
        assertThat(run("call", "--url", "http://127.0.0.1/", "--audio", audio)).isEqualTo(2);
        assertThat(run("call", "--url", "ws://h/", "--audio", dir + "/none.wav"))
                .isEqualTo(2);
    }

    @Test
    void takesRoutesThatNeedTheService() throws IOException {
        route("good.camel.yaml", """
                - route:
                    id: ingest
                    from:
                      uri: websocket:exotel
                      parameters:
                        path: /v1/exotel
                        maxMessageBytes: "{{team.bytes}}"
                        authentication: "#teamGuard"
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
        int code = run("validate", dir.toString());
        assertThat(out.toString()).isEqualTo("1 file is fine" + System.lineSeparator());
        assertThat(code).isZero();
    }

    @Test
    void warnsOfAParameterThatNoKnownVersionOfDeepgramHas() throws IOException {
        route("a.camel.yaml", """
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

        int code = run("validate", dir.toString());

        assertThat(out.toString().lines())
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
        route("a.camel.yaml", """
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

        assertThat(run("validate", dir.toString())).isEqualTo(1);

        assertThat(out.toString())
                .contains("a.camel.yaml:4: warning: 'diarise'")
                .containsPattern("a.camel.yaml:\\d+: .*sise")
                .doesNotContain("fine");
    }

    @Test
    void warnsOfWhatTheSettingsAskDeepgramFor() throws IOException {
        route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: asr:deepgram?language=hi
                      steps:
                        - to: log:x
                """);
        System.setProperty("rtaa.deepgram.parameters", "smart_fromat=true");
        try {
            assertThat(run("validate", dir.toString())).isZero();
        } finally {
            System.clearProperty("rtaa.deepgram.parameters");
        }

        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("DEEPGRAM_PARAMETERS: warning: 'smart_fromat' is no parameter")
                                .endsWith("the nearest known name is smart_format"),
                        line -> assertThat(line).isEqualTo("1 file is fine, warnings: 1"));
    }

    @Test
    void takesTheBusOwnOptionsOfKafkaWrittenOut() throws IOException {
        route(
                "a.camel.yaml",
                reader("one", "kafka:{{rtaa.kafka.transcripts-topic}}?sink=crm")
                        + reader("two", "kafka:rtaa-transcripts?fromNow=true&keepAlives=true&sessionTimeoutMs=6000")
                        + reader("three", "kafka:rtaa-audio?groupId=mine")
                        + reader("four", "kafka:orders?groupId=mine"));

        int code = run("validate", dir.toString());

        assertThat(out.toString()).isEqualTo("1 file is fine" + System.lineSeparator());
        assertThat(code).isZero();
    }

    @Test
    void refusesTheOptionsThatTheServiceRefuses() throws IOException {
        route("a.camel.yaml", reader("one", "kafka:orders?sink=crm"));
        route("b.camel.yaml", reader("two", "kafka:rtaa-transcripts?sink=crm&groupId=mine"));
        route("c.camel.yaml", reader("three", "kafka:rtaa-audio?sessionTimeoutMs=6000"));
        route("d.camel.yaml", reader("four", "redis-streams:transcripts?groupId=mine"));
        route("e.camel.yaml", reader("five", "redis-streams:transcripts?batch=many"));
        route("f.camel.yaml", reader("six", "websocket:mine?path=/mine&maxMessageSize=7"));
        route("g.camel.yaml", reader("seven", "websocket:mine?path=/mine&dispatch=thread"));
        route("h.camel.yaml", reader("eight", "websocket:exotel?consumeAsClient=true"));

        assertThat(run("validate", dir.toString())).isEqualTo(1);

        assertThat(out.toString().lines())
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
                        line -> assertThat(line).contains("e.camel.yaml:").contains("batch is 'many'; allowed: "),
                        line -> assertThat(line)
                                .contains("f.camel.yaml:")
                                .contains("'maxMessageSize' is no option of websocket:; allowed: authentication, "),
                        line -> assertThat(line).contains("g.camel.yaml:").contains("dispatch is 'thread'; allowed: "),
                        line -> assertThat(line)
                                .contains("h.camel.yaml:2: ")
                                .contains("'consumeAsClient' is no option of websocket:; allowed: authentication, "));
    }

    @Test
    void refusesToPublishToASinkOfKafka() throws IOException {
        route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: direct:a
                      steps:
                        - to:
                            uri: kafka:rtaa-transcripts?sink=crm
                """);

        assertThat(run("validate", dir.toString())).isEqualTo(1);

        assertThat(out.toString()).contains("a.camel.yaml:").contains("the sink 'crm' is read from");
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

    @Test
    void namesFileLineAndReasonOfEachFault() throws IOException {
        route("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: direct:a
                      steps:
                        - teleport: nowhere
                """);
        route("b.camel.yaml", """
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
        route("c.camel.yaml", "- route: [\n");
        route("d.camel.yaml", """
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
        assertThat(run("validate", dir.toString())).isEqualTo(1);
        assertThat(out.toString())
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
        route("a.camel.yaml", sink("one", "patient") + sink("two", "asr-errors"));
        route("b.camel.yaml", policy("patient") + policy("bus-retries"));

        int code = run("validate", dir.toString());

        assertThat(out.toString()).isEqualTo("2 files are fine" + System.lineSeparator());
        assertThat(code).isZero();
    }

    @Test
    void namesFileAndLineOfAPolicyThatIsNotThereOrThereTwice() throws IOException {
        route("a.camel.yaml", sink("one", "asr-erors"));
        route("b.camel.yaml", policy("patient") + policy("patient"));

        assertThat(run("validate", dir.toString())).isEqualTo(1);

        assertThat(out.toString().lines()).hasSize(2);
        assertThat(out.toString())
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
