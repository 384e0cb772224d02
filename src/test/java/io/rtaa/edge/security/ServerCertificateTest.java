package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.testsupport.PrivateCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A listener's certificate and key as PEM. */
class ServerCertificateTest {

    @TempDir
    private static Path folder;

    private static PrivateCa ca;
    private static String certificates;
    private static String key;

    @BeforeAll
    static void sign() throws Exception {
        ca = new PrivateCa(folder);
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
    @CsvSource({"rsa,-keyalg RSA -keysize 2048", "ed25519,-keyalg Ed25519", "p384,-keyalg EC -groupname secp384r1"})
    void readsEveryKindOfKeyThatIsInUse(String alias, String options) throws Exception {
        Path certificate = folder.resolve(alias + ".crt");
        Path privateKey = folder.resolve(alias + ".key");
        ca.signAsPem(alias, "any", certificate, privateKey, options.split(" ", -1));

        ServerCertificate pair = ServerCertificate.ofPem(Files.readString(certificate), Files.readString(privateKey));
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
