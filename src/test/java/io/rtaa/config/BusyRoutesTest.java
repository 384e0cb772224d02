package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.CamelJmx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A route that is renamed would be measured in the dear way. */
@ExtendWith(CamelJmx.class)
class BusyRoutesTest {

    private static final Pattern ROUTE_ID = Pattern.compile("(?m)^- route:\\n    id: (\\S+)");

    @Test
    void theRoutesThatRunOftenAreBuiltIn() throws IOException {
        List<String> ids;
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources/routes"))) {
            ids = files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .flatMap(BusyRoutesTest::ids)
                    .toList();
        }

        assertThat(ids).hasSizeGreaterThan(15).containsAll(RoutesConfiguration.RUN_OFTEN);
    }

    private static Stream<String> ids(Path file) {
        try {
            return ROUTE_ID.matcher(Files.readString(file)).results().map(found -> found.group(1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
