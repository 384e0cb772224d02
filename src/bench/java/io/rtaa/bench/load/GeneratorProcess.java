package io.rtaa.bench.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** The callers, as a process. Arguments: the audio in a frame, milliseconds. */
public final class GeneratorProcess {

    private final Generator generator;
    private final Traffic traffic;

    private GeneratorProcess(Script script) {
        generator = new Generator(Loops.vertx(1), script);
        traffic = new Traffic(generator, script);
    }

    /** Runs until its input ends. */
    public static void main(String[] arguments) {
        Script script = new Script(Integer.parseInt(arguments[0]));
        Orders.serve(() -> {
            GeneratorProcess process = new GeneratorProcess(script);
            return Map.of(
                    "place", process::place,
                    "traffic", process::traffic,
                    "measure", process::measure,
                    "lateness", process::lateness,
                    "await", process::await);
        });
    }

    private JsonObject place(JsonObject arguments) {
        generator.place(
                URI.create(arguments.getString("door")),
                arguments.getInteger("first"),
                arguments.getInteger("calls"),
                arguments.getLong("startNanos"),
                arguments.getLong("rampNanos"),
                arguments.getLong("frames"));
        return new JsonObject();
    }

    private JsonObject traffic(JsonObject arguments) {
        int placed = traffic.place(
                URI.create(arguments.getString("door")),
                arguments.getInteger("first"),
                arguments.getInteger("calls"),
                arguments.getLong("startNanos"),
                arguments.getLong("nanos"),
                arguments.getLong("seed"));
        return new JsonObject().put("calls", placed);
    }

    private JsonObject measure(JsonObject arguments) {
        generator.measure(arguments.getLong("fromNanos"), arguments.getLong("toNanos"));
        return new JsonObject();
    }

    private JsonObject lateness(JsonObject arguments) {
        return new JsonObject().put("lateness", Histograms.write(generator.lateness()));
    }

    private JsonObject await(JsonObject arguments) {
        JsonArray calls = new JsonArray();
        List<GeneratedCall.Outcome> outcomes = generator.await();
        for (GeneratedCall.Outcome outcome : outcomes) {
            calls.add(new JsonObject()
                    .put("call", outcome.number())
                    .put("frames", outcome.frames())
                    .put("fault", outcome.fault()));
        }
        return new JsonObject().put("calls", calls);
    }
}
