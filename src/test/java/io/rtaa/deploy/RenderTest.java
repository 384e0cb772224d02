package io.rtaa.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.config.ServiceRole;
import io.rtaa.testsupport.ProjectFacts;
import io.rtaa.testsupport.YamlFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The Blueprint has only fields that Render documents, and sets what the project has. Render's schema is served by its own
 * site alone, so that the fields are named here: those of https://render.com/docs/blueprint-spec, read on 2026-11-30.
 */
class RenderTest {

    private static final Set<String> OF_A_PROCESS =
            Set.of("type", "name", "runtime", "plan", "region", "numInstances", "maxShutdownDelaySeconds", "envVars");
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "web", with(OF_A_PROCESS, "healthCheckPath"),
            "worker", OF_A_PROCESS,
            "keyvalue", Set.of("type", "name", "plan", "region", "maxmemoryPolicy", "ipAllowList"));
    private static final int MOST_SHUTDOWN_SECONDS = 300;

    private final JsonNode blueprint = YamlFiles.read(Path.of("render.yaml"));
    private final Map<String, JsonNode> services = new TreeMap<>();
    private final Map<String, JsonNode> groups = new TreeMap<>();

    RenderTest() {
        blueprint.path("services").forEach(service -> services.put(text(service, "name"), service));
        blueprint.path("envVarGroups").forEach(group -> groups.put(text(group, "name"), group));
    }

    private static Set<String> with(Set<String> names, String name) {
        return Stream.concat(names.stream(), Stream.of(name)).collect(Collectors.toSet());
    }

    private static String text(JsonNode node, String field) {
        assertThat(node.has(field)).as("%s in %s", field, node).isTrue();
        return node.get(field).asText();
    }

    private static Stream<JsonNode> variables(JsonNode of) {
        return StreamSupport.stream(of.path("envVars").spliterator(), false);
    }

    private Stream<JsonNode> processes() {
        return services.values().stream().filter(service -> service.has("runtime"));
    }

    /** The variables that a service gets, those of its groups too. */
    private Map<String, JsonNode> environment(JsonNode service) {
        Map<String, JsonNode> environment = new TreeMap<>();
        variables(service)
                .flatMap(variable -> variable.has("fromGroup")
                        ? variables(groups.get(text(variable, "fromGroup")))
                        : Stream.of(variable))
                .forEach(variable -> assertThat(environment.put(text(variable, "key"), variable))
                        .as("%s is set twice", variable)
                        .isNull());
        return environment;
    }

    @Test
    void everyFieldIsOneThatRenderDocuments() {
        assertThat(blueprint.fieldNames()).toIterable().containsExactlyInAnyOrder("services", "envVarGroups");
        assertThat(services).hasSize(4);
        services.values().forEach(service -> {
            assertThat(FIELDS).containsKey(text(service, "type"));
            assertThat(service.fieldNames()).toIterable().isSubsetOf(FIELDS.get(text(service, "type")));
        });
        assertThat(groups.values().stream().flatMap(RenderTest::variables))
                .as("a group cannot ask for a value")
                .isNotEmpty()
                .allSatisfy(variable ->
                        assertThat(variable.fieldNames()).toIterable().containsExactlyInAnyOrder("key", "value"));
    }

    @Test
    void everyVariableIsASettingAndEveryRoleRunsOnce() {
        assertThat(processes()
                        .map(service -> environment(service)
                                .get("RTAA_ROLES")
                                .path("value")
                                .asText()))
                .containsExactlyInAnyOrder(Arrays.stream(ServiceRole.values())
                        .map(ServiceRole::settingName)
                        .toArray(String[]::new));
        assertThat(processes().flatMap(service -> environment(service).keySet().stream()))
                .isSubsetOf(ProjectFacts.variables().keySet());
        assertThat(processes()).allSatisfy(service -> {
            assertThat(text(service, "runtime")).as("the Dockerfile").isEqualTo("docker");
            JsonNode redis = environment(service).get("REDIS_URL").path("fromService");
            assertThat(text(services.get(text(redis, "name")), "type")).isEqualTo(text(redis, "type"));
            assertThat(text(redis, "property")).isEqualTo("connectionString");
        });
    }

    @Test
    void aServiceThatTakesCallsHasTheTimeThatTheyMayTake() {
        JsonNode ingest = services.get("rtaa-ingest");
        int allowed = ingest.path("maxShutdownDelaySeconds").asInt();
        assertThat(allowed).isLessThanOrEqualTo(MOST_SHUTDOWN_SECONDS);
        // What was said in calls that are cut off is recognised for ten more seconds.
        assertThat(environment(ingest).get("DRAIN_SECONDS").path("value").asInt())
                .isPositive()
                .isLessThan(allowed - 10);
    }

    @Test
    void aCheckThatRestartsAsksForProgressAlone() {
        assertThat(processes().filter(service -> service.has("healthCheckPath")))
                .hasSize(2)
                .allSatisfy(
                        service -> assertThat(text(service, "healthCheckPath")).isEqualTo("/health/live"));
    }

    @Test
    void redisKeepsWhatItHasAndIsReachedFromInsideAlone() {
        JsonNode bus = services.get("rtaa-bus");
        assertThat(text(bus, "maxmemoryPolicy")).isEqualTo("noeviction");
        assertThat(text(bus, "plan")).isNotEqualTo("free");
        assertThat(bus.path("ipAllowList").isArray()).isTrue();
        assertThat(bus.path("ipAllowList")).isEmpty();
    }

    @Test
    void noSecretIsWrittenDown() {
        List<String> secrets = List.of("EXOTEL_BASIC_AUTH", "DEEPGRAM_API_KEY", "JWT_PUBLIC_KEY");
        assertThat(processes().flatMap(service -> environment(service).values().stream()))
                .filteredOn(variable -> secrets.contains(text(variable, "key")))
                .hasSize(4)
                .extracting(variable -> variable.path("sync").toString())
                .containsOnly("false");
    }
}
