package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The records in docs/decisions, and their index: a record that is superseded stays, and both say by which. */
class DecisionsTest {

    private static final Path FOLDER = Path.of("docs/decisions");
    private static final Pattern TITLE = Pattern.compile("\\A# (\\d{4}): (.*)\\n");
    private static final Pattern SUPERSEDED =
            Pattern.compile("(?m)^\\*\\*Superseded( in part)?\\*\\* by\\s+\\[(\\d{4})]\\(([^)]+)\\)");

    @Test
    void theIndexHasEachRecordWithItsTitleAndWhatSupersedesIt() throws IOException {
        List<String> expected = new ArrayList<>();
        for (Path record : records()) {
            String text = Files.readString(record);
            Matcher title = TITLE.matcher(text);
            assertThat(title.find()).as("%s", record).isTrue();
            StringBuilder row = new StringBuilder(
                    "| [%s](%s) | %s".formatted(title.group(1), record.getFileName(), title.group(2)));
            Matcher superseded = SUPERSEDED.matcher(text);
            while (superseded.find()) {
                String part = superseded.group(1) == null ? "" : superseded.group(1);
                row.append(" (superseded")
                        .append(part)
                        .append(" by ")
                        .append(superseded.group(2))
                        .append(")");
            }
            expected.add(row.append(" |").toString());
        }

        assertThat(expected).hasSizeGreaterThan(25).anyMatch(row -> row.contains("(superseded by "));
        assertThat(Files.readAllLines(FOLDER.resolve("README.md")).stream().filter(line -> line.startsWith("| [")))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void whatSupersedesARecordSaysSo() throws IOException {
        for (Path record : records()) {
            Matcher superseded = SUPERSEDED.matcher(Files.readString(record));
            while (superseded.find()) {
                Path later = FOLDER.resolve(superseded.group(3));
                assertThat(later.getFileName().toString()).startsWith(superseded.group(2));
                assertThat(later).content().contains("(" + record.getFileName() + ")");
            }
        }
    }

    private static List<Path> records() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d{4}-.*\\.md"))
                    .sorted()
                    .toList();
        }
    }
}
