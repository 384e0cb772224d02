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
        List<Path> documents =
                new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md")));
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

    @Test
    void theIndexLeadsToEveryDocument() throws IOException {
        String index = Files.readString(Path.of("docs/README.md"));
        try (var documents = Files.list(Path.of("docs"))) {
            assertThat(documents
                            .map(document -> document.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
                    .hasSizeGreaterThan(5)
                    .allSatisfy(name -> assertThat(index).contains("](" + name + ")"));
        }
    }

    /** A row of a table of attacks ends with the tests that try the attack: a class, a method with its class, or one more of it. */
    @Test
    void everyAttackInTheSecurityDocumentIsTriedByATest() throws IOException {
        int tests = 0;
        for (String row : rows("| promise |")) {
            int named = testsOf(row);
            assertThat(named).as("tests of %s", row).isPositive();
            tests += named;
        }
        assertThat(tests).isGreaterThan(15);
    }

    @Test
    void everyAdvisoryIsFixedByVersionOrTriedByATestOrSaidToBeOpen() throws IOException {
        List<String> rows = rows("| library |");
        assertThat(rows).hasSizeGreaterThan(10);
        for (String row : rows) {
            boolean isTried = testsOf(row) > 0;
            assertThat(isTried).as("tests of %s", row).isEqualTo(row.contains("closed by design"));
            assertThat(isTried
                            || row.contains("| fixed by version ")
                            || row.contains("**open**")
                            || row.contains("| none known |"))
                    .as(row)
                    .isTrue();
        }
    }

    /** The rows of the tables in docs/security.md whose head begins so, without the head. */
    private static List<String> rows(String head) throws IOException {
        List<String> rows = new ArrayList<>();
        boolean isWanted = false;
        for (String line : Files.readAllLines(Path.of("docs/security.md"))) {
            isWanted = line.startsWith(head) || (isWanted && line.startsWith("|"));
            if (isWanted && !line.startsWith("|---") && !line.startsWith(head)) {
                rows.add(line);
            }
        }
        return rows;
    }

    /** How many tests the last cell of a row names; each of them is there. */
    private static int testsOf(String row) throws IOException {
        Matcher name = NAME.matcher(row.substring(row.lastIndexOf('|', row.length() - 2)));
        String source = "";
        int named = 0;
        while (name.find()) {
            source = name.group(1) == null ? source : source(name.group(1));
            assertThat(source)
                    .as("%s in %s", name.group(), row)
                    .contains(name.group(2) == null ? "class " + name.group(1) : "void " + name.group(2) + "(");
            named++;
        }
        return named;
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
