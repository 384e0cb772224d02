package io.rtaa.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.config.ServiceRole;
import io.rtaa.testsupport.ProjectFacts;
import io.rtaa.testsupport.Queries;
import io.rtaa.testsupport.YamlFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the files for containers name is what the project has: no engine is needed to find a name that leads nowhere. */
class ComposeTest {

    private static final Path COMPOSE = Path.of("docker-compose.yml");
    private static final Path KAFKA = Path.of("docker-compose.kafka.yml");
    private static final Path DOCKERFILE = Path.of("Dockerfile");
    private static final Path PROMETHEUS = Path.of("deploy/prometheus/prometheus.yml");
    private static final Path GRAFANA = Path.of("deploy/grafana");

    /** A version with at least a major and a minor number; never {@code latest}, never none. */
    private static final Pattern PINNED = Pattern.compile("[a-z0-9./-]+:v?\\d+\\.\\d+[\\w.-]*");

    private static final Pattern VARIABLE = Pattern.compile("`([A-Z][A-Z_]+)`");

    /** Ports and the bus, which several services of the files have to agree on. */
    private static final Set<String> SET_BY_THE_FILES =
            Set.of("PORT", "BIND_ADDRESS", "MANAGEMENT_PORT", "REDIS_URL_FILE", "KAFKA_BROKERS");

    /** Read from the environment as they are, and no properties. */
    private static final Set<String> OF_ANY_PROGRAM = Set.of("HTTPS_PROXY", "NO_PROXY");

    private static final Pattern COPIED = Pattern.compile("(?m)^COPY ([^-\\s]\\S*) ");
    private static final Pattern FROM = Pattern.compile("(?m)^FROM (\\S+)");

    private final Map<String, String> defaults = ProjectFacts.variables();

    @Test
    void everyImageHasAVersion() throws IOException {
        List<String> images = new ArrayList<>();
        services(COMPOSE).values().forEach(service -> images.add(text(service, "image")));
        services(KAFKA).values().stream()
                .filter(service -> service.has("image"))
                .forEach(service -> images.add(text(service, "image")));
        FROM.matcher(Files.readString(DOCKERFILE)).results().forEach(from -> images.add(from.group(1)));

        assertThat(images)
                .hasSizeGreaterThan(8)
                .allMatch(image -> PINNED.matcher(image).matches());
        assertThat(images).contains("rtaa:" + ProjectFacts.version());
    }

    @Test
    void everyServiceOfRtaaIsSetByVariablesThatExist() {
        for (Path file : List.of(COMPOSE, KAFKA)) {
            assertThat(rtaa(file))
                    .as("%s", file)
                    .hasSize(3)
                    .allSatisfy((name, service) -> assertThat(names(service.path("environment")))
                            .as(name)
                            .isNotEmpty()
                            .allMatch(variable -> defaults.containsKey(variable) || OF_ANY_PROGRAM.contains(variable)));
        }
    }

    /** Else a setting of the README would do nothing for those who start it by compose. */
    @Test
    void everySettingOfTheReadmeReachesAServiceThatMayUseIt() throws IOException {
        Set<String> settings = new TreeSet<>();
        Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1)[1])
                .forEach(cell -> VARIABLE.matcher(cell).results().forEach(name -> settings.add(name.group(1))));
        settings.removeAll(SET_BY_THE_FILES);
        assertThat(settings).hasSizeGreaterThan(40);
        assertThat(rtaa(COMPOSE).values().stream().flatMap(service -> names(service.path("environment")).stream()))
                .containsAll(settings);
        assertThat(rtaa(COMPOSE).values())
                .as("the files that settings name")
                .allSatisfy(service ->
                        assertThat(texts(service.path("volumes"))).containsExactly("./deploy/compose:/etc/rtaa:ro"));
    }

    @Test
    void theServicesHaveEveryRoleOnceAndTwoRecognise() {
        assertThat(rtaa(COMPOSE).values())
                .extracting(service -> environment(service, "RTAA_ROLES"))
                .containsExactlyInAnyOrder(Stream.of(ServiceRole.values())
                        .map(ServiceRole::settingName)
                        .toArray(String[]::new));
        assertThat(services(COMPOSE).get("worker").at("/deploy/replicas").asInt())
                .isEqualTo(2);
    }

    @Test
    void everyServiceOfRtaaIsOnTheBusOfItsFile() {
        assertThat(rtaa(COMPOSE).values()).allSatisfy(service -> {
            assertThat(environment(service, "PUBSUB_ADAPTER")).isEqualTo("redis");
            assertThat(environment(service, "REDIS_URL")).isEqualTo("redis://bus:6379");
            assertThat(service.at("/depends_on/bus/condition").asText()).isEqualTo("service_healthy");
        });
        assertThat(rtaa(KAFKA).values()).allSatisfy(service -> {
            assertThat(environment(service, "PUBSUB_ADAPTER")).isEqualTo("kafka");
            assertThat(environment(service, "KAFKA_BROKERS")).isEqualTo("bus:9092");
        });
        for (String adapter : List.of("redis", "kafka")) {
            assertThat(Path.of("src/main/resources/bus", adapter + ".yaml")).exists();
        }
        for (Path file : List.of(COMPOSE, KAFKA)) {
            assertThat(services(file).get("bus").at("/healthcheck/test"))
                    .as("%s", file)
                    .isNotEmpty();
        }
        assertThat(services(KAFKA)
                        .get("bus")
                        .at("/environment/KAFKA_ADVERTISED_LISTENERS")
                        .asText())
                .isEqualTo("PLAINTEXT://bus:9092");
    }

    @Test
    void redisIsSetSoThatARestartLosesNothing() {
        assertThat(texts(services(COMPOSE).get("bus").path("command")))
                .containsExactly("redis-server", "--appendonly", "yes", "--appendfsync", "always");
    }

    @Test
    void doorsThatAreOpenArePublishedOnLoopbackOnly() {
        List<String> published = services(COMPOSE).values().stream()
                .flatMap(service -> texts(service.path("ports")).stream())
                .toList();
        assertThat(published).hasSize(7).allMatch(port -> port.startsWith("127.0.0.1:"));
        for (String service : List.of("ingest", "dashboard")) {
            assertThat(texts(services(COMPOSE).get(service).path("ports")))
                    .extracting(port -> port.replaceFirst(".*:", ""))
                    .containsExactly(defaults.get("PORT"), defaults.get("MANAGEMENT_PORT"));
        }
    }

    @Test
    void ingestHasTheTimeItsCallsMayTake() {
        JsonNode ingest = services(COMPOSE).get("ingest");
        Duration drain = Duration.ofSeconds(Long.parseLong(environment(ingest, "DRAIN_SECONDS")));
        assertThat(Duration.parse("PT" + text(ingest, "stop_grace_period"))).isGreaterThan(drain);
    }

    @Test
    void theProcessesWriteNothingButIntoATemporaryFolder() {
        assertThat(rtaa(COMPOSE).values()).allSatisfy(service -> {
            assertThat(service.path("read_only").asBoolean()).isTrue();
            // Netty's native transport is unpacked into it and has to be mapped from there.
            assertThat(texts(service.path("tmpfs"))).containsExactly("/tmp:exec,mode=1777,size=64m");
            assertThat(texts(service.path("cap_drop"))).containsExactly("ALL");
            assertThat(texts(service.path("security_opt"))).containsExactly("no-new-privileges:true");
        });
    }

    @Test
    void everyMountedFileIsThere() {
        List<String> mounted = Stream.of(COMPOSE, KAFKA)
                .flatMap(file -> services(file).values().stream())
                .flatMap(service -> texts(service.path("volumes")).stream())
                .filter(volume -> volume.startsWith("./"))
                .toList();
        assertThat(mounted)
                .hasSize(8)
                .allSatisfy(
                        volume -> assertThat(Path.of(volume.split(":", -1)[0])).exists());
        for (Path file : List.of(COMPOSE, KAFKA)) {
            List<String> named = services(file).values().stream()
                    .flatMap(service -> texts(service.path("volumes")).stream())
                    .filter(volume -> !volume.startsWith("./"))
                    .map(volume -> volume.split(":", -1)[0])
                    .toList();
            assertThat(names(YamlFiles.read(file).path("volumes")))
                    .as("%s", file)
                    .containsExactlyElementsOf(named);
        }
    }

    @Test
    void kafkaTakesRedisPlaceAndNothingElse() {
        assertThat(services(COMPOSE).keySet()).containsAll(services(KAFKA).keySet());
    }

    @Test
    void prometheusAsksEveryServiceOfRtaaAtItsManagementListener() {
        JsonNode job = YamlFiles.read(PROMETHEUS).at("/scrape_configs/0");
        JsonNode found = job.at("/dns_sd_configs/0");
        assertThat(texts(found.path("names")))
                .containsExactlyInAnyOrderElementsOf(rtaa(COMPOSE).keySet());
        assertThat(text(found, "port")).isEqualTo(defaults.get("MANAGEMENT_PORT"));
        assertThat(rtaa(COMPOSE).values())
                .allSatisfy(service ->
                        assertThat(environment(service, "MANAGEMENT_ADDRESS")).isEqualTo("0.0.0.0"));
        assertThat(texts(YamlFiles.read(PROMETHEUS).path("rule_files")))
                .allSatisfy(rules -> assertThat(
                                texts(services(COMPOSE).get("prometheus").path("volumes")))
                        .anyMatch(volume -> volume.contains(":" + rules + ":")));
    }

    @Test
    void grafanaFindsItsPagesAndItsData() throws IOException {
        JsonNode source = YamlFiles.read(GRAFANA.resolve("provisioning/datasources/prometheus.yml"))
                .at("/datasources/0");
        assertThat(text(source, "url")).isEqualTo("http://prometheus:9090");
        assertThat(services(COMPOSE)).containsKey("prometheus");

        for (Path page : Queries.pages()) {
            assertThat(Queries.page(page).path("panels"))
                    .hasSizeGreaterThan(5)
                    .allSatisfy(panel ->
                            assertThat(panel.at("/datasource/uid").asText()).isEqualTo(text(source, "uid")));
        }

        String folder = text(
                YamlFiles.read(GRAFANA.resolve("provisioning/dashboards/rtaa.yml"))
                        .at("/providers/0/options"),
                "path");
        JsonNode grafana = services(COMPOSE).get("grafana");
        assertThat(texts(grafana.path("volumes")))
                .contains("./deploy/grafana/dashboards:" + folder + ":ro")
                .contains("./deploy/grafana/provisioning:/etc/grafana/provisioning:ro");
        assertThat(environment(grafana, "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"))
                .isEqualTo(folder + "/service.json");
    }

    @Test
    void theImageRunsTheJarAsSomebodyWithoutRights() throws IOException {
        String dockerfile = Files.readString(DOCKERFILE);
        assertThat(dockerfile)
                .contains("COPY --from=build /build/target/rtaa.jar rtaa.jar")
                .containsPattern("(?m)^USER 10001$")
                .contains("\"-XX:MaxRAMPercentage=40\"")
                .contains("EXPOSE " + defaults.get("PORT") + " " + defaults.get("MANAGEMENT_PORT"))
                .contains("${PORT:-" + defaults.get("PORT") + "}/health/live");
        assertThat(COPIED.matcher(dockerfile).results().map(copy -> copy.group(1)))
                .as("what the builder is sent is what it copies, so that a clean clone is enough")
                .isNotEmpty()
                .allSatisfy(path -> assertThat(Path.of(path)).exists())
                .map(path -> "!" + path.replaceFirst("/$", ""))
                .containsExactlyInAnyOrderElementsOf(Files.readAllLines(Path.of(".dockerignore")).stream()
                        .filter(line -> line.startsWith("!"))
                        .toList());
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<finalName>rtaa</finalName>");
    }

    /** The services that run rtaa: those that are told a role, or have another file's told. */
    private static Map<String, JsonNode> rtaa(Path file) {
        Map<String, JsonNode> services = services(file);
        services.keySet().retainAll(List.of("ingest", "worker", "dashboard"));
        return services;
    }

    private static Map<String, JsonNode> services(Path file) {
        Map<String, JsonNode> services = new HashMap<>();
        YamlFiles.read(file)
                .path("services")
                .properties()
                .forEach(entry -> services.put(entry.getKey(), entry.getValue()));
        return services;
    }

    private static String environment(JsonNode service, String name) {
        return text(service.path("environment"), name);
    }

    private static String text(JsonNode node, String name) {
        assertThat(node.has(name)).as(name + " in " + node).isTrue();
        return node.get(name).asText();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
