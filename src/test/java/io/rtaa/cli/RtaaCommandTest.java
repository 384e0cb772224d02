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
                        anything: true
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
