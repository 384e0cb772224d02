package io.rtaa.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time of the whole machine since it started, from the first line of {@code /proc/stat}.
 *
 * @param processMillis spent in processes, whoever's: user, nice and system time
 * @param stolenMillis wanted and not had, as another machine of the same host had it
 */
public record MachineUse(long processMillis, long stolenMillis) {

    private static final int MILLIS_PER_TICK = 10;
    private static final int USER = 1;
    private static final int NICE = 2;
    private static final int SYSTEM = 3;
    private static final int STEAL = 8;

    /** What it is now. */
    public static MachineUse now() {
        try {
            return parse(Files.readString(Path.of("/proc/stat")));
        } catch (IOException e) {
            throw new UncheckedIOException("no /proc/stat; allowed: Linux", e);
        }
    }

    static MachineUse parse(String stat) {
        String[] fields = stat.lines().findFirst().orElseThrow().split(" +", -1);
        return new MachineUse(
                (Long.parseLong(fields[USER]) + Long.parseLong(fields[NICE]) + Long.parseLong(fields[SYSTEM]))
                        * MILLIS_PER_TICK,
                Long.parseLong(fields[STEAL]) * MILLIS_PER_TICK);
    }

    /** What was used since another reading. */
    public MachineUse since(MachineUse before) {
        return new MachineUse(processMillis - before.processMillis, stolenMillis - before.stolenMillis);
    }
}
