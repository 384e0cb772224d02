package io.rtaa.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFileFinderTest {

    @TempDir
    private Path folder;

    private final List<String> empty = new ArrayList<>();

    private Path write(String file) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "# " + file);
    }

    private List<String> find(String... places) throws IOException {
        return RouteFileFinder.find(List.of(places), empty::add).stream()
                .map(file -> folder.relativize(Path.of(file.name())).toString())
                .toList();
    }

    @Test
    void aFolderHoldsTheFilesOfItsSubfoldersToo() throws IOException {
        write("b.camel.yaml");
        write("sub/deep/a.camel.yaml");
        write("notes.yaml");

        assertThat(find(folder.toString())).containsExactly("b.camel.yaml", "sub/deep/a.camel.yaml");
        assertThat(find("file:" + folder)).containsExactly("b.camel.yaml", "sub/deep/a.camel.yaml");
        assertThat(find(folder + "/notes.yaml")).as("a file may have any name").containsExactly("notes.yaml");
        assertThat(empty).isEmpty();
    }

    @Test
    void aPatternReachesAnyDepth() throws IOException {
        write("a.camel.yaml");
        write("x/b.camel.yaml");
        write("x/y/c.camel.yaml");
        write("x/y/notes.txt");

        assertThat(find(folder + "/*.camel.yaml")).containsExactly("a.camel.yaml");
        assertThat(find(folder + "/**/*.camel.yaml"))
                .containsExactly("a.camel.yaml", "x/b.camel.yaml", "x/y/c.camel.yaml");
        assertThat(find("file:" + folder + "/x/?/*")).containsExactly("x/y/c.camel.yaml", "x/y/notes.txt");
        assertThat(find(folder + "/z*/**", folder + "/none/*.camel.yaml")).isEmpty();
        assertThat(empty).containsExactly(folder + "/z*/**", folder + "/none/*.camel.yaml");
    }

    @Test
    void aFolderMayHaveAColonAndOtherSigns() throws IOException {
        write("a:b c#d%20/{x}/a.camel.yaml");
        write("http:x/b.camel.yaml");

        assertThat(find(folder + "/a:b c#d%20")).containsExactly("a:b c#d%20/{x}/a.camel.yaml");
        assertThat(find(folder + "/a:b c#d%20/**/*.yaml")).containsExactly("a:b c#d%20/{x}/a.camel.yaml");
        assertThat(find(folder + "/http:x")).containsExactly("http:x/b.camel.yaml");
    }

    /**
     * The files of a version lie in a folder of its own; links lead to them, and a subfolder's is a link to a folder.
     */
    @Test
    void theFilesOfAMountedConfigMapAreFoundOnce() throws IOException {
        write("..2025_11_29/a.camel.yaml");
        write("..2025_11_29/sub/b.camel.yaml");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2025_11_29"));
        Files.createSymbolicLink(folder.resolve("a.camel.yaml"), Path.of("..data/a.camel.yaml"));
        Files.createSymbolicLink(folder.resolve("sub"), Path.of("..data/sub"));

        assertThat(find(folder.toString())).containsExactly("a.camel.yaml", "sub/b.camel.yaml");
        assertThat(find(folder + "/**/*.camel.yaml")).containsExactly("a.camel.yaml", "sub/b.camel.yaml");
        assertThat(find(folder + "/..data")).as("where it is named").hasSize(2);
    }

    @Test
    void whatTwoPlacesNameIsFoundOnce() throws IOException {
        Path file = write("a.camel.yaml");
        Files.createSymbolicLink(folder.resolve("z.camel.yaml"), file);

        assertThat(find(file.toString(), folder.toString(), "file:" + folder + "/*"))
                .containsExactly("a.camel.yaml");
        assertThat(empty).isEmpty();
    }

    @Test
    void aLinkInACircleEndsTheWalkThere() throws IOException {
        write("sub/a.camel.yaml");
        Files.createSymbolicLink(folder.resolve("sub/up"), folder);

        assertThat(find(folder.toString())).containsExactly("sub/a.camel.yaml");
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        Files.write(folder.resolve("latin.camel.yaml"), new byte[] {'#', (byte) 0xe9, '\n'});
        assertThatThrownBy(() -> find(folder.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("latin.camel.yaml is no text in UTF-8");
        Files.delete(folder.resolve("latin.camel.yaml"));

        Files.createSymbolicLink(folder.resolve("gone.camel.yaml"), Path.of("nowhere"));
        assertThatThrownBy(() -> find(folder.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gone.camel.yaml is a link to a file that does not exist");
    }

    @Test
    void aUrlIsNoPath() throws IOException {
        assertThat(RouteFileFinder.find(
                        List.of("classpath:routes/asr/*.camel.yaml", "classpath:routes/asr/none*", "classpath:none/*"),
                        empty::add))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file.name()).contains("routes/asr/"));
        assertThat(empty).containsExactly("classpath:routes/asr/none*", "classpath:none/*");
    }
}
