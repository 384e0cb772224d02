package io.rtaa.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.ProjectFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The unit of systemd starts the jar with options that this Java takes, and gives it the time that it may need to stop. */
class SystemdTest {

    private static final Path UNIT = Path.of("deploy/systemd/rtaa.service");

    private static final Pattern HEAP = Pattern.compile(" -Xmx(\\d+)m ");

    private final Map<String, String> service = new HashMap<>();

    SystemdTest() throws IOException {
        String section = "";
        for (String line : Files.readAllLines(UNIT)) {
            if (line.startsWith("[")) {
                section = line;
            } else if (section.equals("[Service]") && line.contains("=") && !line.startsWith("#")) {
                String[] directive = line.split("=", 2);
                service.put(directive[0], directive[1]);
            }
        }
    }

    @Test
    void stoppingTakesLongerThanTheCallsMay() {
        assertThat(Integer.parseInt(service.get("TimeoutStopSec")))
                .isGreaterThan(10 + Integer.parseInt(ProjectFacts.variables().get("DRAIN_SECONDS")));
        assertThat(service).containsEntry("SuccessExitStatus", "143");
    }

    @Test
    void javaTakesTheOptions() throws Exception {
        List<String> start = List.of(service.get("ExecStart").split(" ", -1));
        assertThat(start).contains("-jar", "/opt/rtaa/rtaa.jar");
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<finalName>rtaa</finalName>");
        List<String> command = new ArrayList<>(start.subList(1, start.indexOf("-jar")));
        command.add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-version");
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(output).isZero();
    }

    @Test
    void theHeapIsWhatTheCallsTake() throws IOException {
        Matcher heap = HEAP.matcher(service.get("ExecStart"));
        assertThat(heap.find()).isTrue();
        assertThat(Long.parseLong(heap.group(1)) << 20)
                .isGreaterThanOrEqualTo(Sizing.ofDocument()
                        .heapBytes(Long.parseLong(ProjectFacts.variables().get("MAX_CALLS"))));
    }

    @Test
    void theProcessHasNoRights() {
        assertThat(service)
                .containsEntry("User", "rtaa")
                .containsEntry("NoNewPrivileges", "true")
                .containsEntry("ProtectSystem", "strict")
                .containsEntry("PrivateTmp", "true")
                .containsEntry("CapabilityBoundingSet", "");
    }
}
