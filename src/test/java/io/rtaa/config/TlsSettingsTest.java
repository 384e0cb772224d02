package io.rtaa.config;

import static io.rtaa.config.TestSettings.faults;
import static io.rtaa.config.TestSettings.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.PrivateCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the settings of TLS are read. */
class TlsSettingsTest {

    @TempDir
    private static Path folder;

    private static Path certificate;
    private static Path key;

    @BeforeAll
    static void sign() throws Exception {
        certificate = folder.resolve("tls.crt");
        key = folder.resolve("tls.key");
        new PrivateCa(folder).signAsPem("server", "rtaa.example", certificate, key);
    }

    private static Map<String, Object> both(Path certificate, Path key) {
        return Map.of("TLS_CERTIFICATE", certificate.toString(), "TLS_KEY", key.toString());
    }

    @Test
    void withoutThemThereIsNoTls() {
        assertThat(read(Map.of()).tls()).isNull();
    }

    @Test
    void aPairIsRead() {
        TlsSettings tls = read(both(certificate, key)).tls();
        assertThat(tls).isNotNull();
        assertThat(tls.certificate()).hasToString("CN=rtaa.example");
        assertThat(tls.files()).extracting(FileContent::file).containsExactly(certificate, key);
    }

    @Test
    void oneWithoutTheOtherIsAFaultThatNamesBoth() {
        assertThat(faults(Map.of("TLS_CERTIFICATE", certificate.toString())))
                .isEqualTo(
                        "TLS_CERTIFICATE is set and TLS_KEY is not; allowed: both for TLS, or neither for plain HTTP");
        assertThat(faults(Map.of("TLS_KEY", key.toString())))
                .isEqualTo(
                        "TLS_KEY is set and TLS_CERTIFICATE is not; allowed: both for TLS, or neither for plain HTTP");
    }

    @Test
    void aFileThatIsNotThereIsNamedOnce() {
        Path missing = folder.resolve("missing");
        assertThat(faults(both(certificate, missing)))
                .isEqualTo("TLS_KEY: " + missing
                        + " cannot be read (NoSuchFileException); allowed: a file that this process" + " can read");
    }

    @Test
    void aPairThatIsNoneIsNamedWithItsFiles() throws Exception {
        Path other = Files.writeString(folder.resolve("other"), "nothing");
        assertThat(faults(both(certificate, other)))
                .startsWith("TLS_CERTIFICATE (" + certificate + ") and TLS_KEY (" + other
                        + "): no private key can be read; allowed: ");
    }

    @Test
    void aKeyInPlaceOfItsFileIsNotShown() throws Exception {
        assertThat(faults(Map.of("TLS_CERTIFICATE", certificate.toString(), "TLS_KEY", Files.readString(key))))
                .isEqualTo("TLS_KEY: this is PEM text; allowed: the path of a PEM file");
    }
}
