package io.rtaa.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** The dashboard readers, one for each system, as a process. */
public final class ReaderProcess {

    private final Vertx vertx = Loops.vertx(1);
    private final Map<String, DashboardReader> readers = new HashMap<>();

    private ReaderProcess() {}

    /** Runs until its input ends. */
    public static void main(String[] arguments) {
        Orders.serve(() -> {
            ReaderProcess process = new ReaderProcess();
            return Map.of(
                    "watch", process::watch,
                    "measure", process::measure,
                    "latency", process::latency,
                    "verify", process::verify);
        });
    }

    private JsonObject watch(JsonObject arguments) throws Exception {
        URI address = URI.create(arguments.getString("address"));
        readers.put(arguments.getString("system"), DashboardReader.watch(vertx, address));
        return new JsonObject();
    }

    private JsonObject measure(JsonObject arguments) {
        reader(arguments).arrivals().measure(arguments.getLong("fromNanos"), arguments.getLong("toNanos"));
        return new JsonObject();
    }

    private JsonObject latency(JsonObject arguments) {
        Arrivals arrivals = reader(arguments).arrivals();
        return new JsonObject()
                .put("added", Histograms.write(arrivals.added()))
                .put("waits", Histograms.write(arrivals.waits()));
    }

    private JsonObject verify(JsonObject arguments) {
        Map<Integer, Integer> finals = new HashMap<>();
        for (Map.Entry<String, Object> call : arguments.getJsonObject("finals")) {
            finals.put(Integer.valueOf(call.getKey()), (Integer) call.getValue());
        }
        WordCount verdict = reader(arguments).arrivals().verify(finals);
        return new JsonObject()
                .put("words", verdict.words())
                .put("missing", verdict.missing())
                .put("doubled", verdict.doubled())
                .put("extra", verdict.extra())
                .put("outOfOrder", verdict.outOfOrder())
                .put("trouble", reader(arguments).fault());
    }

    private DashboardReader reader(JsonObject arguments) {
        String system = arguments.getString("system");
        DashboardReader reader = readers.get(system);
        if (reader == null) {
            throw new IllegalArgumentException("nobody reads " + system);
        }
        return reader;
    }
}
