package io.rtaa.testsupport.cluster;

import io.rtaa.testsupport.Jdk;
import java.util.ArrayList;
import java.util.List;

/** How a JVM beside this one is started: small and quick to start, as several share the machine. */
final class JavaCommand {

    private JavaCommand() {}

    static List<String> java(int heapMegabytes, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Jdk.program("java"), "-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(arguments));
        return command;
    }
}
