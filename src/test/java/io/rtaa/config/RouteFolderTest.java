package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.cli.RtaaCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What {@code validate} checks in a place is what the service loads from it. */
class RouteFolderTest {

    @TempDir
    private Path folder;

    private void route(String file, String id) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, """
                - route:
                    id: %s
                    from:
                      uri: direct:%s
                      steps:
                        - to:
                            uri: log:x
                """.formatted(id, id));
    }

    private long loaded(String place) throws Exception {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("settings", Map.of("rtaa.routes", place, "rtaa.roles", "asr")));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        DerivedSettings.derive(environment);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            new RouteFiles(RtaaSettings.read(environment)).loadInto(context);
            return context.getRouteDefinitions().stream()
                    .filter(route -> route.getRouteId().startsWith("own-"))
                    .count();
        }
    }

    private static String validated(String place) {
        StringWriter out = new StringWriter();
        int code = RtaaCommand.run(new PrintWriter(out), new PrintWriter(out), "validate", place);
        assertThat(code).as("%s", out).isZero();
        return out.toString().strip();
    }

    @Test
    void aFolderWithAColonAndASubfolderIsTheSameForBoth() throws Exception {
        route("my:routes/a.camel.yaml", "own-a");
        route("my:routes/sub/b.camel.yaml", "own-b");

        for (String place : new String[] {"", "/**/*.camel.yaml"}) {
            assertThat(validated(folder + "/my:routes" + place)).isEqualTo("2 files are fine");
            assertThat(loaded(folder + "/my:routes" + place)).isEqualTo(2);
        }
    }

    @Test
    void aMountedConfigMapIsTheSameForBoth() throws Exception {
        route("..1/a.camel.yaml", "own-a");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(folder.resolve("a.camel.yaml"), Path.of("..data/a.camel.yaml"));

        for (String place : new String[] {"", "/*", "/**"}) {
            assertThat(validated(folder + place)).isEqualTo("1 file is fine");
            assertThat(loaded(folder + place)).isEqualTo(1);
        }
    }
}
