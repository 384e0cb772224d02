package io.rtaa.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What files for deployments have to agree with. */
public final class ProjectFacts {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+):([^}]*)}");
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>rtaa</artifactId>\\s*<version>([^<]+)</version>");

    private ProjectFacts() {}

    /** Every variable that sets something, and its default. */
    public static Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        PLACEHOLDER
                .matcher(read("src/main/resources/application.yaml"))
                .results()
                .forEach(found -> variables.put(found.group(1), found.group(2)));
        return variables;
    }

    /** The version of the project. */
    public static String version() {
        Matcher version = VERSION.matcher(read("pom.xml"));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
