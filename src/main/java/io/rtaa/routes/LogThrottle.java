package io.rtaa.routes;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Says when a line of the log is due for what happens again and again: at most one a minute, which tells how often it
 * happened since the line before.
 *
 * <p>Thread-safety: safe.
 */
public final class LogThrottle {

    /** How often the same is logged at most. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    private final long gatherNanos;
    private long times;
    private long firstNanos;
    private long loggedNanos;
    private boolean everLogged;

    /** The first time is due at once. */
    public LogThrottle() {
        this(Duration.ZERO);
    }

    /** @param gather how long a line waits for more of the same */
    public LogThrottle(Duration gather) {
        this.gatherNanos = gather.toNanos();
    }

    /**
     * It happened once more.
     *
     * @param nowNanos in the manner of {@link System#nanoTime}
     */
    public synchronized void count(long nowNanos) {
        if (times == 0) {
            firstNanos = nowNanos;
        }
        times++;
    }

    /** {@link #atLevel(Logger, Level, long)} now. */
    public LoggingEventBuilder atLevel(Logger log, Level level) {
        return atLevel(log, level, System.nanoTime());
    }

    /**
     * It happened once more.
     *
     * @param nowNanos in the manner of {@link System#nanoTime}
     * @return the line to log: where one is due at the level, with the key {@code times}, else at DEBUG
     */
    public LoggingEventBuilder atLevel(Logger log, Level level, long nowNanos) {
        count(nowNanos);
        long times = due(nowNanos);
        return times == 0 ? log.atDebug() : log.atLevel(level).addKeyValue("times", times);
    }

    /** How many times a line is to tell of now; 0 while none is due. */
    public synchronized long due(long nowNanos) {
        boolean gathers = times == 0 || nowNanos - firstNanos < gatherNanos;
        boolean isFresh = everLogged && nowNanos - loggedNanos < INTERVAL.toNanos();
        return gathers || isFresh ? 0 : rest(nowNanos);
    }

    /** How many times no line has told of yet, for a last line. */
    public synchronized long rest(long nowNanos) {
        long rest = times;
        times = 0;
        if (rest > 0) {
            everLogged = true;
            loggedNanos = nowNanos;
        }
        return rest;
    }
}
