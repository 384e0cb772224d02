package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.testsupport.PrivateCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener's certificate and key as PEM. */
class ServerCertificateTest {

    @TempDir
    private static Path folder;

    private static String certificates;
    private static String key;

    @BeforeAll
    static void sign() throws Exception {
        PrivateCa ca = new PrivateCa(folder);
        ca.signAsPem("server", "rtaa.example", folder.resolve("tls.crt"), folder.resolve("tls.key"));
        certificates = Files.readString(folder.resolve("tls.crt"));
        key = Files.readString(folder.resolve("tls.key"));
    }

    @Test
    void readsAChainAndItsKey() {
        ServerCertificate pair = ServerCertificate.ofPem(certificates, key);
        assertThat(pair).hasToString("CN=rtaa.example");
        assertThat(pair.expires()).isAfter(Instant.now());
        assertThat(pair.keyManager().getCertificateChain("rtaa")).hasSize(2);
        assertThat(pair.keyManager().getPrivateKey("rtaa")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa:2048", "ed25519", "ec -pkeyopt ec_paramgen_curve:P-384"})
    void readsEveryKindOfKeyThatIsInUse(String kind) throws Exception {
        List<String> command = List.of(
                ("openssl req -x509 -nodes -days 1 -subj /CN=any -keyout any.key -out any.crt" + " -newkey " + kind)
                        .split(" ", -1));
        Process openssl = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(openssl.waitFor()).isZero();

        ServerCertificate pair = ServerCertificate.ofPem(
                Files.readString(folder.resolve("any.crt")), Files.readString(folder.resolve("any.key")));
        assertThat(pair).hasToString("CN=any");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        new PrivateCa(Files.createDirectories(folder.resolve("other")))
                .signAsPem("other", "rtaa.example", folder.resolve("other.crt"), folder.resolve("other.key"));
        String other = Files.readString(folder.resolve("other.key"));
        assertRefused(certificates, other, "the private key is not that of the first certificate");
        String reversed = certificates.substring(certificates.lastIndexOf("-----BEGIN")) + certificates;
        assertRefused(reversed, key, "the private key is not that of the first certificate");
    }

    @Test
    void whatCannotBeReadIsNamedAndNotShown() {
        assertRefused("", key, "no certificate can be read");
        assertRefused(key, key, "no certificate can be read");
        assertRefused(certificates.replace("MII", "M!I"), key, "no certificate can be read");
        assertRefused(certificates, certificates, "no private key can be read");
        assertRefused(certificates, key.replaceFirst("M", "!"), "no private key can be read");
        assertRefused(certificates, key.replace("PRIVATE", "ENCRYPTED PRIVATE"), "no private key can be read");
        assertRefused(certificates.substring(0, 300), key, "no certificate can be read");
        assertRefused(certificates, key.substring(0, 80), "no private key can be read");
    }

    private static void assertRefused(String certificates, String key, String why) {
        assertThatThrownBy(() -> ServerCertificate.ofPem(certificates, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(why)
                .hasMessageContaining("; allowed: ")
                .hasMessageNotContaining("BEGIN")
                .hasNoCause();
    }
}
