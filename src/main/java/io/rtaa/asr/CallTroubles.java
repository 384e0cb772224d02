package io.rtaa.asr;

import io.rtaa.call.StreamId;
import io.rtaa.routes.LogThrottle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs what goes wrong with calls, so that a fault which hits hundreds of them is one line. What is of one kind, and of
 * one provider, is gathered for {@link #GATHER} and then logged at most once a minute while it goes on; an error is
 * logged at once for the first time. A line says how many calls it hit, how often, and since when, and has the first of
 * them in full. What lasts has a line more when no call has it any longer. Every single one is logged at DEBUG.
 *
 * <p>Thread-safety: safe. Holds the calls that were hit since the last line, so not more than a process has in a
 * minute.
 */
final class CallTroubles {

    /** How long the first line waits: calls that lose the same recogniser notice it within a second or so. */
    static final Duration GATHER = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(CallTroubles.class);

    /** What goes wrong with calls. */
    enum Kind {
        /** Lasts until the call has a connection again, to whichever recogniser, has ended, or is refused for good. */
        RECOGNISER_LOST(
                Level.WARN,
                "Recogniser lost",
                "No call waits for the recogniser it lost: each has one again, has ended, or was refused for good"),
        /** Lasts until a partial or final comes, or nothing but silence for a while. */
        UNHEARD(Level.WARN, "Speech and no transcript", "Over: speech and no transcript"),
        AUDIO_LOST(Level.WARN, "Audio lost", null),
        EARLIER_SOCKET(Level.INFO, "What an earlier socket of the stream sent is dropped", null),
        NOT_PUBLISHED(Level.ERROR, "A transcript event could not be published", null),
        SESSION_FAILED(Level.ERROR, "A recogniser session failed, its call ends", null);

        private final Level level;
        private final String message;
        private final @Nullable String over;

        Kind(Level level, String message, @Nullable String over) {
            this.level = level;
            this.message = message;
            this.over = over;
        }

        private Duration gather() {
            return level == Level.ERROR ? Duration.ZERO : GATHER;
        }
    }

    /**
     * One thing that went wrong with one call.
     *
     * @param provider the recogniser's name; empty where it is none's fault
     * @param reason in words
     * @param details what else the line has
     * @param thrown null where nothing was
     */
    record Trouble(
            Kind kind,
            StreamId stream,
            String provider,
            String reason,
            Map<String, ?> details,
            @Nullable Throwable thrown) {

        Trouble(Kind kind, StreamId stream, String reason, Map<String, ?> details) {
            this(kind, stream, "", reason, details, null);
        }

        private LoggingEventBuilder describe(LoggingEventBuilder line) {
            LoggingEventBuilder described = provider.isEmpty() ? line : line.addKeyValue("provider", provider);
            for (Map.Entry<String, ?> detail : new TreeMap<>(details).entrySet()) {
                described = described.addKeyValue(detail.getKey(), detail.getValue());
            }
            described = described
                    .addKeyValue("interaction_id", stream.interactionId())
                    .addKeyValue("tenant_id", stream.tenantId());
            return thrown == null ? described : described.setCause(thrown);
        }
    }

    /** What is logged together. */
    private record Subject(Kind kind, String provider) {}

    /** What no line has told of yet, and who has it now. */
    private static final class Gathered {

        private final LogThrottle throttle;
        private final Set<Object> having = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Set<StreamId> calls = new HashSet<>();
        private @Nullable Trouble first;
        private @Nullable Instant since;
        private long began;
        private boolean told;

        Gathered(Kind kind) {
            throttle = new LogThrottle(kind.gather());
        }
    }

    private final SessionTime time;

    /** Guards itself and what it holds. One entry for each kind and provider there is. */
    private final Map<Subject, Gathered> gathered = new LinkedHashMap<>();

    CallTroubles(SessionTime time) {
        this.time = time;
    }

    /** It went wrong once more, and that was it. */
    void happened(Trouble trouble) {
        synchronized (gathered) {
            count(trouble);
        }
        logSingle(trouble);
        if (trouble.kind().gather().isZero()) {
            log(false);
        }
    }

    /**
     * It went wrong, and lasts.
     *
     * @param who has it until {@link #over} is told; compared by identity
     */
    void began(Object who, Trouble trouble) {
        synchronized (gathered) {
            Gathered alike = count(trouble);
            if (alike.having.add(who)) {
                alike.began++;
            }
        }
        logSingle(trouble);
    }

    /** It does not last any longer; nothing where it never began. */
    void over(Kind kind, Object who) {
        synchronized (gathered) {
            gathered.forEach((subject, alike) -> {
                if (subject.kind() == kind) {
                    alike.having.remove(who);
                }
            });
        }
    }

    /** Logs what is due; called several times a second. */
    void tick() {
        log(false);
    }

    /** Logs what no line has told yet: the ticker has stopped. */
    void flush() {
        log(true);
    }

    private Gathered count(Trouble trouble) {
        Gathered alike = gathered.computeIfAbsent(
                new Subject(trouble.kind(), trouble.provider()), fresh -> new Gathered(fresh.kind()));
        if (alike.first == null) {
            alike.first = trouble;
        }
        if (alike.since == null) {
            alike.since = now();
        }
        alike.calls.add(trouble.stream());
        alike.throttle.count(time.nanos());
        return alike;
    }

    private Instant now() {
        return Instant.ofEpochMilli(time.epochMillis());
    }

    private static void logSingle(Trouble trouble) {
        if (LOG.isDebugEnabled()) {
            trouble.describe(LOG.atDebug()).log("{}: {}", trouble.kind().message, trouble.reason());
        }
    }

    private void log(boolean everything) {
        List<Runnable> lines = new ArrayList<>();
        synchronized (gathered) {
            long now = time.nanos();
            gathered.forEach((subject, alike) -> {
                long times = everything ? alike.throttle.rest(now) : alike.throttle.due(now);
                if (times > 0) {
                    lines.add(line(alike, times));
                }
                if (alike.told && alike.having.isEmpty()) {
                    lines.add(overLine(subject, alike, now));
                }
            });
        }
        lines.forEach(Runnable::run);
    }

    /** A line with what no other has told of; its text is made here, as what is gathered goes on changing. */
    private static Runnable line(Gathered alike, long times) {
        Trouble trouble = Objects.requireNonNull(alike.first);
        Kind kind = trouble.kind();
        int calls = alike.calls.size();
        Instant since = Objects.requireNonNull(alike.since);
        alike.first = null;
        alike.calls.clear();
        alike.told = kind.over != null;
        alike.since = alike.told ? since : null;
        return () -> trouble.describe(LOG.atLevel(kind.level)
                        .addKeyValue("calls", calls)
                        .addKeyValue("times", times)
                        .addKeyValue("since", since))
                .log("{}: {}", kind.message, trouble.reason());
    }

    private Runnable overLine(Subject subject, Gathered alike, long nowNanos) {
        Instant since = Objects.requireNonNull(alike.since);
        Instant now = now();
        long calls = alike.began;
        // What came since the last line belongs to what is over.
        alike.throttle.rest(nowNanos);
        alike.first = null;
        alike.calls.clear();
        alike.told = false;
        alike.since = null;
        alike.began = 0;
        return () -> {
            LoggingEventBuilder line = LOG.atInfo();
            if (!subject.provider().isEmpty()) {
                line = line.addKeyValue("provider", subject.provider());
            }
            line.addKeyValue("calls", calls)
                    .addKeyValue("since", since)
                    .addKeyValue("seconds", Duration.between(since, now).toSeconds())
                    .log("{}", subject.kind().over);
        };
    }
}
