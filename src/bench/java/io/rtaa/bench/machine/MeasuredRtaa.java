package io.rtaa.bench.machine;

import io.rtaa.testsupport.cluster.RtaaProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** rtaa with all roles and no setting but its ports, the recogniser's address, the bus and room for the calls. */
public final class MeasuredRtaa {

    private static final String MOST_CALLS = "20000";

    private MeasuredRtaa() {}

    /**
     * Makes the process; its caller starts it.
     *
     * @param name of the process, in messages and file names
     * @param directory where the command runs
     * @param recogniserPort the stand-in's port
     * @param variables choose and reach the bus; others replace the benchmark's own
     */
    public static RtaaProcess of(
            String name, Path directory, List<String> command, int recogniserPort, Map<String, String> variables) {
        Map<String, String> settings = new HashMap<>();
        settings.put("ASR_PROVIDER", "deepgram");
        settings.put("DEEPGRAM_URL", "ws://127.0.0.1:" + recogniserPort);
        settings.put("DEEPGRAM_API_KEY", "bench");
        settings.put("ASR_MAX_SESSIONS", MOST_CALLS);
        settings.put("MAX_CALLS", MOST_CALLS);
        settings.putAll(variables);
        return new RtaaProcess(name, directory, command, settings);
    }
}
