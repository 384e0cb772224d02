package io.rtaa.config;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.routes.LogThrottle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads the files of settings again and again, and hands on what changed, so that a key or a certificate is replaced
 * without a restart. It compares contents, not times: so it also follows the links of a mounted ConfigMap or Secret.
 *
 * <p>A file that cannot be read, or whose new content is refused, leaves in force what was in force; that is logged and
 * counted once for each such content.
 *
 * <p>Thread-safety: any thread. One daemon thread reads the files and calls the readers; they may block it.
 */
final class FileWatch implements AutoCloseable {

    /** How often files are read. */
    static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final String METER = "rtaa.settings.files.reloads";
    private static final String METER_DESCRIPTION =
            "New contents of settings' files: applied, or refused and the old ones kept";

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "file-watch");
        daemon.setDaemon(true);
        return daemon;
    });
    private final Duration interval;
    private final Counter applied;
    private final Counter refused;

    /** @param interval how often files are read, above zero */
    FileWatch(Duration interval, MeterRegistry registry) {
        this.interval = interval;
        this.applied = counter("applied", registry);
        this.refused = counter("refused", registry);
    }

    private static Counter counter(String result, MeterRegistry registry) {
        return Counter.builder(METER)
                .description(METER_DESCRIPTION)
                .tag("result", result)
                .register(registry);
    }

    /**
     * Watches files that take effect together, such as a certificate and its key, until {@link #close}.
     *
     * @param setting what the log calls them
     * @param inForce what the files held when the settings were read, at least one; what changed since is handed on too
     * @param reader puts new contents of all the files in force, in the order given; throws {@link
     *     IllegalArgumentException} for what it cannot use, with a message that holds no secret
     */
    void watch(String setting, List<FileContent> inForce, Consumer<List<FileContent>> reader) {
        Watched watched = new Watched(setting, inForce, reader);
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                watched::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** The files of one setting. Only the watch's thread comes here. */
    private final class Watched {

        private final String setting;
        private final LogThrottle faults = new LogThrottle();
        private final Consumer<List<FileContent>> reader;
        private List<FileContent> seen;
        /** Why the files could not be read at the last look; null where they could. */
        private @Nullable String unreadable;

        Watched(String setting, List<FileContent> inForce, Consumer<List<FileContent>> reader) {
            this.setting = setting;
            this.reader = reader;
            this.seen = List.copyOf(inForce);
        }

        void look() {
            try {
                List<FileContent> found = seen.stream()
                        .map(content -> FileContent.read(content.file()))
                        .toList();
                unreadable = null;
                if (!found.equals(seen)) {
                    seen = found;
                    apply();
                }
            } catch (IllegalArgumentException e) {
                if (!Objects.equals(unreadable, e.getMessage())) {
                    unreadable = e.getMessage();
                    refused(e);
                }
            } catch (Throwable e) {
                // The timer would stop with it.
                faults.atLevel(LOG, Level.ERROR)
                        .addKeyValue("setting", setting)
                        .setCause(e)
                        .log("A file of a setting cannot be watched");
            }
        }

        private void apply() {
            try {
                reader.accept(seen);
            } catch (IllegalArgumentException e) {
                refused(e);
                return;
            } catch (RuntimeException e) {
                refused.increment();
                LOG.atError()
                        .addKeyValue("setting", setting)
                        .setCause(e)
                        .log("A changed file could not be put in force; what was in force stays");
                return;
            }
            applied.increment();
            LOG.atInfo().addKeyValue("setting", setting).log("A changed file is in force");
        }

        private void refused(IllegalArgumentException why) {
            refused.increment();
            LOG.atWarn()
                    .addKeyValue("setting", setting)
                    .log("A changed file is not usable; what was in force stays: {}", why.getMessage());
        }
    }
}
