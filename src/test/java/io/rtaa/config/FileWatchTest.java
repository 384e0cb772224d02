package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FileWatchTest {

    @TempDir
    private Path folder;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final FileWatch watch = new FileWatch(Duration.ofMillis(20), registry);
    private final List<String> inForce = new CopyOnWriteArrayList<>();
    private Path key;

    @BeforeEach
    void write() throws IOException {
        key = folder.resolve("key");
        Files.writeString(key, "first");
    }

    @AfterEach
    void close() {
        watch.close();
    }

    /** At once, as a secret is mounted: a reader sees no part of it. */
    private void replace(Path file, String content) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void watchKey() {
        watch.watch("THE_KEY_FILE", List.of(FileContent.read(key)), this::putInForce);
    }

    private void putInForce(List<FileContent> contents) {
        String text = String.join("+", contents.stream().map(FileContent::text).toList());
        if (text.startsWith("broken")) {
            throw new IllegalArgumentException("this is no key");
        }
        inForce.add(text);
    }

    @Test
    void handsOnWhatChanged() throws IOException {
        watchKey();

        replace(key, "secnd");

        await().untilAsserted(() -> assertThat(inForce).containsExactly("secnd"));
        assertThat(reloads("applied")).isOne();
        assertThat(reloads("refused")).isZero();
    }

    @Test
    void handsOnWhatChangedBeforeItBeganToWatch() throws IOException {
        FileContent read = FileContent.read(key);
        Files.writeString(key, "second");

        watch.watch("THE_KEY_FILE", List.of(read), this::putInForce);

        await().untilAsserted(() -> assertThat(inForce).containsExactly("second"));
    }

    @Test
    void followsTheLinksOfAMountedSecret() throws IOException {
        Path old = Files.createDirectory(folder.resolve("..1"));
        Path next = Files.createDirectory(folder.resolve("..2"));
        Files.writeString(old.resolve("tls"), "one");
        Files.writeString(next.resolve("tls"), "two");
        Files.setLastModifiedTime(next.resolve("tls"), Files.getLastModifiedTime(old.resolve("tls")));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), old);
        key = Files.createSymbolicLink(folder.resolve("tls"), Path.of("..data", "tls"));
        watchKey();

        Path swapped = Files.createSymbolicLink(folder.resolve("..tmp"), next);
        Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE);

        await().untilAsserted(() -> assertThat(inForce).containsExactly("two"));
    }

    @Test
    void keepsWhatIsInForceWhereTheNewContentIsBroken(CapturedOutput output) throws IOException {
        watchKey();

        replace(key, "broken secret");

        await().untilAsserted(() -> assertThat(reloads("refused")).isOne());
        replace(key, "mended");
        await().untilAsserted(() -> assertThat(inForce).containsExactly("mended"));
        assertThat(reloads("refused")).isOne();
        assertThat(output).contains("THE_KEY_FILE", "this is no key").doesNotContain("broken secret");
    }

    @Test
    void aFileThatIsGoneForAWhileIsToldOnce(CapturedOutput output) throws IOException {
        watchKey();

        Files.delete(key);

        await().untilAsserted(() -> assertThat(reloads("refused")).isOne());
        replace(key, "back");
        await().untilAsserted(() -> assertThat(inForce).containsExactly("back"));
        assertThat(reloads("refused")).isOne();
        assertThat(output.getAll().split("NoSuchFileException", -1)).hasSize(2);
    }

    @Test
    void filesThatBelongTogetherAreHandedOnTogether() throws IOException {
        Path certificate = folder.resolve("certificate");
        Files.writeString(certificate, "of first");
        watch.watch("TLS", List.of(FileContent.read(certificate), FileContent.read(key)), this::putInForce);

        replace(certificate, "of second");

        await().untilAsserted(() -> assertThat(inForce).containsExactly("of second+first"));
    }

    @Test
    void aFileThatIsTooLargeIsRefused() throws IOException {
        Files.write(key, new byte[FileContent.MAX_BYTES + 1]);

        assertThatThrownBy(() -> FileContent.read(key.toString())).hasMessageContaining("allowed: less");
        assertThatThrownBy(() -> FileContent.read("a\u0000b")).hasMessageContaining("no path of a file");
        assertThatThrownBy(() -> FileContent.read("/no/such/file")).hasMessageContaining("cannot be read");
    }

    private double reloads(String result) {
        return registry.get("rtaa.settings.files.reloads")
                .tag("result", result)
                .counter()
                .count();
    }
}
