package io.rtaa.edge.security;

import static io.rtaa.edge.security.JwtVerifierTest.generate;
import static io.rtaa.edge.security.JwtVerifierTest.pem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import io.rtaa.testsupport.SigningKey;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which keys are read of PEM text, and which are refused. */
class PemKeysTest {

    private final KeyPair key = SigningKey.FIRST.pair();

    @Test
    void refusesWeakKeysAndWhatIsNone() throws Exception {
        String weak = pem("PUBLIC KEY", generate(1024).getPublic());
        assertThatThrownBy(() -> PublicKeys.ofPem(weak)).hasMessageContaining("1024 bits");
        assertThatThrownBy(() -> PublicKeys.ofPemOrFile("/no/such/file")).hasMessageContaining("neither");
        assertThatThrownBy(() -> PublicKeys.ofPem(pem("PRIVATE KEY", key.getPrivate())))
                .hasMessageContaining("allowed: PUBLIC KEY");
        assertThatThrownBy(() -> PublicKeys.ofPem(pem("PUBLIC KEY", new byte[20])))
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> PublicKeys.ofPem(pem("CERTIFICATE", new byte[20])))
                .hasMessageContaining("cannot be read");
        PublicKey edwards =
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        assertThatThrownBy(() -> PublicKeys.ofPem(pem("PUBLIC KEY", key.getPublic()) + pem("PUBLIC KEY", edwards)))
                .hasMessage("PEM block 2 (PUBLIC KEY) cannot be read as an RSA or EC public key");
        String many = pem("PUBLIC KEY", key.getPublic()).repeat(17);
        assertThatThrownBy(() -> PublicKeys.ofPem(many)).hasMessage("17 PEM blocks; allowed: 16");
    }

    @Test
    void refusesPrivateKeysThatCannotSign() throws Exception {
        String good = pem("PRIVATE KEY", key.getPrivate());
        assertThatThrownBy(() -> RsaKeys.privateKey(good + good)).hasMessageContaining("2 PEM blocks");
        assertThatThrownBy(() -> RsaKeys.privateKey(good.replace("PRIVATE", "ENCRYPTED PRIVATE")))
                .hasMessageContaining("not encrypted");
        String weak = pem("PRIVATE KEY", generate(1024).getPrivate());
        assertThatThrownBy(() -> RsaKeys.privateKey(weak)).hasMessageContaining("1024 bits");
        String elliptic = pem(
                "PRIVATE KEY",
                KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate());
        String pss = pem(
                "PRIVATE KEY",
                KeyPairGenerator.getInstance("RSASSA-PSS").generateKeyPair().getPrivate());
        for (String unreadable : List.of(elliptic, pss, pem("PRIVATE KEY", new byte[20]), good.replace("M", "?"))) {
            assertThatThrownBy(() -> RsaKeys.privateKey(unreadable))
                    .hasMessage("the private key cannot be read as an RSA key");
        }
    }

    @Test
    void readsKeysThatAreIndentedOrOnOneLine() {
        for (String space : List.of(" ", "\n    ", " \r\n", "\\n")) {
            assertThat(RsaKeys.privateKey(pem("PRIVATE KEY", key.getPrivate())
                            .replace("\r", "")
                            .replace("\n", space)))
                    .isEqualTo(key.getPrivate());
            assertThat(PublicKeys.ofPem(pem("PUBLIC KEY", key.getPublic())
                                    .replace("\r", "")
                                    .replace("\n", space))
                            .matching(new JWSHeader(JWSAlgorithm.RS256)))
                    .isEqualTo(List.of(key.getPublic()));
        }
    }

    @Test
    void noErrorHoldsAKeyThatWasPastedWithoutItsFrame() {
        String pasted = Base64.getEncoder().encodeToString(key.getPrivate().getEncoded());
        for (String secret : List.of(pasted, pasted + "\u0000")) {
            assertThatThrownBy(() -> RsaKeys.privateKey(secret))
                    .hasMessageContaining("neither PEM text nor a file")
                    .hasNoCause();
        }
    }

    @Test
    void readsPkcs1PrivateKeys() {
        byte[] pkcs8 = key.getPrivate().getEncoded();
        String pem = pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
        assertThat(RsaKeys.privateKey(pem).getModulus()).isEqualTo(((RSAPublicKey) key.getPublic()).getModulus());
    }
}
