package io.rtaa.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.cli.RtaaCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder of docs/examples is whole: a route file that is valid, an explanation, a test, a row in the index. */
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("docs/examples");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z][a-z0-9.-]*)");

    static List<String> examples() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String testOf(String example) {
        return Arrays.stream(example.split("-"))
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining())
                + "ExampleTest";
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsAFileAnExplanationATestAndARow(String example) throws IOException {
        Path folder = EXAMPLES.resolve(example);
        assertThat(folder.resolve(example + ".camel.yaml")).exists();
        String explanation = Files.readString(folder.resolve("README.md"));
        assertThat(explanation)
                .startsWith("# ")
                .contains("(" + example + ".camel.yaml)", "`" + testOf(example) + "`", "**To try it**");
        Path test = Path.of("src/test/java/io/rtaa/examples", testOf(example) + ".java");
        assertThat(Files.readString(test)).contains("@CamelSpringBootTest", "docs/examples/" + example);
        assertThat(Files.readString(EXAMPLES.resolve("README.md")))
                .contains("| [" + example + "](" + example + ") | [" + testOf(example) + "](../../" + test + ") |");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void eachSettingOfAnExampleIsExplained(String example) throws IOException {
        Path folder = EXAMPLES.resolve(example);
        String explanation = Files.readString(folder.resolve("README.md"));
        Matcher placeholder = PLACEHOLDER.matcher(Files.readString(folder.resolve(example + ".camel.yaml")));
        while (placeholder.find()) {
            String name = placeholder.group(1);
            if (!name.startsWith("rtaa.")) {
                assertThat(explanation)
                        .contains("`" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT) + "`");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void validateTakesAnExample(String example) {
        StringWriter output = new StringWriter();
        PrintWriter out = new PrintWriter(output);

        int exitCode =
                RtaaCommand.run(out, out, "validate", EXAMPLES.resolve(example).toString());

        assertThat(exitCode).as("%s", output).isZero();
    }

    /** A team may name several of them. */
    @Test
    void validateTakesAllExamplesTogether() {
        StringWriter output = new StringWriter();
        PrintWriter out = new PrintWriter(output);

        assertThat(RtaaCommand.run(out, out, "validate", EXAMPLES.toString()))
                .as("%s", output)
                .isZero();
    }
}
