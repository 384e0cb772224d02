package io.rtaa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.edge.security.JwtVerifier;
import io.rtaa.edge.security.PublicKeys;
import io.rtaa.edge.security.TokenRules;
import io.rtaa.edge.security.Verification;
import io.rtaa.testsupport.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How commands are told from the service, what wrong usage says, and how a token and a call end. */
class RtaaCommandTest {

    @TempDir
    private Path dir;

    private CommandRun command;

    @BeforeEach
    void prepare() {
        command = new CommandRun(dir);
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
        assertThat(command.run("cal")).isEqualTo(2);
        assertThat(command.err.toString()).contains("call, validate, token");
        assertThat(command.run("call", "--url", "ws://h")).isEqualTo(2);
        assertThat(command.run("token", "--private-key", "none", "--role", "king"))
                .isEqualTo(2);
        assertThat(command.err.toString()).contains("allowed: caller, viewer, admin");
        assertThat(command.run("--help")).isZero();
        assertThat(command.run("validate", "--help")).isZero();
    }

    @Test
    void refusesWhatIsNoTime() {
        for (String time :
                new String[] {"soon", "-5m", "1.5h", "5 minutes", "9223372036854775807", "99999999999999999999d"}) {
            assertThat(command.run("token", "--private-key", "none", "--role", "admin", "--ttl", time))
                    .isEqualTo(2);
            assertThat(command.err.toString()).contains("'" + time + "' is no time; allowed: 500ms, 90s, 15m, 1h, 7d");
        }
    }

    @Test
    void mintsATokenThatVerifies() throws Exception {
        KeyPair key = SigningKey.FIRST.pair();
        Path file = Files.writeString(dir.resolve("key.pem"), pem("PRIVATE KEY", key.getPrivate()));
        assertThat(command.run(
                        "token",
                        "--private-key",
                        file.toString(),
                        "--role",
                        "viewer",
                        "--tenant",
                        "acme",
                        "--ttl",
                        "5m",
                        "--issuer",
                        "https://id.example",
                        "--audience",
                        "rtaa"))
                .isZero();
        Verification verification = new JwtVerifier(
                        PublicKeys.ofPem(pem("PUBLIC KEY", key.getPublic())), TokenRules.ANY, Clock.systemUTC())
                .verify(command.out.toString().strip())
                .toCompletableFuture()
                .join();
        assertThat(verification)
                .isInstanceOfSatisfying(
                        Verification.Verified.class,
                        verified -> assertThat(verified.claims())
                                .containsEntry("tenant", "acme")
                                .containsEntry("iss", "https://id.example")
                                .containsEntry("aud", List.of("rtaa")));
        Files.writeString(file, "no key");
        assertThat(command.run("token", "--private-key", file.toString(), "--role", "admin"))
                .isEqualTo(1);
        assertThat(command.err.toString()).contains("no PEM block");
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
        assertThat(command.run("call", "--url", "ws://127.0.0.1:1/", "--audio", audio, "--json"))
                .isEqualTo(1);
        assertThat(command.out.toString()).contains("\"connected\":false", "not connected");
        assertThat(command.run("call", "--url", "http://127.0.0.1/", "--audio", audio))
                .isEqualTo(2);
        assertThat(command.run("call", "--url", "ws://h/", "--audio", dir + "/none.wav"))
                .isEqualTo(2);
    }
}
