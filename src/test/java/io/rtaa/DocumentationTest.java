package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents name what is there. */
class DocumentationTest {

    private static final Path INDEX = Path.of("docs/README.md");
    private static final Path SECURITY = Path.of("docs/security.md");

    private static final Pattern NAME = Pattern.compile("`(?:([A-Z]\\w*)\\.?)?([a-z]\\w*)?`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.*)$");
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern PROFILE = Pattern.compile("\\bmvn [^`\n]*?-P(\\w+)");
    private static final Pattern CHOSEN_TEST = Pattern.compile("-D(?:it\\.)?test=(\\w+)");
    private static final Pattern METRIC = Pattern.compile("\\brtaa(?:_[a-z0-9]+){2,}\\b(?!_)");
    private static final Pattern LESSON = Pattern.compile("(?ms)^## (.*?)\\n(.*?)(?=^## |\\z)");
    private static final String HELD_BY = "**Held now by**";

    @Test
    void everyLinkLeadsToAFileAndEveryAnchorToAHeading() throws IOException {
        int anchors = 0;
        for (Path document : documents()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(document)).results().toList()) {
                Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
                assertThat(target).as("linked from %s", document).exists();
                if (link.group(2) != null) {
                    anchors++;
                    assertThat(anchors(target))
                            .as("%s in %s", link.group(), document)
                            .contains(link.group(2));
                }
            }
        }
        assertThat(anchors).isGreaterThan(50);
    }

    /** What GitHub makes of the headings of a document. */
    private static Set<String> anchors(Path document) throws IOException {
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(CODE_BLOCK.matcher(Files.readString(document)).replaceAll(""))
                .results()
                .forEach(heading -> anchors.add(heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-')));
        return anchors;
    }

    @Test
    void theIndexLeadsToEveryDocument() throws IOException {
        String index = Files.readString(INDEX);
        try (Stream<Path> documents = Files.walk(INDEX.getParent(), 2)) {
            assertThat(documents
                            .map(document ->
                                    INDEX.getParent().relativize(document).toString())
                            .filter(name -> name.matches("[^/]+\\.md|[^/]+/README\\.md") && !name.equals("README.md")))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(name -> assertThat(index).contains("](" + name + ")"));
        }
    }

    /** The questions that a newcomer or an operator has; each answer is proved by a test, or by a command that measures. */
    @Test
    void everyAnswerInTheIndexIsProvedByATestOrACommand() throws IOException {
        List<String> rows = rows(INDEX, "| question |");
        assertThat(rows).hasSizeGreaterThan(6);
        for (String row : rows) {
            assertThat(testsOf(lastCell(row)) > 0 || lastCell(row).contains("`mvn "))
                    .as(row)
                    .isTrue();
            assertThat(LINK.matcher(row).find()).as(row).isTrue();
        }
    }

    @Test
    void everyCommandOfMavensNamesAProfileAndATestThatExist() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String profiles = pom.substring(pom.indexOf("<profiles>"));
        int commands = 0;
        for (Path document : documents()) {
            String text = Files.readString(document);
            for (MatchResult profile : PROFILE.matcher(text).results().toList()) {
                commands++;
                assertThat(profiles).as("%s", document).contains("<id>" + profile.group(1) + "</id>");
            }
            for (MatchResult test : CHOSEN_TEST.matcher(text).results().toList()) {
                commands++;
                assertThat(source(test.group(1))).as("%s", document).isNotEmpty();
            }
        }
        assertThat(commands).isGreaterThan(10);
    }

    /** The tables are those of docs/operations.md, which MetricsTest holds to what is exposed. */
    @Test
    void everyMetricThatADocumentNamesIsInATable() throws IOException {
        String tables = Files.readString(Path.of("docs/operations.md"));
        for (Path document : documents()) {
            if (!document.endsWith("CHANGELOG.md")) {
                assertThat(METRIC.matcher(Files.readString(document)).results().map(MatchResult::group))
                        .as("%s", document)
                        .allSatisfy(metric -> assertThat(tables).contains("\n| `" + metric + "` |"));
            }
        }
    }

    @Test
    void everyLessonOfAnIncidentNamesTheTestsThatHoldIt() throws IOException {
        int lessons = 0;
        for (Path document : incidents()) {
            String text = Files.readString(document);
            for (MatchResult lesson : LESSON.matcher(text).results().toList()) {
                lessons++;
                String body = lesson.group(2);
                assertThat(body).as(lesson.group(1)).contains(HELD_BY);
                assertThat(testsOf(body.substring(body.indexOf(HELD_BY))))
                        .as(lesson.group(1))
                        .isPositive();
            }
            for (String row : rows(document, "| what went wrong |")) {
                lessons++;
                assertThat(testsOf(lastCell(row))).as(row).isPositive();
            }
        }
        assertThat(lessons).isGreaterThan(15);
    }

    private static List<Path> incidents() throws IOException {
        try (Stream<Path> documents = Files.list(Path.of("docs/incidents"))) {
            return documents.filter(document -> !document.endsWith("README.md")).toList();
        }
    }

    @Test
    void everySecretIsReplacedByATest() throws IOException {
        List<String> rows = rows(SECURITY, "| secret |");
        assertThat(rows).hasSizeGreaterThan(8);
        for (String row : rows) {
            assertThat(testsOf(lastCell(row))).as(row).isPositive();
        }
    }

    /** A row of a table of attacks ends with the tests that try the attack: a class, a method with its class, or one more of it. */
    @Test
    void everyAttackInTheSecurityDocumentIsTriedByATest() throws IOException {
        int tests = 0;
        for (String row : rows(SECURITY, "| promise |")) {
            int named = testsOf(lastCell(row));
            assertThat(named).as("tests of %s", row).isPositive();
            tests += named;
        }
        assertThat(tests).isGreaterThan(15);
    }

    @Test
    void everyAdvisoryIsFixedByVersionOrTriedByATestOrSaidToBeOpen() throws IOException {
        List<String> rows = rows(SECURITY, "| library |");
        assertThat(rows).hasSizeGreaterThan(10);
        for (String row : rows) {
            boolean isTried = testsOf(lastCell(row)) > 0;
            assertThat(isTried).as("tests of %s", row).isEqualTo(row.contains("closed by design"));
            assertThat(isTried
                            || row.contains("| fixed by version ")
                            || row.contains("**open**")
                            || row.contains("| none known |"))
                    .as(row)
                    .isTrue();
        }
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(
                Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md"), Path.of("CHANGELOG.md")));
        try (Stream<Path> found = Files.walk(INDEX.getParent())) {
            documents.addAll(
                    found.filter(file -> file.toString().endsWith(".md")).toList());
        }
        return documents;
    }

    /** The rows of the tables in a document whose head begins so, without the head. */
    private static List<String> rows(Path document, String head) throws IOException {
        List<String> rows = new ArrayList<>();
        boolean isWanted = false;
        for (String line : Files.readAllLines(document)) {
            isWanted = line.startsWith(head) || (isWanted && line.startsWith("|"));
            if (isWanted && !line.startsWith("|---") && !line.startsWith(head)) {
                rows.add(line);
            }
        }
        return rows;
    }

    private static String lastCell(String row) {
        return row.substring(row.lastIndexOf('|', row.length() - 2));
    }

    /** How many tests a text names; each of them is there. */
    private static int testsOf(String text) throws IOException {
        Matcher name = NAME.matcher(text);
        String source = "";
        int named = 0;
        while (name.find()) {
            source = name.group(1) == null ? source : source(name.group(1));
            assertThat(source)
                    .as("%s in %s", name.group(), text)
                    .contains(name.group(2) == null ? "class " + name.group(1) : "void " + name.group(2) + "(");
            named++;
        }
        return named;
    }

    private static String source(String testClass) throws IOException {
        for (Path root : List.of(Path.of("src/test/java"), Path.of("src/fuzz/java"))) {
            try (Stream<Path> found = Files.walk(root)) {
                Path file = found.filter(path -> path.endsWith(testClass + ".java"))
                        .findFirst()
                        .orElse(null);
                if (file != null) {
                    return Files.readString(file);
                }
            }
        }
        throw new AssertionError("no test is called " + testClass);
    }
}
