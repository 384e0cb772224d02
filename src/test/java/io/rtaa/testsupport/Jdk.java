package io.rtaa.testsupport;

import java.nio.file.Path;

/** The JDK that the tests run on. */
public final class Jdk {

    private Jdk() {}

    /** Where one of its programs is, {@code java} or {@code keytool} for instance, as a command line wants it. */
    public static String program(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
