package io.rtaa;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The packages of docs/architecture.md: what each is, which it knows, and what it may not know. */
@AnalyzeClasses(packages = "io.rtaa", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.rtaa.";

    private static final String[] FEATURES = {
        "telephony",
        "audio",
        "edge.websocket",
        "asr",
        "edge.security",
        "dashboard",
        "operations",
        "management",
        "simulator",
        "redis",
        "kafka",
        "bus.memory",
        "steps"
    };

    @ArchTest
    void featuresDoNotKnowEachOther(JavaClasses code) {
        for (String feature : FEATURES) {
            for (String other : FEATURES) {
                if (!feature.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage("io.rtaa." + feature + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("io.rtaa." + other + "..")
                            .because("features meet in routes and in io.rtaa.call")
                            .check(code);
                }
            }
        }
    }

    @ArchTest
    static final ArchRule WHAT_BUSES_SHARE_KNOWS_NO_BUS = noClasses()
            .that()
            .resideInAPackage("io.rtaa.bus")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.rtaa.bus.memory..", "io.rtaa.redis..", "io.rtaa.kafka..");

    @ArchTest
    static final ArchRule THE_LISTENER_KNOWS_NOTHING_THAT_IS_MOUNTED_ON_IT = noClasses()
            .that()
            .resideInAPackage("io.rtaa.edge.listener..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(java.util.Arrays.stream(FEATURES)
                    .map(feature -> "io.rtaa." + feature + "..")
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_WIRING = noClasses()
            .that()
            .resideOutsideOfPackages("io.rtaa.config..", "io.rtaa")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.rtaa.config..");

    @ArchTest
    static final ArchRule ONLY_THE_WIRING_KNOWS_SPRING = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.rtaa.config..",
                    "io.rtaa.management..",
                    "io.rtaa.edge.security..",
                    "io.rtaa.cli..",
                    "io.rtaa.routes..",
                    "io.rtaa")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..")
            .because("Spring wires; beyond that it lends its JOSE decoder and key readers to security, its log-in to"
                    + " management, its resource patterns to routes and its properties to cli");

    @ArchTest
    static final ArchRule THE_LANGUAGE_KNOWS_THE_JDK_ONLY = classes()
            .that()
            .resideInAPackage("io.rtaa.call..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.rtaa.call..", "org.jspecify..");

    @ArchTest
    static final ArchRule THE_AUDIT_LOG_KNOWS_THE_LANGUAGE_ONLY = classes()
            .that()
            .resideInAPackage("io.rtaa.audit..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.rtaa.audit..", "io.rtaa.call..", "org.slf4j..", "org.jspecify..");

    @ArchTest
    static final ArchRule TRACING_KNOWS_THE_LANGUAGE_ONLY = classes()
            .that()
            .resideInAPackage("io.rtaa.tracing..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "io.rtaa.tracing..", "io.rtaa.call..", "io.micrometer.tracing..", "org.jspecify..");

    @ArchTest
    static final ArchRule ONLY_THE_WIRING_KNOWS_OPEN_TELEMETRY = noClasses()
            .that()
            .resideOutsideOfPackage("io.rtaa.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.opentelemetry..", "io.micrometer.tracing.otel..");

    @ArchTest
    static final ArchRule WHAT_HOLDS_FOR_EVERY_ROUTE_KNOWS_NO_FEATURE = noClasses()
            .that()
            .resideInAPackage("io.rtaa.routes..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(java.util.Arrays.stream(FEATURES)
                    .map(feature -> "io.rtaa." + feature + "..")
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule CODECS_ARE_PURE = classes()
            .that()
            .resideInAnyPackage("io.rtaa.telephony.exotel..", "io.rtaa.telephony.pcm..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "io.rtaa.call..",
                    "io.rtaa.telephony.exotel..",
                    "io.rtaa.telephony.pcm..",
                    "com.fasterxml.jackson..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule THE_SESSION_LAYER_KNOWS_NO_RECOGNISER = noClasses()
            .that()
            .resideInAPackage("io.rtaa.asr")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.rtaa.asr.*..");

    @ArchTest
    static final ArchRule RECOGNISERS_DO_NOT_KNOW_EACH_OTHER =
            slices().matching("io.rtaa.asr.(*)..").should().notDependOnEachOther();

    @ArchTest
    void everyPackageSaysWhatItIsAndIsNullMarked(JavaClasses code) {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(NullMarked.class)
                .check(code);
    }

    @ArchTest
    void theDocumentHasEachPackageWithItsSentenceAndThoseItKnows(JavaClasses code) throws IOException {
        Map<String, Set<String>> known = new TreeMap<>();
        for (JavaClass type : code) {
            Set<String> packages = known.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency ->
                            dependency.getTargetClass().getBaseComponentType().getPackageName())
                    .filter(name -> name.startsWith(ROOT) && !name.equals(type.getPackageName()))
                    .forEach(packages::add);
        }
        known.remove("io.rtaa");
        List<String> rows = new ArrayList<>();
        for (Map.Entry<String, Set<String>> each : known.entrySet()) {
            String names = each.getValue().stream()
                    .map(name -> "`" + name.substring(ROOT.length()) + "`")
                    .collect(Collectors.joining(", "));
            String knows = each.getKey().equals(ROOT + "config") ? "all of these" : names.isEmpty() ? "–" : names;
            rows.add("| `" + each.getKey().substring(ROOT.length()) + "` | " + sentence(each.getKey()) + " | " + knows
                    + " |");
        }

        assertThat(Files.readString(Path.of("docs/architecture.md"))
                        .lines()
                        .dropWhile(line -> !line.equals("| package | what it is | knows |"))
                        .skip(2)
                        .takeWhile(line -> line.startsWith("|")))
                .containsExactlyInAnyOrderElementsOf(rows);
    }

    /** What the package-info says, as Markdown and without its last dot. */
    private static String sentence(String packageName) throws IOException {
        String source = Files.readString(
                Path.of("src/main/java", packageName.split("\\.")).resolve("package-info.java"));
        return source.substring(source.indexOf("/**") + 3, source.indexOf("*/"))
                .replaceAll("\\s+(\\* )?", " ")
                .strip()
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replaceAll("\\.$", "");
    }
}
