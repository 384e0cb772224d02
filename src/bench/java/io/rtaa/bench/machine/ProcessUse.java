package io.rtaa.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the operating system says of a process, from <a
 * href="https://man7.org/linux/man-pages/man5/proc.5.html">/proc</a>: all its threads, those that ended included; no
 * child processes.
 */
public final class ProcessUse {

    /** Linux counts in hundredths of a second for user space on every architecture there is. */
    private static final int MILLIS_PER_TICK = 10;

    /** Fields of {@code stat} after the command's name in brackets: the state is the first of them. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;
    private static final String RESIDENT = "VmRSS:";

    private ProcessUse() {}

    /** CPU time so far, milliseconds. */
    public static long cpuMillis(long pid) {
        return cpuMillis(read(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /** Resident memory now, kibibytes. */
    public static long residentKib(long pid) {
        return residentKib(read(Path.of("/proc", Long.toString(pid), "status")));
    }

    static long cpuMillis(String stat) {
        // The name may hold spaces and brackets of its own; the last bracket ends it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * MILLIS_PER_TICK;
    }

    static long residentKib(String status) {
        List<String> lines =
                status.lines().filter(line -> line.startsWith(RESIDENT)).toList();
        if (lines.size() != 1) {
            throw new IllegalArgumentException("no " + RESIDENT + " in a process's status");
        }
        return Long.parseLong(lines.get(0).replaceAll("[^0-9]", ""));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("a process that is measured is gone", e);
        }
    }
}
