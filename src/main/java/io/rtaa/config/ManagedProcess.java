package io.rtaa.config;

import io.rtaa.telephony.LiveLegs;
import java.util.Locale;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * What operators do with this process as a whole.
 *
 * <p>Thread-safety: safe.
 */
@ManagedResource(description = "This process")
public final class ManagedProcess {

    /** The service's own loggers; others may write what is said, at a level of their choice. */
    private static final String OWN = "io.rtaa";

    private static final Logger LOG = LoggerFactory.getLogger(ManagedProcess.class);

    private final RtaaSettings settings;
    private final LiveLegs liveLegs;
    private final LoggingSystem logging;

    ManagedProcess(RtaaSettings settings, LiveLegs liveLegs, LoggingSystem logging) {
        this.settings = settings;
        this.liveLegs = liveLegs;
        this.logging = logging;
    }

    @ManagedAttribute(description = "The roles it runs")
    public String getRoles() {
        return String.join(
                ",",
                settings.roles().stream().sorted().map(ServiceRole::settingName).toList());
    }

    @ManagedAttribute(description = "The bus that carries calls between processes, or memory")
    public String getBus() {
        return settings.bus().settingName();
    }

    @ManagedAttribute(description = "Whether it takes no new calls")
    public boolean isDraining() {
        return liveLegs.isDraining();
    }

    @ManagedAttribute(description = "How many calls are live here")
    public int getLiveCalls() {
        return liveLegs.liveCount();
    }

    /** Takes no new calls from now on: handshakes and {@code /health} are answered with 503. Running calls go on. */
    @ManagedOperation(
            description =
                    "Takes no new calls until it is restarted: handshakes and /health are answered with 503, running"
                            + " calls go on")
    public String drain() {
        liveLegs.drain();
        LOG.info("An operator drains this process: {} calls go on", liveLegs.liveCount());
        return "draining: " + liveLegs.liveCount() + " calls go on";
    }

    /**
     * Sets the level of a logger of the service's own.
     *
     * @param logger {@code io.rtaa} or a name below it
     * @param level {@code error}, {@code warn}, {@code info} or {@code debug}
     * @throws IllegalArgumentException for another logger or level; at {@code trace} the words of calls would be
     *     written
     */
    @ManagedOperation(
            description =
                    "Sets the level of a logger, io.rtaa or below, to error, warn, info or debug until the process ends")
    public String setLogLevel(String logger, String level) {
        if (!logger.equals(OWN) && !logger.startsWith(OWN + ".")) {
            throw new IllegalArgumentException("allowed: the logger " + OWN + " and those below it");
        }
        LogLevel wanted = switch (level.toLowerCase(Locale.ROOT)) {
            case "error" -> LogLevel.ERROR;
            case "warn" -> LogLevel.WARN;
            case "info" -> LogLevel.INFO;
            case "debug" -> LogLevel.DEBUG;
            default -> throw new IllegalArgumentException("allowed levels: error, warn, info, debug");
        };
        logging.setLogLevel(logger, wanted);
        return logger + " logs at " + wanted;
    }
}
