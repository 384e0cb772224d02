package io.rtaa.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.rtaa.testsupport.ProjectFacts;
import io.rtaa.testsupport.PrometheusTool;
import io.rtaa.testsupport.YamlFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus gives what it asks on Kubernetes the labels that the rules and the pages need. */
class KubernetesScrapeTest {

    private static final Path JOBS = Path.of("deploy/prometheus/kubernetes.yml");
    private static final Path MONITOR = Path.of("deploy/prometheus/podmonitor.yaml");
    private static final String POD_LABEL = "__meta_kubernetes_pod_label_app_kubernetes_io_";

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void eachPodHasTheJobOfTheRulesAndItsServicesName() throws Exception {
        ObjectNode configuration = (ObjectNode) YamlFiles.read(JOBS);
        ObjectNode job = (ObjectNode) configuration.at("/scrape_configs/0");
        assertThat(job.at("/kubernetes_sd_configs/0/namespaces/names/0").asText())
                .isEqualTo(Manifests.KUSTOMIZATION.path("namespace").asText());
        // What Kubernetes would tell of its pods.
        job.remove("kubernetes_sd_configs");
        ArrayNode targets = job.putArray("static_configs");
        List<Deployment> deployments = new Manifests().ofKind(Deployment.class).toList();
        for (Deployment deployment : deployments) {
            String name = deployment.getMetadata().getName();
            addTarget(
                    targets,
                    name,
                    "rtaa",
                    "management",
                    ProjectFacts.variables().get("MANAGEMENT_PORT"));
            addTarget(targets, name, "rtaa", "public", ProjectFacts.variables().get("PORT"));
            addTarget(targets, name, "something-else", "management", "9999");
        }
        Path file = directory.resolve("prometheus.json");
        Files.writeString(file, configuration.toString());

        JsonNode found = json.readTree(
                PrometheusTool.PROMTOOL.output("check", "service-discovery", "--timeout=1s", file.toString(), "rtaa"));

        List<JsonNode> asked = StreamSupport.stream(found.spliterator(), false)
                .map(target -> target.path("labels"))
                .filter(labels -> !labels.isEmpty())
                .toList();
        assertThat(asked).extracting(labels -> labels.path("job").asText()).containsOnly("rtaa");
        assertThat(asked)
                .extracting(labels -> "rtaa-" + labels.path("service").asText())
                .containsExactlyInAnyOrderElementsOf(deployments.stream()
                        .map(deployment -> deployment.getMetadata().getName())
                        .toList());
        assertThat(asked)
                .allSatisfy(labels -> assertThat(labels.path("instance").asText())
                        .endsWith(":" + ProjectFacts.variables().get("MANAGEMENT_PORT")));
    }

    private static void addTarget(ArrayNode targets, String name, String partOf, String portName, String port) {
        ObjectNode target = targets.addObject();
        target.putArray("targets").add(name + ":" + port);
        target.putObject("labels")
                .put(POD_LABEL + "name", name)
                .put(POD_LABEL + "part_of", partOf)
                .put("__meta_kubernetes_pod_container_port_name", portName)
                .put("__meta_kubernetes_pod_name", name + "-0");
    }

    @Test
    void theOperatorsMonitorSaysTheSame() {
        JsonNode job = YamlFiles.read(JOBS).at("/scrape_configs/0");
        JsonNode monitor = YamlFiles.read(MONITOR);
        JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");

        assertThat(monitor.at("/metadata/namespace").asText())
                .isEqualTo(Manifests.KUSTOMIZATION.path("namespace").asText());
        assertThat(monitor.at("/spec/selector/matchLabels").toString())
                .isEqualTo(Manifests.KUSTOMIZATION.at("/labels/0/pairs").toString());
        assertThat(endpoint.path("path").asText())
                .isEqualTo(job.path("metrics_path").asText());
        assertThat(endpoint.path("port").asText()).isEqualTo("management");
        assertThat(endpoint.at("/relabelings/0/targetLabel").asText()).isEqualTo("job");
        assertThat(endpoint.at("/relabelings/0/replacement").asText())
                .isEqualTo(job.path("job_name").asText());
        JsonNode service = StreamSupport.stream(job.path("relabel_configs").spliterator(), false)
                .filter(rule -> rule.path("target_label").asText().equals("service"))
                .findFirst()
                .orElseThrow();
        assertThat(endpoint.at("/relabelings/1/targetLabel").asText()).isEqualTo("service");
        assertThat(endpoint.at("/relabelings/1/sourceLabels")).isEqualTo(service.path("source_labels"));
        assertThat(endpoint.at("/relabelings/1/regex")).isEqualTo(service.path("regex"));
    }
}
