package io.rtaa.testsupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.rtaa.audit.AuditLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is written to the audit log while this is open: each line by its keys. Thread-safe. */
public final class AuditLines implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);
    private final Level before = logger.getLevel();
    private final List<Map<String, String>> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            Map<String, String> line = new LinkedHashMap<>();
            event.getKeyValuePairs().forEach(pair -> line.put(pair.key, Objects.toString(pair.value)));
            lines.add(line);
        }
    };

    public AuditLines() {
        logger.setLevel(Level.INFO);
        appender.start();
        logger.addAppender(appender);
    }

    /** The lines so far. */
    public List<Map<String, String>> all() {
        return List.copyOf(lines);
    }

    /** The lines so far about a sort of thing. */
    public List<Map<String, String>> about(String what) {
        return lines.stream().filter(line -> what.equals(line.get("what"))).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(before);
    }
}
