package io.rtaa.asr;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** What the package logs while it is open, as an operator with the usual levels reads it. */
final class CapturedLog implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger(CapturedLog.class.getPackageName());
    private final Level levelBefore = logger.getLevel();
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    CapturedLog() {
        events.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(events);
    }

    /** Lines as {@code LEVEL message key=value …}. */
    List<String> lines() {
        return List.copyOf(events.list).stream()
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
        logger.detachAppender(events);
    }
}
