package io.rtaa.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.rtaa.config.ServiceRole;
import io.rtaa.testsupport.ProjectFacts;
import io.rtaa.testsupport.YamlFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests for Kubernetes have only fields that it knows, and name what the project has. */
class KubernetesTest {

    private static final String SECRETS = "/etc/rtaa/secrets/";
    private static final Pattern METRIC = Pattern.compile("\\brtaa_[a-z_]+");

    private final Map<String, String> variables = ProjectFacts.variables();
    private final Manifests manifests = new Manifests();

    KubernetesTest() throws Exception {}

    private static PodSpec pod(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec();
    }

    private static Container container(Deployment deployment) {
        assertThat(pod(deployment).getContainers()).hasSize(1);
        return pod(deployment).getContainers().get(0);
    }

    private static Map<String, String> environment(Deployment deployment) {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode literal : Manifests.KUSTOMIZATION.at("/configMapGenerator/0/literals")) {
            String[] setting = literal.asText().split("=", 2);
            environment.put(setting[0], setting[1]);
        }
        for (EnvVar variable : container(deployment).getEnv()) {
            assertThat(environment.put(variable.getName(), variable.getValue()))
                    .as("%s is set twice", variable.getName())
                    .isNull();
        }
        return environment;
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private Stream<Deployment> deployments() {
        return manifests.ofKind(Deployment.class);
    }

    @Test
    void everyFileIsNamedAndEveryDeploymentHasARole() throws IOException {
        try (Stream<Path> files = Files.list(Manifests.FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(file -> !List.of("kustomization.yaml", "prometheus-adapter-values.yaml")
                            .contains(file))
                    .containsExactlyInAnyOrderElementsOf(texts(Manifests.KUSTOMIZATION.path("resources")));
        }
        assertThat(deployments().map(deployment -> environment(deployment).get("RTAA_ROLES")))
                .containsExactlyInAnyOrder(Arrays.stream(ServiceRole.values())
                        .map(ServiceRole::settingName)
                        .toArray(String[]::new));
        assertThat(Manifests.KUSTOMIZATION.at("/images/0/newTag").asText()).isEqualTo(ProjectFacts.version());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/spec/replica", "/spec/template/spec/enableServiceLink", "/metadata/lables"})
    void aFieldThatKubernetesDoesNotKnowIsFound(String field) throws Exception {
        ObjectNode deployment = (ObjectNode)
                YamlFiles.readAll(Manifests.FOLDER.resolve("worker.yaml")).get(0);
        assertThat(Manifests.read(deployment)).isInstanceOf(Deployment.class);
        int slash = field.lastIndexOf('/');
        ((ObjectNode) deployment.at(field.substring(0, slash))).put(field.substring(slash + 1), 1);

        assertThatThrownBy(() -> Manifests.read(deployment)).hasMessageContaining(field.substring(slash + 1));
    }

    @Test
    void everyVariableIsASettingAndEverySecretIsMountedWhereItsVariableSays() {
        deployments().forEach(deployment -> {
            Map<String, String> environment = environment(deployment);
            assertThat(variables.keySet()).containsAll(environment.keySet());

            List<String> named = environment.values().stream()
                    .filter(value -> value.startsWith(SECRETS))
                    .map(value -> value.substring(SECRETS.length()))
                    .toList();
            Volume secrets = pod(deployment).getVolumes().stream()
                    .filter(volume -> volume.getName().equals("secrets"))
                    .findFirst()
                    .orElseThrow();
            assertThat(secrets.getSecret().getItems().stream().map(KeyToPath::getPath))
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(named);
            assertThat(container(deployment).getVolumeMounts())
                    .anySatisfy(mount -> assertThat(mount.getMountPath() + "/").isEqualTo(SECRETS));
        });
    }

    @Test
    void probesAskTheAddressesThatAreMeantForThem() {
        deployments().map(KubernetesTest::container).forEach(container -> {
            assertThat(container.getPorts())
                    .extracting(ContainerPort::getName, port -> String.valueOf(port.getContainerPort()))
                    .containsExactly(
                            tuple("public", variables.get("PORT")),
                            tuple("management", variables.get("MANAGEMENT_PORT")));
            assertThat(Stream.of(container.getStartupProbe(), container.getLivenessProbe()))
                    .extracting(Probe::getHttpGet)
                    .extracting(HTTPGetAction::getPath)
                    .as("a check that restarts")
                    .containsOnly("/health/live");
            assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health");
            assertThat(Stream.of(
                            container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
                    .extracting(probe -> probe.getHttpGet().getPort().getStrVal())
                    .containsOnly("public");
        });
    }

    @Test
    void podsHaveNoRightsAndWriteNothingButIntoATemporaryFolder() {
        deployments().forEach(deployment -> {
            PodSpec pod = pod(deployment);
            assertThat(pod.getEnableServiceLinks()).isFalse();
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            Container container = container(deployment);
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getVolumeMounts())
                    .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
            assertThat(container.getResources().getLimits().get("memory"))
                    .as("the JVM takes its share of it")
                    .isNotNull()
                    .isEqualTo(container.getResources().getRequests().get("memory"));
        });
    }

    @Test
    void aPodThatTakesCallsHasTheTimeThatTheyMayTake() {
        Deployment ingest = manifests.named(Deployment.class, "rtaa-ingest");
        long drain = Long.parseLong(environment(ingest).get("DRAIN_SECONDS"));
        List<String> before =
                container(ingest).getLifecycle().getPreStop().getExec().getCommand();
        assertThat(before.get(0)).isEqualTo("sleep");
        // What was said in calls that are cut off is recognised for ten more seconds.
        assertThat(pod(ingest).getTerminationGracePeriodSeconds())
                .isGreaterThan(drain + 10 + Long.parseLong(before.get(1)));
        assertThat(deployments())
                .allSatisfy(deployment -> assertThat(deployment
                                .getSpec()
                                .getStrategy()
                                .getRollingUpdate()
                                .getMaxUnavailable()
                                .getIntVal())
                        .isZero());
    }

    /** Else the next pod is replaced before the one before it has its share of the calls. */
    @Test
    void aNewWorkerHasTimeToTakeItsCallsBeforeTheNextOneIsReplaced() {
        assertThat(manifests.named(Deployment.class, "rtaa-worker").getSpec().getMinReadySeconds())
                .isGreaterThanOrEqualTo(15);
    }

    @Test
    void aContainerHasTheMemoryThatItsCallsTake() throws IOException {
        for (Map.Entry<String, String> limit : Map.of("rtaa-ingest", "MAX_CALLS", "rtaa-worker", "ASR_MAX_SESSIONS")
                .entrySet()) {
            Deployment deployment = manifests.named(Deployment.class, limit.getKey());
            long calls = Long.parseLong(environment(deployment).get(limit.getValue()));
            Quantity memory = container(deployment).getResources().getLimits().get("memory");
            assertThat(Quantity.getAmountInBytes(memory).longValue())
                    .as("memory of %s for %s calls", limit.getKey(), calls)
                    .isGreaterThanOrEqualTo(Sizing.ofDocument().containerBytes(calls));
        }
    }

    @Test
    void podsMayReachEachBusThatTheyCanBeSetTo() {
        assertThat(manifests
                        .named(NetworkPolicy.class, "rtaa-outside")
                        .getSpec()
                        .getEgress())
                .flatExtracting(rule -> rule.getPorts())
                .extracting(port -> String.valueOf(port.getPort().getIntVal()))
                .contains(port(variables.get("REDIS_URL")), port(variables.get("KAFKA_BROKERS")), "443");
    }

    private static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1);
    }

    @Test
    void whatSelectsPodsSelectsThose() {
        List<Map<String, String>> labels = deployments()
                .map(deployment -> {
                    Map<String, String> own = new TreeMap<>(
                            deployment.getSpec().getTemplate().getMetadata().getLabels());
                    assertThat(own)
                            .containsAllEntriesOf(
                                    deployment.getSpec().getSelector().getMatchLabels());
                    Manifests.KUSTOMIZATION
                            .at("/labels/0/pairs")
                            .properties()
                            .forEach(pair ->
                                    own.put(pair.getKey(), pair.getValue().asText()));
                    return own;
                })
                .toList();
        assertThat(Manifests.KUSTOMIZATION.at("/labels/0/includeTemplates").asBoolean())
                .isTrue();
        List<Map<String, String>> selectors = new ArrayList<>();
        manifests
                .ofKind(Service.class)
                .forEach(service -> selectors.add(service.getSpec().getSelector()));
        manifests
                .ofKind(PodDisruptionBudget.class)
                .forEach(budget -> selectors.add(budget.getSpec().getSelector().getMatchLabels()));
        manifests
                .ofKind(NetworkPolicy.class)
                .map(policy -> policy.getSpec().getPodSelector())
                .forEach(selector -> {
                    selectors.add(selector.getMatchLabels());
                    selector.getMatchExpressions()
                            .forEach(expression -> expression
                                    .getValues()
                                    .forEach(value -> selectors.add(Map.of(expression.getKey(), value))));
                });
        assertThat(selectors)
                .hasSizeGreaterThan(8)
                .allSatisfy(selector ->
                        assertThat(labels).anyMatch(own -> own.entrySet().containsAll(selector.entrySet())));
        assertThat(manifests.ofKind(PodDisruptionBudget.class)).hasSize(3);
    }

    @Test
    void servicesAndTheIngressLeadToThePublicPort() {
        assertThat(manifests.ofKind(Service.class).flatMap(service -> service.getSpec().getPorts().stream()))
                .hasSize(2)
                .extracting(ServicePort::getName, port -> port.getTargetPort().getStrVal())
                .containsOnly(tuple("public", "public"));
        assertThat(manifests.named(Ingress.class, "rtaa").getSpec().getRules().stream()
                        .flatMap(rule -> rule.getHttp().getPaths().stream()))
                .hasSize(3)
                .allSatisfy(path -> {
                    var backend = path.getBackend().getService();
                    assertThat(manifests
                                    .named(Service.class, backend.getName())
                                    .getSpec()
                                    .getPorts())
                            .extracting(ServicePort::getName)
                            .contains(backend.getPort().getName());
                });
        assertThat(manifests
                        .named(NetworkPolicy.class, "rtaa-management")
                        .getSpec()
                        .getIngress())
                .flatExtracting(rule -> rule.getPorts())
                .extracting(port -> String.valueOf(port.getPort().getIntVal()))
                .containsExactly(variables.get("MANAGEMENT_PORT"));
    }

    @Test
    void theAutoscalerAsksForWhatTheAdapterMakesOfMetricsThatExist() throws IOException {
        HorizontalPodAutoscaler autoscaler = manifests.named(HorizontalPodAutoscaler.class, "rtaa-worker");
        assertThat(autoscaler.getSpec().getScaleTargetRef().getName())
                .isEqualTo(manifests
                        .named(Deployment.class, "rtaa-worker")
                        .getMetadata()
                        .getName());
        assertThat(manifests.named(Deployment.class, "rtaa-worker").getSpec().getReplicas())
                .as("would undo what the autoscaler chose")
                .isNull();
        assertThat(autoscaler.getSpec().getMaxReplicas())
                .isEqualTo(Integer.parseInt(variables.get("RTAA_REDIS_PARTITIONS")));

        JsonNode rules = YamlFiles.read(Manifests.FOLDER.resolve("prometheus-adapter-values.yaml"))
                .at("/rules/external");
        assertThat(autoscaler.getSpec().getMetrics().stream()
                        .map(metric -> metric.getExternal().getMetric().getName()))
                .hasSize(2)
                .containsExactlyInAnyOrderElementsOf(StreamSupport.stream(rules.spliterator(), false)
                        .map(rule -> rule.at("/name/as").asText())
                        .toList());
        String documented = Files.readString(Path.of("docs/operations.md"));
        for (JsonNode rule : rules) {
            assertThat(METRIC.matcher(rule.path("seriesQuery").asText() + " "
                                    + rule.path("metricsQuery").asText())
                            .results()
                            .map(MatchResult::group))
                    .isNotEmpty()
                    .allSatisfy(metric -> assertThat(documented).contains("`" + metric + "`"));
        }
    }
}
