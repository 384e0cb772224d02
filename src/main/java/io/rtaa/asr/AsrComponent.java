package io.rtaa.asr;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * Recognises speech: {@code to: asr:<provider>} takes a stream's audio ({@link io.rtaa.call.AudioMessage} bodies), {@code
 * from: asr:<provider>} gives its transcript ({@link io.rtaa.call.TranscriptEvent} bodies). Both ends of one provider name
 * belong together, whatever route they stand in.
 *
 * <p>Thread-safety: as any component; providers are registered before the context starts.
 */
@Component("asr")
public class AsrComponent extends DefaultComponent {

    /** How often sessions look at what waits for time to pass: fine enough to pace audio that is sent again. */
    static final Duration TICK = Duration.ofMillis(40);

    private final Map<String, RecogniserProvider> providers = new ConcurrentHashMap<>();
    private final Map<String, RecogniserSessions> sessions = new ConcurrentHashMap<>();
    private SessionOptions sessionOptions = SessionOptions.DEFAULTS;
    private SessionTime time = SessionTime.system();
    private @Nullable ScheduledExecutorService ticker;
    private @Nullable ScheduledFuture<?> ticks;

    /** Makes a recogniser known under its name. */
    public void addProvider(RecogniserProvider provider) {
        providers.put(provider.name(), provider);
    }

    public SessionOptions getSessionOptions() {
        return sessionOptions;
    }

    /** How sessions behave, whoever recognises; {@link SessionOptions#DEFAULTS} unless set. */
    public void setSessionOptions(SessionOptions sessionOptions) {
        this.sessionOptions = sessionOptions;
    }

    void setTime(SessionTime time) {
        this.time = time;
    }

    /** Streams that are being recognised in this process. */
    public int sessionCount() {
        return sessions.values().stream().mapToInt(RecogniserSessions::size).sum();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        RecogniserProvider provider = providers.get(remaining);
        if (provider == null) {
            throw new IllegalArgumentException(
                    "no recogniser is called '" + remaining + "'; known here: " + new TreeSet<>(providers.keySet()));
        }
        RecogniserSessions shared =
                sessions.computeIfAbsent(remaining, name -> new RecogniserSessions(provider, sessionOptions, time));
        AsrEndpoint endpoint = new AsrEndpoint(uri, this, remaining, shared);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ScheduledExecutorService executor =
                getCamelContext().getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "asr-ticker");
        ticks = executor.scheduleAtFixedRate(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        ticker = executor;
    }

    /** Lets every session look at the time; what the ticker does, and what a test does with clocks of its own. */
    void tick() {
        sessions.values().forEach(RecogniserSessions::tick);
    }

    @Override
    protected void doStop() throws Exception {
        if (ticks != null) {
            ticks.cancel(false);
            ticks = null;
        }
        if (ticker != null) {
            getCamelContext().getExecutorServiceManager().shutdownNow(ticker);
            ticker = null;
        }
        super.doStop();
    }
}
