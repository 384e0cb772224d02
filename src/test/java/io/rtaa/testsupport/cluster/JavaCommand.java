package io.rtaa.testsupport.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a JVM beside this one is started: small and quick to start, as several share the machine. */
final class JavaCommand {

    private JavaCommand() {}

    static List<String> java(int heapMegabytes, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(arguments));
        return command;
    }
}
