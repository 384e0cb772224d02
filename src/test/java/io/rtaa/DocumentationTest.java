package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The documents name what is there. */
class DocumentationTest {

    private static final Pattern NAME = Pattern.compile("`(?:([A-Z]\\w*)\\.?)?([a-z]\\w*)?`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
        try (var found = Files.walk(Path.of("docs"))) {
            documents.addAll(
                    found.filter(file -> file.toString().endsWith(".md")).toList());
        }
        int links = 0;
        for (Path document : documents) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                links++;
                assertThat(document.resolveSibling(link.group(1)))
                        .as("linked from %s", document)
                        .exists();
            }
        }
        assertThat(links).isGreaterThan(15);
    }

    /** A row of a table of attacks ends with the tests that try the attack: a class, a method with its class, or one more of it. */
    @Test
    void everyAttackInTheSecurityDocumentIsTriedByATest() throws IOException {
        int tests = 0;
        boolean isAttacks = false;
        for (String line : Files.readAllLines(Path.of("docs/security.md"))) {
            isAttacks = line.startsWith("| promise |") || (isAttacks && line.startsWith("|"));
            if (!isAttacks || line.startsWith("|---") || line.startsWith("| promise |")) {
                continue;
            }
            String cell = line.substring(line.lastIndexOf('|', line.length() - 2));
            Matcher name = NAME.matcher(cell);
            String source = "";
            int named = 0;
            while (name.find()) {
                source = name.group(1) == null ? source : source(name.group(1));
                assertThat(source)
                        .as("%s in %s", name.group(), line)
                        .contains(name.group(2) == null ? "class " + name.group(1) : "void " + name.group(2) + "(");
                named++;
            }
            assertThat(named).as("tests of %s", line).isPositive();
            tests += named;
        }
        assertThat(tests).isGreaterThan(15);
    }

    private static String source(String testClass) throws IOException {
        try (var found = Files.walk(Path.of("src/test/java"))) {
            Path file = found.filter(path -> path.endsWith(testClass + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no test is called " + testClass));
            return Files.readString(file);
        }
    }
}
