package io.rtaa.bench.machine;

import io.rtaa.testsupport.Jdk;
import java.util.ArrayList;
import java.util.List;

/** How another JVM like this one is started. */
final class JavaCommand {

    private JavaCommand() {}

    /** A class of this class path. */
    static List<String> of(Class<?> main, String... options) {
        List<String> command = new ArrayList<>(List.of(Jdk.program("java")));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }
}
