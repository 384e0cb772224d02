package io.rtaa.testsupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What a logger gets while this is open. Thread-safe. */
public final class CapturedLog implements AutoCloseable {

    private final Logger logger;
    private final @Nullable Level levelBefore;
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    };

    private CapturedLog(Logger logger) {
        this.logger = logger;
        this.levelBefore = logger.getLevel();
        appender.start();
        logger.addAppender(appender);
    }

    /** What a class logs, at the level that it has. */
    public static CapturedLog of(Class<?> source) {
        return of(source.getName());
    }

    /** What a logger and those below it get, at the levels that they have. */
    public static CapturedLog of(String name) {
        return new CapturedLog((Logger) LoggerFactory.getLogger(name));
    }

    /** The same from a level on, which the logger has until this is closed. */
    public static CapturedLog of(String name, Level level) {
        CapturedLog log = of(name);
        log.logger.setLevel(level);
        return log;
    }

    /** The events so far. */
    public List<ILoggingEvent> events() {
        return List.copyOf(events);
    }

    /** The events so far, as {@code LEVEL message key=value …}. */
    public List<String> lines() {
        return events.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage()
                        + (event.getKeyValuePairs() == null
                                ? ""
                                : event.getKeyValuePairs().stream()
                                        .map(pair -> " " + pair.key + "=" + pair.value)
                                        .collect(Collectors.joining())))
                .toList();
    }

    @Override
    public void close() {
        logger.setLevel(levelBefore);
        logger.detachAppender(appender);
    }
}
