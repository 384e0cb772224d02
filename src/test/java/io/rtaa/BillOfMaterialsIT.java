package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** What the jar says that it is made of. */
class BillOfMaterialsIT {

    private static final Path JAR = Path.of("target", "rtaa.jar");
    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final String COMPONENTS = "META-INF/services/org/apache/camel/component/";

    /** Spring Boot's plugin adds it, which takes the jar apart for an image. */
    private static final String TOOLS = "spring-boot-jarmode-tools";

    /** Each is a way in or out for bytes, and many of those that are not here have known holes. */
    private static final Set<String> CAMEL_COMPONENTS = Set.of(
            // The routes' own, and the sinks of teams.
            "bean",
            "class",
            "direct",
            "file",
            "http",
            "https",
            "kafka",
            "log",
            "micrometer",
            "seda",
            "timer",
            "vertx-websocket",
            // What camel-spring-boot-starter brings along; none of them opens a connection.
            "browse",
            "controlbus",
            "dataformat",
            "dataset",
            "dataset-test",
            "language",
            "mock",
            "ref",
            "rest",
            "rest-api",
            "saga",
            "scheduler",
            "spring-event",
            "stub",
            "validator",
            "xslt");

    private static JsonNode bill(JarFile jar) throws IOException {
        String place = jar.getManifest().getMainAttributes().getValue("Sbom-Location");
        assertThat(place).isEqualTo("META-INF/sbom/application.cdx.json");
        try (InputStream bill = jar.getInputStream(jar.getEntry(place))) {
            return new ObjectMapper().readTree(bill);
        }
    }

    private static List<String> libraries(JarFile jar) {
        return jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar") && !name.contains(TOOLS))
                .toList();
    }

    /** The names of libraries by their SHA-256. */
    private static Map<String, String> listed(JsonNode bill) {
        Map<String, String> listed = new TreeMap<>();
        for (JsonNode component : bill.path("components")) {
            for (JsonNode hash : component.path("hashes")) {
                if (hash.path("alg").asText().equals("SHA-256")) {
                    listed.put(
                            hash.path("content").asText(),
                            component.path("name").asText() + " "
                                    + component.path("version").asText());
                }
            }
        }
        return listed;
    }

    private static String sha256(JarFile jar, String entry) throws IOException {
        try (InputStream bytes = jar.getInputStream(jar.getEntry(entry))) {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.readAllBytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Test
    void theBillNamesTheLibrariesOfTheJarAndNoOthers() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            JsonNode bill = bill(jar);
            assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
            assertThat(bill.path("metadata").path("component").path("version").asText())
                    .isEqualTo(jar.getManifest().getMainAttributes().getValue("Implementation-Version"));
            Map<String, String> listed = listed(bill);
            Set<String> unlisted = new TreeSet<>();
            for (String library : libraries(jar)) {
                if (listed.remove(sha256(jar, library)) == null) {
                    unlisted.add(library);
                }
            }

            assertThat(unlisted)
                    .as("not in the bill, which 'mvn -Pgenerate process-classes' brings up to date")
                    .isEmpty();
            // A starter without classes is not shipped.
            assertThat(listed.values())
                    .as("in the bill, which 'mvn -Pgenerate process-classes' brings up to date, and not in the jar")
                    .allMatch(library -> library.contains("starter"));
        }
    }

    @Test
    void noComponentOfCamelsIsShippedButThoseThatRoutesUse() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Set<String> found = new TreeSet<>();
            for (String library : libraries(jar)) {
                try (ZipInputStream files = new ZipInputStream(jar.getInputStream(jar.getEntry(library)))) {
                    for (ZipEntry file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
                        if (!file.isDirectory() && file.getName().startsWith(COMPONENTS)) {
                            found.add(file.getName().substring(COMPONENTS.length()));
                        }
                    }
                }
            }

            assertThat(found).isEqualTo(new TreeSet<>(CAMEL_COMPONENTS));
        }
    }
}
