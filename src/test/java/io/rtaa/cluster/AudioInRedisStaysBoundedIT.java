package io.rtaa.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Redis keeps the audio that is not final, and not all that was spoken: a figure of it for many long calls. */
@Tag("figure")
class AudioInRedisStaysBoundedIT {

    private static final int CALLS = Integer.getInteger("cluster.calls", 100);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("cluster.figure.seconds", 300));
    private static final int WINDOWS_A_SECOND = 10;

    @Test
    void whatIsFinalIsTakenOut() throws Exception {
        List<AudioInRedis> looks = new CopyOnWriteArrayList<>();
        Outcome outcome = new Run(
                        Scenario.NOTHING_HAPPENS,
                        Bus.REDIS,
                        CALLS,
                        LENGTH,
                        Path.of("target", "cluster", "audio-in-redis"))
                .play(cluster -> looks.add(AudioInRedis.now(cluster.broker())));
        print(looks);
        System.out.printf("%n%s%n%s%n", Outcome.HEADER, outcome.row());

        outcome.assertAsExpected();
        long spoken = CALLS * LENGTH.toSeconds() * WINDOWS_A_SECOND;
        assertThat(looks)
                .extracting(AudioInRedis::entries)
                .hasSizeGreaterThan((int) LENGTH.dividedBy(Run.LOOK_EVERY) / 2)
                .anyMatch(entries -> entries > 0)
                .allMatch(entries -> entries < spoken / 10);
    }

    private static void print(List<AudioInRedis> looks) {
        System.out.printf("%n%8s %10s %10s%n", "seconds", "entries", "MB");
        for (int i = 0; i < looks.size(); i++) {
            AudioInRedis look = looks.get(i);
            System.out.printf(
                    Locale.ROOT,
                    "%8d %10d %10.1f%n",
                    Run.LOOK_EVERY.multipliedBy(i + 1).toSeconds(),
                    look.entries(),
                    look.bytes() / 1e6);
        }
    }
}
