package io.rtaa.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeepgramKeysTest {

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void givesTheKeysInOrder() {
        assertThat(left(DeepgramKeys.of(" one,two\nthree\r\n\ntwo "))).containsExactly("one", "two", "three");
    }

    @Test
    void neverShowsAKey() {
        DeepgramKeys keys = DeepgramKeys.of("s3cret-one,s3cret-two");

        assertThat(keys.toString()).isEqualTo("DeepgramKeys[2 keys]");
        assertThat(keys.current().keys().get(0)).hasToString("API key 1");
        assertThatThrownBy(() -> DeepgramKeys.of("s3cret,s3crét"))
                .hasMessage("API key 2 holds characters a key never has; allowed: printable ASCII");
        assertThatThrownBy(() -> DeepgramKeys.of(" ,\n"))
                .hasMessage("no API key; allowed: one or more, separated by commas or lines");
    }

    @Test
    void readsAFileAgainWhenItChanged() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "old,other\n");
        DeepgramKeys keys = DeepgramKeys.ofFile(file, nanos::get);

        Files.writeString(file, "fresh,old\n");
        keys.refresh();

        assertThat(left(keys)).containsExactly("fresh", "old");
        assertThat(keys.current().number()).isEqualTo(1);
    }

    @Test
    void looksAtTheFileOnceASecondAtMost() throws IOException {
        DeepgramKeys keys = DeepgramKeys.ofFile(Files.writeString(directory.resolve("keys"), "one"), nanos::get);

        assertThat(keys.isRefreshDue()).isFalse();
        nanos.addAndGet(DeepgramKeys.FILE_CHECK_INTERVAL.toNanos());
        assertThat(keys.isRefreshDue()).isTrue();
        keys.refresh();
        assertThat(keys.isRefreshDue()).isFalse();
    }

    @Test
    void keepsTheKeysWhenTheFileIsEmptyOrGone() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "one");
        DeepgramKeys keys = DeepgramKeys.ofFile(file, nanos::get);

        Files.writeString(file, "");
        keys.refresh();
        assertThat(left(keys)).containsExactly("one");

        Files.delete(file);
        keys.refresh();
        assertThat(left(keys)).containsExactly("one");

        Files.writeString(file, "two");
        keys.refresh();
        assertThat(left(keys)).containsExactly("two");
    }

    @Test
    void refusesAFileThatIsMissingOrNoKeyFile() throws IOException {
        Path big = Files.write(directory.resolve("big"), new byte[DeepgramKeys.MAX_FILE_BYTES + 1]);

        assertThatThrownBy(() -> DeepgramKeys.ofFile(directory.resolve("none")))
                .hasMessageMatching("the key file .*none cannot be read \\(NoSuchFileException\\); allowed: .*");
        assertThatThrownBy(() -> DeepgramKeys.ofFile(big)).hasMessageContaining("more than 65536 bytes");
    }

    private static List<String> left(DeepgramKeys keys) {
        return keys.current().keys().stream()
                .map(key -> key.authorization().substring("Token ".length()))
                .toList();
    }
}
