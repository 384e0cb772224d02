package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ClassPathResource;

/** Settings as they are declared, made into files, and documented. */
class SettingsFilesTest {

    private static final Pattern IN_A_ROUTE = Pattern.compile("\\{\\{(rtaa\\.[a-z.-]+)(?::([^}]*))?}}");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** What other programs read too, and is not the service's to name. */
    private static final Set<String> OF_THE_SURROUNDINGS = Set.of("HTTPS_PROXY", "NO_PROXY");

    /** What follows a placeholder's colon is the name of a sink. */
    private static final String SINK = "rtaa.bus.sink";

    @Test
    void whatIsCommittedIsMadeOfTheDeclarations() throws IOException {
        Map<Path, String> committed = new TreeMap<>();
        for (Path file : SettingsFiles.files().keySet()) {
            committed.put(file, Files.readString(file));
        }
        assertThat(committed)
                .as("'mvn -Pgenerate process-classes' brings them up to date")
                .isEqualTo(new TreeMap<>(SettingsFiles.files()));
    }

    @Test
    void aSettingIsDeclaredOnceAndListed() throws IllegalAccessException {
        List<Setting<?>> declared = SettingsFiles.declarations();
        assertThat(declared).extracting(Setting::property).doesNotHaveDuplicates();
        assertThat(declared).extracting(Setting::variable).doesNotHaveDuplicates();
        List<Setting<?>> fields = new ArrayList<>();
        for (Class<?> type : List.of(
                RtaaSettings.class,
                TlsSettings.class,
                ManagementSettings.class,
                RedisSettings.class,
                KafkaSettings.class,
                AsrSettings.class,
                DeepgramSettings.class,
                Credentials.class)) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == Setting.class) {
                    field.setAccessible(true);
                    fields.add((Setting<?>) field.get(null));
                }
            }
        }
        assertThat(fields)
                .filteredOn(setting -> setting.property().startsWith("rtaa."))
                .hasSizeGreaterThan(40)
                .isSubsetOf(declared);
    }

    @Test
    void anEditorIsToldTheTypeTheMeaningAndTheDefault() throws IOException {
        Map<String, JsonNode> properties = new HashMap<>();
        ClassPathResource file = new ClassPathResource("META-INF/spring-configuration-metadata.json");
        try (InputStream metadata = file.getInputStream()) {
            for (JsonNode property : new ObjectMapper().readTree(metadata).get("properties")) {
                properties.put(property.get("name").asText(), property);
            }
        }
        assertThat(properties.get("rtaa.port").get("type").asText()).isEqualTo("java.lang.Integer");
        assertThat(properties.get("rtaa.port").get("defaultValue").asInt()).isEqualTo(8080);
        assertThat(properties.get("rtaa.redis.partitions").get("description").asText())
                .contains("Partitions of the bus", "Allowed: a whole number from 1 to 1024.", "RTAA_REDIS_PARTITIONS");
        assertThat(properties
                        .get("rtaa.asr.keep-alive-seconds")
                        .get("description")
                        .asText())
                .contains("Default: 0 in memory, else 30.");
    }

    @ParameterizedTest
    @EnumSource(BusAdapter.class)
    void whatTheFileOfABusSetsIsDeclaredAsTheBuss(BusAdapter adapter) throws IOException {
        assertThat(ofTheBus(adapter).keySet()).isEqualTo(properties(Setting.Origin.BUS));
    }

    @Test
    void theDefaultsInWordsOfABusAreThoseOfItsFile() throws IOException {
        Map<String, String> memory = ofTheBus(BusAdapter.MEMORY);
        Map<String, String> redis = ofTheBus(BusAdapter.REDIS);
        assertThat(ofTheBus(BusAdapter.KAFKA))
                .containsAllEntriesOf(redis.entrySet().stream()
                        .filter(setting -> setting.getKey().endsWith("-seconds"))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        assertThat(SettingsFiles.declarations())
                .filteredOn(setting -> setting.origin() == Setting.Origin.BUS)
                .filteredOn(setting -> setting.property().endsWith("-seconds"))
                .hasSize(3)
                .allSatisfy(setting -> {
                    String inMemory = memory.get(setting.property());
                    String inRedis = redis.get(setting.property());
                    assertThat(setting.defaultInWords())
                            .as(setting.property())
                            .isEqualTo(inMemory.equals(inRedis) ? inRedis : inMemory + " in memory, else " + inRedis);
                });
    }

    private static Map<String, String> ofTheBus(BusAdapter adapter) throws IOException {
        Map<String, String> values = new TreeMap<>();
        String file = "bus/" + adapter.settingName() + ".yaml";
        for (var source : new YamlPropertySourceLoader().load(file, new ClassPathResource(file))) {
            for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                values.put(name, String.valueOf(source.getProperty(name)));
            }
        }
        return values;
    }

    private static Set<String> properties(Setting.Origin origin) {
        return SettingsFiles.declarations().stream()
                .filter(setting -> setting.origin() == origin)
                .map(Setting::property)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatTheBuiltInRoutesReadIsDeclaredWithTheirDefault() throws IOException {
        Map<String, Setting<?>> declared = new HashMap<>();
        SettingsFiles.declarations().forEach(setting -> declared.put(setting.property(), setting));
        Set<String> read = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources/routes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Matcher placeholder = IN_A_ROUTE.matcher(Files.readString(file));
                while (placeholder.find()) {
                    String name = placeholder.group(1);
                    if (name.equals(SINK)) {
                        continue;
                    }
                    read.add(name);
                    assertThat(declared).as("read in %s", file).containsKey(name);
                    if (placeholder.group(2) != null) {
                        assertThat(placeholder.group(2))
                                .as("%s in %s", name, file)
                                .isEqualTo(declared.get(name).defaultInWords());
                    }
                }
            }
        }
        assertThat(read).containsAll(properties(Setting.Origin.ROUTES));
    }

    @Test
    void everySettingIsDocumentedOnceWithItsDefault() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        addRows("README.md", "| variable | default | meaning |", documented);
        addRows("docs/operations.md", "| property | default | meaning |", documented);
        documented.keySet().removeAll(OF_THE_SURROUNDINGS);

        Map<String, String> expected = new TreeMap<>();
        for (Setting<?> setting : SettingsFiles.declarations()) {
            String name = documented.containsKey(setting.variable()) ? setting.variable() : setting.property();
            expected.put(name, setting.defaultInWords());
        }
        assertThat(documented)
                .as("the tables of README.md and docs/operations.md")
                .isEqualTo(expected);
    }

    /** Adds the settings that the tables with this head name, and their defaults. */
    private static void addRows(String file, String head, Map<String, String> documented) throws IOException {
        boolean inTable = false;
        int tables = 0;
        for (String line : Files.readAllLines(Path.of(file))) {
            if (line.equals(head)) {
                inTable = true;
                tables++;
            } else if (!line.startsWith("|")) {
                inTable = false;
            } else if (inTable && !line.startsWith("|---")) {
                String[] cells = line.split("\\|", -1);
                List<String> names = names(cells[1]);
                String cell = cells[2].strip().replace("`", "");
                List<String> defaults = Arrays.asList(cell.split(", "));
                for (int i = 0; i < names.size(); i++) {
                    boolean isEach = names.size() > 1 && defaults.size() == names.size();
                    assertThat(documented.put(names.get(i), isEach ? defaults.get(i) : cell))
                            .as("the first row of %s, which %s has again", names.get(i), file)
                            .isNull();
                }
            }
        }
        assertThat(tables).as("tables of settings in %s", file).isPositive();
    }

    /** The names in a cell; one that begins with a dot has the beginning of the one before. */
    private static List<String> names(String cell) {
        List<String> names = new ArrayList<>();
        Matcher code = CODE.matcher(cell);
        while (code.find()) {
            String name = code.group(1);
            if (name.startsWith(".")) {
                String before = names.get(names.size() - 1);
                name = before.substring(0, before.lastIndexOf('.')) + name;
            }
            names.add(name);
        }
        return names;
    }
}
