package io.rtaa.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Gets what tests need from Debian's packages, where they run on Debian as root. */
final class DebianPackages {

    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "rtaa-tests-apt.lock");

    private DebianPackages() {}

    static boolean areToBeHad() {
        return Files.exists(Path.of("/etc/debian_version")) && "root".equals(System.getProperty("user.name"));
    }

    /** The command line of a script, one at a time on this machine: apt refuses to run beside itself. */
    static List<String> command(String script) {
        return List.of("flock", LOCK.toString(), "sh", "-c", script);
    }
}
