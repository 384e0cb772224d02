package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Expression;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;

/** What docs/routes.md says a team may name, held to the built-in route files and to the steps there are. */
class NamedInRoutesTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern REFERENCE = Pattern.compile("(?:ref: |#(?:bean:)?)([a-z]\\w+)");
    private static final Pattern DECLARED = Pattern.compile("(?m)^    - name: (\\w+)");
    private static final Pattern DIRECT = Pattern.compile("uri: (direct:[\\w-]+)");
    private static final Path STEPS = Path.of("src/main/java/io/rtaa/steps");

    /** Parts of the windows' aggregator and of the fan-out that mean nothing by themselves. */
    private static final Set<String> PARTS = Set.of("windowGroups", "flushWindow", "sameThread", "serialised");

    /** Between two routes that are replaced together. */
    private static final Set<String> WITHIN = Set.of("direct:windows-collect", "direct:asr-given-up");

    private static String section() throws IOException {
        String document = Files.readString(Path.of("docs/routes.md"));
        int begin = document.indexOf("## What a route file may name");
        return document.substring(begin, document.indexOf("\n## ", begin));
    }

    private static Set<String> inRoutes(Pattern pattern) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources/routes"))) {
            Set<String> found = new TreeSet<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                pattern.matcher(Files.readString(file)).results().forEach(name -> found.add(name.group(1)));
            }
            return found;
        }
    }

    private static Set<String> named() throws IOException {
        return CODE.matcher(section()).results().map(code -> code.group(1)).collect(Collectors.toSet());
    }

    @Test
    void eachBeanOfABuiltInRouteFileIsNamed() throws IOException {
        Set<String> beans = inRoutes(REFERENCE);
        beans.addAll(inRoutes(DECLARED));
        beans.removeAll(PARTS);

        assertThat(beans).hasSizeGreaterThan(20);
        assertThat(named()).containsAll(beans);
    }

    @Test
    void eachAddressBetweenBuiltInRoutesIsNamed() throws IOException {
        Set<String> addresses = inRoutes(DIRECT);
        addresses.removeAll(WITHIN);

        assertThat(addresses).hasSizeGreaterThan(5);
        assertThat(named()).containsAll(addresses);
    }

    @Test
    void eachStepIsNamedWithItsProperties() throws Exception {
        String section = section();
        try (Stream<Path> files = Files.list(STEPS)) {
            for (Path file :
                    files.filter(path -> !path.endsWith("package-info.java")).toList()) {
                Class<?> type = Class.forName(
                        "io.rtaa.steps." + file.getFileName().toString().replace(".java", ""));
                if (Processor.class.isAssignableFrom(type) || Expression.class.isAssignableFrom(type)) {
                    assertThat(section).contains("| `" + type.getSimpleName() + "` | ");
                    String row = section.lines()
                            .filter(line -> line.startsWith("| `" + type.getSimpleName() + "`"))
                            .findFirst()
                            .orElseThrow();
                    assertThat(CODE.matcher(row.substring(row.lastIndexOf('|', row.length() - 2)))
                                    .results()
                                    .map(code -> code.group(1)))
                            .containsExactlyInAnyOrder(properties(type));
                }
            }
        }
    }

    private static String[] properties(Class<?> step) throws Exception {
        return Arrays.stream(Introspector.getBeanInfo(step).getPropertyDescriptors())
                .filter(property -> property.getWriteMethod() != null
                        && property.getWriteMethod().getDeclaringClass().equals(step))
                .map(PropertyDescriptor::getName)
                .toArray(String[]::new);
    }
}
