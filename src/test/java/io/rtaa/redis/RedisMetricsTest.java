package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import io.rtaa.bus.BusProcess;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is measured on this bus, once everything that can happen has happened. */
class RedisMetricsTest extends RedisFixture {

    /** A row of the table in docs/operations.md: name, type, labels. */
    private static final Pattern DOCUMENTED =
            Pattern.compile("^\\| `(rtaa_redis_\\w+)` \\| (\\w+) \\| ([^|]*)\\|", Pattern.MULTILINE);

    private static final NamingConvention NAMES = new PrometheusNamingConvention();

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() throws IOException {
        Speech call = new Speech("t", "measured");
        Worker first = started(worker(), process -> process.hearsAudio().readsTranscripts());
        first.process.send(call.start());
        first.process.send(call.window(1));
        await().atMost(PATIENCE).until(() -> first.process.heard(call.stream()).size() == 2);
        first.process.publish(call.started(1), first.process.heard().get(0));
        first.process.publish(call.started(1));
        commands.del(keys.call(call.stream()));
        first.process.publish(call.partial(2, 1));
        commands.xadd(keys.log("audio", keys.partitionOf(call.stream())), Map.of("a", "rubbish"));
        await().atMost(PATIENCE).until(() -> first.count("rtaa.redis.unreadable") == 1);

        first.wire.cut();
        await().atMost(PATIENCE)
                .until(() -> first.meters
                                .get("rtaa.redis.connected")
                                .tag("connection", "commands")
                                .gauge()
                                .value()
                        == 0);
        AudioReceipt receipt = first.process.heard(call.stream()).get(1).receipt();
        CompletableFuture<Void> late = CompletableFuture.runAsync(
                () -> first.process.publish(call.words(2, 1, 1), receipt.origin(), List.of(receipt)));
        Worker second = started(worker(), BusProcess::hearsAudio);
        await().atMost(PATIENCE)
                .until(() -> !second.process.heard(call.stream()).isEmpty());
        first.wire.mend();
        assertThat(late).succeedsWithin(PATIENCE);

        Map<String, String> measured = new TreeMap<>(shapes(first));
        measured.putAll(shapes(second));
        assertThat(measured).isEqualTo(documented());
        assertThat(first.count("rtaa.redis.repeats")).isEqualTo(1);
        assertThat(first.count("rtaa.redis.fenced")).isPositive();
        assertThat(first.count("rtaa.redis.retries")).isPositive();
        assertThat(first.count("rtaa.redis.errors")).isPositive();
        assertThat(second.count("rtaa.redis.calls.reclaimed")).isEqualTo(1);
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> shapes = new TreeMap<>();
        Matcher row = DOCUMENTED.matcher(Files.readString(Path.of("docs/operations.md")));
        while (row.find()) {
            Set<String> labels = new TreeSet<>(
                    Arrays.asList(row.group(3).replace("`", "").strip().split(",\\s*")));
            shapes.put(row.group(1), row.group(2) + labels);
        }
        return shapes;
    }

    private static Map<String, String> shapes(Worker worker) {
        Map<String, String> shapes = new HashMap<>();
        for (Meter meter : worker.meters.getMeters()) {
            Meter.Id id = meter.getId();
            Set<String> labels =
                    new TreeSet<>(id.getTags().stream().map(Tag::getKey).toList());
            String type = id.getType() == Meter.Type.TIMER
                    ? "histogram"
                    : id.getType().name().toLowerCase(Locale.ROOT);
            // The convention leaves the ending of counters to whoever writes them.
            String ending = id.getType() == Meter.Type.COUNTER ? "_total" : "";
            shapes.put(NAMES.name(id.getName(), id.getType(), id.getBaseUnit()) + ending, type + labels);
        }
        return shapes;
    }
}
