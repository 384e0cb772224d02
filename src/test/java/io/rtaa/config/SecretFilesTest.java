package io.rtaa.config;

import static io.rtaa.config.TestSettings.faults;
import static io.rtaa.config.TestSettings.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each secret can come from a file, and a file that cannot be used is named. */
class SecretFilesTest {

    @TempDir
    private Path folder;

    static Stream<Setting<?>> secrets() {
        return SettingsFiles.declarations().stream().filter(Setting::secret);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("secret"), text);
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void eachSecretCanBeNamedByAFile(Setting<?> secret) {
        assertThat(secret.file())
                .isNotNull()
                .returns(secret.variable() + "_FILE", Setting::variable)
                .returns(secret.property() + "-file", Setting::property)
                .returns(false, Setting::secret)
                .isIn(SettingsFiles.declarations());
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void theSecurityDocumentSaysHowItIsReplaced(Setting<?> secret) throws IOException {
        assertThat(Files.readString(Path.of("docs/security.md"))
                        .lines()
                        .dropWhile(line -> !line.startsWith("| secret | where |"))
                        .takeWhile(line -> line.startsWith("|")))
                .anyMatch(row -> row.contains("`" + secret.variable() + "_FILE`"));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aChangedFileIsToldByTheVariableThatNamesIt(Setting<?> secret) throws IOException {
        String variable = secret.variable() + "_FILE";
        assertThat(SetNames.ofFile(secret, TestSettings.environment(Map.of(variable, file("x") + ""), Map.of())))
                .isEqualTo(variable);
        assertThat(SetNames.ofFile(secret, TestSettings.environment(Map.of(secret.variable(), "/key.pem"), Map.of())))
                .isEqualTo(secret.variable());
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretThatIsSetByItsFileTooIsAFaultThatNamesBoth(Setting<?> secret) throws IOException {
        assertThat(faults(Map.of(secret.variable(), "not-shown", secret.variable() + "_FILE", file("x") + "")))
                .contains(secret.variable() + " and " + secret.variable() + "_FILE are both set; allowed: one of them")
                .doesNotContain("not-shown");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aFileThatIsNotThereIsNamedWithItsVariable(Setting<?> secret) {
        Path missing = folder.resolve("missing");
        assertThat(faults(Map.of(secret.variable() + "_FILE", missing.toString())))
                .isEqualTo(
                        secret.variable() + "_FILE (" + missing + ") cannot be read (NoSuchFileException); allowed: a"
                                + " file that this process can read, with the value and nothing else");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aFileThatIsEmptyIsNamedWithItsVariable(Setting<?> secret) throws IOException {
        Path empty = file(" \n");
        assertThat(faults(Map.of(secret.variable() + "_FILE", empty.toString())))
                .startsWith(secret.variable() + "_FILE (" + empty + ") is empty; allowed: ");
    }

    @Test
    void aFileThatHoldsTooMuchIsNamed() throws IOException {
        Path file = file("x".repeat(FileContent.MAX_BYTES + 1));
        assertThat(faults(Map.of("REDIS_URL_FILE", file.toString())))
                .startsWith("REDIS_URL_FILE (" + file + ") has more than 1048576 bytes; allowed: ");
    }

    @Test
    void whatIsWrongInAFileIsNamedByTheFileAndNotShown() throws IOException {
        Path file = file("secret-without-colon");
        assertThat(faults(Map.of("EXOTEL_BASIC_AUTH_FILE", file.toString())))
                .startsWith("EXOTEL_BASIC_AUTH_FILE (" + file + "): ")
                .doesNotContain("secret-without-colon");
    }

    @Test
    void aSecretPutIntoTheVariableOfItsFileIsNotShown() {
        assertThat(faults(Map.of("DEEPGRAM_API_KEY_FILE", "0123456789abcdef")))
                .startsWith("DEEPGRAM_API_KEY_FILE, a path that is not absolute, cannot be read (NoSuchFileException)")
                .doesNotContain("0123456789abcdef");
        assertThat(faults(Map.of("JWT_PUBLIC_KEY_FILE", "-----BEGIN \0")))
                .isEqualTo("JWT_PUBLIC_KEY_FILE: it is no path; allowed: the path of a file");
    }

    @Test
    void theLineBreakAtTheEndOfAFileIsNoPartOfTheValue() throws IOException {
        RtaaSettings settings = read(Map.of("REDIS_URL_FILE", file("redis://user:password@redis:7000\r\n") + ""));
        assertThat(settings.redis().url()).isEqualTo("redis://user:password@redis:7000");
    }

    @Test
    void whatAFileHoldsIsInForce() throws IOException {
        Path key = Files.writeString(folder.resolve("key.pem"), SigningKey.FIRST.publicPem());
        Path basic = Files.writeString(folder.resolve("basic"), "key:token\n");
        RtaaSettings settings =
                read(Map.of("JWT_PUBLIC_KEY_FILE", key.toString(), "EXOTEL_BASIC_AUTH_FILE", basic.toString()));
        assertThat(settings.isOpen(Door.EXOTEL)).isFalse();
        assertThat(settings.isOpen(Door.TRANSCRIPTS)).isFalse();
        assertThat(settings.bindAddress()).isEqualTo("0.0.0.0");
        assertThat(settings.credentials().exotelBasic()).isNotNull();
    }

    @Test
    void aBlankVariableBesidesAFileIsNotSet() throws IOException {
        assertThat(read(Map.of("EXOTEL_BASIC_AUTH", " ", "EXOTEL_BASIC_AUTH_FILE", file("key:token") + ""))
                        .isOpen(Door.EXOTEL))
                .isFalse();
    }
}
