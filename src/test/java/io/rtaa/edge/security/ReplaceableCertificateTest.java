package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.PrivateCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplaceableCertificateTest {

    private static final String KEY_TYPE = "EC";

    @TempDir
    private static Path folder;

    private static ServerCertificate first;
    private static ServerCertificate second;

    @BeforeAll
    static void sign() throws Exception {
        PrivateCa ca = new PrivateCa(folder);
        first = pair(ca, "first");
        second = pair(ca, "second");
    }

    private static ServerCertificate pair(PrivateCa ca, String name) throws Exception {
        Path certificate = folder.resolve(name + ".crt");
        Path key = folder.resolve(name + ".key");
        ca.signAsPem(name, "localhost", certificate, key);
        return ServerCertificate.ofPem(Files.readString(certificate), Files.readString(key));
    }

    private static String alias(ReplaceableCertificate certificate) {
        return Objects.requireNonNull(certificate.chooseEngineServerAlias(KEY_TYPE, null, null));
    }

    @Test
    void aHandshakeThatHasBegunKeepsItsPairOverAReplacement() {
        ReplaceableCertificate certificate = new ReplaceableCertificate(first);
        String begun = alias(certificate);

        certificate.replace(second);

        assertThat(Objects.requireNonNull(certificate.getCertificateChain(begun))[0])
                .isEqualTo(first.certificate());
        assertThat(certificate.getPrivateKey(begun))
                .isEqualTo(first.keyManager().getPrivateKey("rtaa"));
    }

    @Test
    void aHandshakeThatBeginsAfterAReplacementUsesTheNewPair() {
        ReplaceableCertificate certificate = new ReplaceableCertificate(first);

        certificate.replace(second);

        assertThat(certificate.current()).isSameAs(second);
        assertThat(Objects.requireNonNull(certificate.getCertificateChain(alias(certificate)))[0])
                .isEqualTo(second.certificate());
        assertThat(certificate.getPrivateKey(alias(certificate)))
                .isEqualTo(second.keyManager().getPrivateKey("rtaa"));
    }

    @Test
    void aKeyOfAnotherKindIsNotOffered() {
        ReplaceableCertificate certificate = new ReplaceableCertificate(first);

        assertThat(certificate.chooseEngineServerAlias("RSA", null, null)).isNull();
        assertThat(certificate.getCertificateChain("7.rtaa")).isNull();
        assertThat(certificate.getPrivateKey("7.rtaa")).isNull();
    }
}
