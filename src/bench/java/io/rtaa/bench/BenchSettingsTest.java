package io.rtaa.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BenchSettingsTest {

    private static BenchSettings read(Map<String, String> properties) {
        return BenchSettings.read(properties::get);
    }

    @Test
    void measuresEverythingLongEnoughWhereNothingIsSaid() {
        BenchSettings settings = read(Map.of("bench.calls", "", "bench.mode", " "));

        assertThat(settings.mode()).isEqualTo(BenchSettings.Mode.PAIRS);
        assertThat(settings.buses()).containsExactly(MeasuredBus.values());
        assertThat(settings.frames()).containsExactly(100, 20);
        assertThat(settings.calls()).isEqualTo(200);
        assertThat(settings.beside()).isEmpty();
        assertThat(settings.shortcomings()).isEmpty();
    }

    @Test
    void takesWhatIsSaid() {
        BenchSettings settings = read(Map.of(
                "bench.mode", "soak",
                "bench.bus", "redis, kafka",
                "bench.frames", "20",
                "bench.seconds", "7",
                "bench.beside", "JDK_JAVA_OPTIONS=-Da=b",
                "bench.minutes", "2"));

        assertThat(settings.buses()).containsExactly(MeasuredBus.REDIS, MeasuredBus.KAFKA);
        assertThat(settings.frames()).containsExactly(20);
        assertThat(settings.measured()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.soak()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.beside()).containsExactly(Map.entry("JDK_JAVA_OPTIONS", "-Da=b"));
    }

    @Test
    void namesEveryFaultAtOnce() {
        assertThatThrownBy(() -> read(Map.of(
                        "bench.bus", "rabbit", "bench.frames", "30", "bench.calls", "many", "bench.beside", "=1")))
                .hasMessageContaining("bench.bus is 'rabbit'; allowed: memory, redis, kafka")
                .hasMessageContaining("bench.frames is '30'")
                .hasMessageContaining("bench.calls is 'many'; allowed: 1 to 20000")
                .hasMessageContaining("bench.beside is '=1'; allowed: NAME=VALUE");
    }

    @Test
    void saysWhatIsTooShort() {
        assertThat(read(Map.of("bench.warmup", "5", "bench.pairs", "2")).shortcomings())
                .hasSize(2);
    }

    @Test
    void everySettingIsDocumentedAndPassedOnByMaven() throws IOException {
        Set<String> asked = new TreeSet<>();
        BenchSettings.read(name -> {
            asked.add(name);
            return null;
        });
        String documented = Files.readString(Path.of("docs/performance.md"));
        String pom = Files.readString(Path.of("pom.xml"));

        assertThat(asked).hasSizeGreaterThan(10).allSatisfy(name -> {
            assertThat(documented).contains("`" + name + "`");
            assertThat(pom).contains("<argument>-D" + name + "=${" + name + "}</argument>");
        });
    }

    @Test
    void knowsTheRelaysReferenceAtItsLoadOnly() {
        assertThat(MeasuredBus.MEMORY.reference(200, 20)).hasValue(1.06);
        assertThat(MeasuredBus.REDIS.reference(200, 100)).hasValue(1.43);
        assertThat(MeasuredBus.REDIS.reference(100, 100)).isEmpty();
        assertThat(MeasuredBus.MEMORY.reference(200, 50)).isEmpty();
    }
}
