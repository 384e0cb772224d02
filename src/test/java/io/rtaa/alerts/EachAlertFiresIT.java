package io.rtaa.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.cluster.ServerProcess;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.util.FileSystemUtils;

/**
 * Every alert of {@code deploy/prometheus/rules.yml} fires by its fault and resolves after it, and none fires while all is well:
 * as the real Prometheus evaluates the rules over processes of rtaa and the real Alertmanager posts them. Two Alertmanagers
 * are told: one as it is deployed, and one that keeps no alert back beside another, from which the times are. The profile
 * {@code alerts} runs it; docs/testing.md says how. Prints the table.
 */
@Tag("alerts")
@Isolated("Its processes take all the machine has.")
class EachAlertFiresIT {

    /** By how much waits and ranges are shorter. */
    private static final int FACTOR = Integer.getInteger("alerts.factor", 10);

    /** As long as ten minutes of rules that are not shortened. */
    private static final Duration HEALTHY = Duration.ofSeconds(Integer.getInteger("alerts.healthy.seconds", 60));

    private static final Path DIRECTORY = Path.of("target", "alerts");

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Stage> stages = new ArrayList<>();

    @Test
    void eachFiresByItsFaultAndResolvesAndNoneWhileAllIsWell() throws Exception {
        FileSystemUtils.deleteRecursively(DIRECTORY);
        JsonNode rules = DeployedFiles.rules(FACTOR);
        List<String> alerts = rules.findValuesAsText("alert");
        try (Notifications asDeployed = new Notifications();
                Notifications all = new Notifications();
                MonitoringServer alertmanager = MonitoringServer.alertmanager(
                        "alertmanager", DIRECTORY, DeployedFiles.alertmanager(asDeployed.address()));
                MonitoringServer tellsAll = MonitoringServer.alertmanager(
                        "alertmanager-that-tells-all",
                        DIRECTORY,
                        DeployedFiles.alertmanagerThatTellsAll(all.address()));
                MonitoringServer prometheus = MonitoringServer.prometheus(
                        DIRECTORY, rules, List.of(alertmanager, tellsAll), launchProcesses())) {
            processes().forEach(ServerProcess::awaitUp);
            List.of(alertmanager, tellsAll, prometheus).forEach(ServerProcess::start);
            for (Stage stage : stages) {
                stage.placeCalls();
            }
            assertSilenceInAHealthyRun(all, prometheus);

            Drill drill = new Drill(all, prometheus);
            play(drill);

            drill.print();
            List<String> kept = new ArrayList<>(alerts);
            kept.removeAll(asDeployed.fired());
            System.out.println("Kept back by the rules of the Alertmanager as deployed: " + kept);
            assertThat(drill.proved()).containsExactlyInAnyOrderElementsOf(alerts);
            assertThat(all.fired()).containsExactlyInAnyOrderElementsOf(alerts);
            assertThat(kept).isSubsetOf(DeployedFiles.keptBack());
        } finally {
            threads.shutdownNow();
            stages.forEach(Stage::close);
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private List<RtaaProcess> launchProcesses() throws Exception {
        Phone phone = new Phone(vertx);
        stages.add(new ClusterStage(vertx, phone, DIRECTORY));
        stages.add(new ServiceStage(vertx, phone, DIRECTORY));
        stages.add(new EdgeStage(vertx, DIRECTORY));
        stages.add(new DamagedStage(vertx, phone, DIRECTORY));
        for (Stage stage : stages) {
            stage.launch();
        }
        return processes();
    }

    private List<RtaaProcess> processes() {
        return stages.stream().flatMap(stage -> stage.processes().stream()).toList();
    }

    private static void assertSilenceInAHealthyRun(Notifications notifications, MonitoringServer prometheus)
            throws Exception {
        long fromNanos = System.nanoTime();
        await().atMost(HEALTHY.multipliedBy(2)).until(() -> System.nanoTime() - fromNanos > HEALTHY.toNanos());
        assertThat(notifications.fired()).as("posted in a healthy run").isEmpty();
        assertThat(prometheus.hasNone("count_over_time(ALERTS{alertstate=\"firing\"}[1h])"))
                .as("none fired in a healthy run")
                .isTrue();
        assertThat(prometheus.hasNone("sum(increase(rtaa_asr_finals_total[30s])) > 0"))
                .as("no finals in a healthy run")
                .isFalse();
    }

    private void play(Drill drill) throws Exception {
        List<Future<?>> plays = new ArrayList<>();
        for (Stage stage : stages) {
            for (List<Incident> incidents : stage.incidents()) {
                plays.add(threads.submit(() -> {
                    drill.play(incidents);
                    return null;
                }));
            }
        }
        for (Future<?> each : plays) {
            each.get();
        }
    }
}
