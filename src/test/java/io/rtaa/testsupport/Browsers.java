package io.rtaa.testsupport;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.CLI;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds a Chromium for the tests of the page, in this order: {@code -Dbrowser.path}, one that is installed, one that
 * Playwright fetches, one that Debian packages (as root). Where none can be had the test fails and says so;
 * {@code -Dbrowser=skip} skips it.
 */
public final class Browsers {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
    private static final List<String> PLACES = List.of(
            "/opt/google/chrome/chrome",
            "/snap/bin/chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe");
    private static final long INSTALL_MINUTES = 10;

    private Browsers() {}

    /** Starts Playwright's driver, without any download. Its assertions wait as long as other waits of tests do. */
    public static Playwright playwright() {
        Assumptions.assumeFalse("skip".equals(System.getProperty("browser")), "browser tests are off: -Dbrowser=skip");
        PlaywrightAssertions.setDefaultAssertionTimeout((double) PatientWaits.SOON.toMillis());
        return Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    /** Opens a headless browser. */
    public static Browser launch(Playwright playwright) {
        String named = System.getProperty("browser.path");
        if (named != null) {
            return launch(playwright, Path.of(named));
        }
        Optional<Path> installed = installed();
        if (installed.isPresent()) {
            return launch(playwright, installed.get());
        }
        List<String> problems = new ArrayList<>();
        if (run(problems, JavaCommand.withDefaults().main(CLI.class, "install", "chromium")) == 0) {
            try {
                return playwright.chromium().launch(options());
            } catch (PlaywrightException e) {
                problems.add("Playwright's Chromium does not start: " + e.getMessage());
            }
        }
        if (DebianPackages.areToBeHad()) {
            run(problems, DebianPackages.command("apt-get update && apt-get install -y chromium"));
            installed = installed();
            if (installed.isPresent()) {
                return launch(playwright, installed.get());
            }
        }
        throw new IllegalStateException(
                "no browser for the tests of the page: install Chromium or Chrome, or name one by "
                        + "-Dbrowser.path=FILE, or leave these tests out by -Dbrowser=skip. Tried: " + problems);
    }

    private static Browser launch(Playwright playwright, Path executable) {
        return playwright.chromium().launch(options().setExecutablePath(executable));
    }

    private static LaunchOptions options() {
        // Containers have no user namespaces and a small /dev/shm.
        return new LaunchOptions().setHeadless(true).setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage"));
    }

    private static Optional<Path> installed() {
        Stream<Path> onPath = Stream.of(
                        System.getenv().getOrDefault("PATH", "").split(System.getProperty("path.separator"), -1))
                .filter(folder -> !folder.isBlank())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
        return Stream.concat(onPath, PLACES.stream().map(Path::of))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int run(List<String> problems, List<String> command) {
        String name = String.join(" ", command.get(0), command.get(command.size() - 1));
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            if (!process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                problems.add(name + " took longer than " + INSTALL_MINUTES + " minutes");
                return -1;
            }
            if (process.exitValue() != 0) {
                problems.add(name + " ended with " + process.exitValue());
            }
            return process.exitValue();
        } catch (IOException e) {
            problems.add(name + ": " + e.getMessage());
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a browser was being installed", e);
        }
    }
}
