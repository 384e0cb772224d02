package io.rtaa.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs of Prometheus, which check its files or are it: one that {@code -D<name>.path} names, one that is installed, or the one
 * that Debian packages (as root: it is fetched and unpacked). Where none can be had the test fails and says so;
 * {@code -Dpromtool=skip} skips the tests that need them.
 */
public enum PrometheusTool {
    /** Checks and tests rules. */
    PROMTOOL("promtool", "prometheus"),
    /** Checks the configuration of the Alertmanager. */
    AMTOOL("amtool", "prometheus-alertmanager"),
    /** Asks for metrics and evaluates rules. */
    PROMETHEUS("prometheus", "prometheus"),
    /** Passes alerts on. */
    ALERTMANAGER("prometheus-alertmanager", "prometheus-alertmanager");

    private final String program;
    private final String debianPackage;

    PrometheusTool(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    /** Where it is. The test that asks is skipped where these tests are off. */
    public String program() throws IOException, InterruptedException {
        Assumptions.assumeFalse(
                "skip".equals(System.getProperty("promtool")), "tests of the alerts are off: -Dpromtool=skip");
        return path();
    }

    /** Runs it to its end, which has to be a good one. */
    public void run(String... arguments) throws IOException, InterruptedException {
        output(arguments);
    }

    /** The same, and what it printed. */
    public String output(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program()));
        command.addAll(List.of(arguments));
        Finished run = finished(command);
        assertThat(run.exitCode).as(run.output).isZero();
        return run.output;
    }

    private record Finished(int exitCode, String output) {}

    private String path() throws IOException, InterruptedException {
        String named = System.getProperty(program + ".path");
        if (named != null) {
            return named;
        }
        Optional<Path> installed = installed();
        if (installed.isPresent()) {
            return installed.get().toString();
        }
        if (DebianPackages.areToBeHad()) {
            return unpacked();
        }
        throw new IllegalStateException("no " + program + " for the tests of the alerts: install it, or name one by -D"
                + program + ".path=FILE, or leave these tests out by -Dpromtool=skip");
    }

    /** The one of Debian's package, which is not installed: that would start a server. */
    private String unpacked() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", program));
        Path unpacked = folder.resolve("usr/bin").resolve(program);
        Finished fetched = finished(DebianPackages.command("cd " + folder + " && { test -x usr/bin/" + program
                + " || { apt-get update && apt-get download " + debianPackage + " && dpkg -x *.deb .; }; }"));
        assertThat(fetched.exitCode).as(fetched.output).isZero();
        return unpacked.toString();
    }

    private Optional<Path> installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", ""))
                .flatMap(path -> Arrays.stream(path.split(System.getProperty("path.separator"), -1)))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Finished finished(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Finished(process.waitFor(), output);
    }
}
