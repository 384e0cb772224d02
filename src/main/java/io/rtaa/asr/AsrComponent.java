package io.rtaa.asr;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.StreamId;
import io.rtaa.tracing.CallTracing;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.StartupListener;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognises speech: {@code to: asr:<provider>} takes a stream's audio ({@link io.rtaa.call.AudioMessage} bodies), {@code
 * from: asr:<provider>} gives its transcript ({@link io.rtaa.call.TranscriptEvent} bodies). Both ends of one provider name and
 * the same parameters belong together, whatever route they stand in; other parameters are another recogniser, with sessions
 * and a reader of its own. All of one provider share its places, its breaker and its fall-back.
 *
 * <p>Thread-safety: as any component; providers are registered before the context starts.
 */
@Component("asr")
@Metadata(excludeProperties = "maxBacklogBytes,meterRegistry,tracing")
public class AsrComponent extends DefaultComponent {

    private static final Logger LOG = LoggerFactory.getLogger(AsrComponent.class);

    /** A provider and what is asked of it, as it stands in URIs. */
    private record Asked(String provider, Map<String, String> parameters) {

        @Override
        public String toString() {
            return uri(parameters.values());
        }

        /** For those who may not know what is asked, a customer's name among the keyterms for example. */
        String withoutValues() {
            return uri(Collections.nCopies(parameters.size(), "…"));
        }

        private String uri(Collection<String> values) {
            StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
            Iterator<String> value = values.iterator();
            parameters.keySet().forEach(name -> query.add(name + '=' + value.next()));
            return "asr:" + provider + query;
        }
    }

    /** How often sessions look at what waits for time to pass: fine enough to pace audio that is sent again. */
    static final Duration TICK = Duration.ofMillis(40);

    /**
     * How long the ticker may stand still before the process counts as stuck: longer than a step of a route should
     * block.
     */
    static final Duration STUCK_AFTER = Duration.ofSeconds(60);

    /** How much of the heap the audio of all streams that is not final may take. */
    public static final int DEFAULT_BACKLOG_HEAP_PERCENT = 25;

    private final Map<String, RecogniserProvider> providers = new ConcurrentHashMap<>();
    private final Map<Asked, RecogniserSessions> sessions = new ConcurrentHashMap<>();
    private SessionOptions sessionOptions = SessionOptions.DEFAULTS;
    private final Map<String, ProviderGate> gates = new ConcurrentHashMap<>();
    private GateOptions gateOptions = GateOptions.DEFAULTS;
    private @Nullable String fallback;
    private @Nullable String givenUpUri;
    private BacklogBudget budget =
            new BacklogBudget(Runtime.getRuntime().maxMemory() * DEFAULT_BACKLOG_HEAP_PERCENT / 100);
    private CallTracing tracing = CallTracing.OFF;
    private AsrMeters meters = new AsrMeters(new CompositeMeterRegistry());
    private SessionTime time = SessionTime.system();
    private SessionFaults faults = new SessionFaults(meters, time);
    private @Nullable ScheduledExecutorService ticker;
    private volatile @Nullable ScheduledFuture<?> ticks;
    private volatile long tickedNanos;

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

    public GateOptions getGateOptions() {
        return gateOptions;
    }

    /** How much each provider is asked at once, and when it is left alone; {@link GateOptions#DEFAULTS} unless set. */
    public void setGateOptions(GateOptions gateOptions) {
        this.gateOptions = gateOptions;
    }

    public @Nullable String getFallback() {
        return fallback;
    }

    /**
     * The name of the recogniser that takes streams over where theirs is full, fails or refuses; null, as at first, for none.
     */
    public void setFallback(@Nullable String fallback) {
        this.fallback = fallback;
    }

    /**
     * How much memory the audio of all streams may take while it is not final; beyond it the longest backlog drops its
     * oldest audio. Before the context starts; {@value #DEFAULT_BACKLOG_HEAP_PERCENT} per cent of the heap unless set.
     *
     * @param bytes more than zero
     */
    public void setMaxBacklogBytes(long bytes) {
        this.budget = new BacklogBudget(bytes);
    }

    public @Nullable String getGivenUpUri() {
        return givenUpUri;
    }

    /**
     * Where what readers need of an event goes that the route from {@code asr:} gave up, past that route. Before the
     * context starts; null, as at first, for nowhere.
     */
    public void setGivenUpUri(@Nullable String givenUpUri) {
        this.givenUpUri = givenUpUri;
    }

    /** Where the component's meters are registered; nowhere unless set. Before the context starts. */
    public void setMeterRegistry(MeterRegistry registry) {
        meters = new AsrMeters(registry);
        faults = new SessionFaults(meters, time);
        meters.watch(this);
    }

    /** What traces the calls; nothing unless set. Before the context starts. */
    public void setTracing(CallTracing tracing) {
        this.tracing = tracing;
    }

    long backlogBytes() {
        return budget.bytes();
    }

    long worstLagMillis() {
        return sessions.values().stream()
                .mapToLong(RecogniserSessions::worstLagMillis)
                .max()
                .orElse(0);
    }

    int speakingCalls() {
        return sessions.values().stream().mapToInt(RecogniserSessions::speaking).sum();
    }

    int unheardCalls() {
        return sessions.values().stream().mapToInt(RecogniserSessions::unheard).sum();
    }

    /** The recognisers that get audio, and whose transcripts no route reads; without the values of their parameters. */
    List<String> unread() {
        return named(RecogniserSessions::isUnread, Asked::withoutValues);
    }

    /** The recognisers whose transcripts a route reads; without the values of their parameters. */
    List<String> read() {
        return named(RecogniserSessions::hasSink, Asked::withoutValues);
    }

    /** What recognisers refuse, a line for each that gets audio; without the values of their parameters. */
    List<String> refusals() {
        List<String> lines = new ArrayList<>();
        fed().forEach(entry -> {
            Recognisers recognisers = entry.getValue().recognisers();
            RecogniserRefusal refusal = recognisers.primary().probe().refusal();
            if (refusal != null) {
                lines.add(line(entry.getKey(), recognisers, refusal));
            }
        });
        Collections.sort(lines);
        return lines;
    }

    /** Whether each recogniser that gets audio refuses it, and so does each fall-back. */
    boolean isEverythingRefused() {
        return fed().findAny().isPresent()
                && fed().allMatch(entry -> entry.getValue().recognisers().refusal() != null);
    }

    /** How many recognisers of this provider, told apart by their parameters, refuse. */
    int refusing(String provider) {
        Set<ProviderGate> refusing = new HashSet<>();
        for (RecogniserSessions each : sessions.values()) {
            for (ProviderGate gate : each.recognisers().gates()) {
                if (gate.name().equals(provider) && gate.probe().refusal() != null) {
                    refusing.add(gate);
                }
            }
        }
        return refusing.size();
    }

    private Stream<Map.Entry<Asked, RecogniserSessions>> fed() {
        return sessions.entrySet().stream().filter(entry -> entry.getValue().isFed());
    }

    private static String line(Asked asked, Recognisers recognisers, RecogniserRefusal refusal) {
        ProviderGate standIn = recognisers.standIn();
        String where = "";
        if (standIn != null) {
            where = recognisers.refusal() == null ? ", which go to " + standIn.name() : ", so does " + standIn.name();
        }
        return asked.withoutValues() + " refuses calls" + where + ", since "
                + refusal.since().truncatedTo(ChronoUnit.SECONDS) + ": " + refusal.reason();
    }

    private List<String> named(Predicate<RecogniserSessions> which, Function<Asked, String> name) {
        return sessions.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(entry -> name.apply(entry.getKey()))
                .sorted()
                .toList();
    }

    void setTime(SessionTime time) {
        this.time = time;
        faults = new SessionFaults(meters, time);
    }

    /** Signs that this process still has the streams of which it published nothing for so long. */
    List<KeepAlive> keepAlives(Duration quietAfter) {
        return sessions.values().stream()
                .flatMap(of -> of.keepAlives(quietAfter).stream())
                .toList();
    }

    /** Streams that are being recognised in this process. */
    public int sessionCount() {
        return sessionCount(any -> true);
    }

    /** How a stream is recognised; null where it is not in this process. Any thread. */
    public @Nullable Recognition recognition(StreamId stream) {
        for (RecogniserSessions each : sessions.values()) {
            Recognition recognition = each.recognition(stream);
            if (recognition != null) {
                return recognition;
            }
        }
        return null;
    }

    /** How each stream is recognised in this process. Any thread. */
    List<Recognition> recognitions() {
        return sessions.values().stream()
                .flatMap(each -> each.recognitions().stream())
                .toList();
    }

    /** The gates of the recognisers that routes name, by name. */
    Map<String, ProviderGate> gates() {
        return new TreeMap<>(gates);
    }

    /** Those of them that a predicate holds for. */
    public int sessionCount(Predicate<StreamId> which) {
        return sessions.values().stream().mapToInt(each -> each.size(which)).sum();
    }

    /**
     * Ends all streams that are being recognised. What is not recognised of them is published as a gap, before their
     * ends. Returns at once; any thread.
     *
     * @param reason why, as the gap says it
     */
    public void giveUp(String reason) {
        sessions.values().forEach(each -> each.giveUp(reason));
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Asked asked = new Asked(remaining, AsrEndpoint.takeRecogniserParameters(parameters));
        ProviderGate primary = gate(asked, uri);
        ProviderGate standIn = fallback == null || fallback.equals(remaining) ? null : gate(fallback);
        RecogniserSessions shared = sessions.computeIfAbsent(
                asked,
                any -> new RecogniserSessions(
                        new Recognisers(primary, standIn, budget, meters, faults, tracing), sessionOptions, time));
        AsrEndpoint endpoint = new AsrEndpoint(uri, this, remaining, shared);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private ProviderGate gate(Asked asked, String uri) {
        ProviderGate gate = gate(asked.provider());
        if (asked.parameters().isEmpty()) {
            return gate;
        }
        try {
            return gate.withParameters(asked.parameters());
        } catch (IllegalArgumentException e) {
            throw new ResolveEndpointFailedException(uri, e.getMessage());
        }
    }

    private ProviderGate gate(String name) {
        RecogniserProvider provider = providers.get(name);
        if (provider == null) {
            throw new IllegalArgumentException(
                    "no recogniser is called '" + name + "'; known here: " + new TreeSet<>(providers.keySet()));
        }
        return gates.computeIfAbsent(name, known -> {
            ProviderGate gate = new ProviderGate(provider, gateOptions, time);
            meters.watch(gate, () -> refusing(name));
            return gate;
        });
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        getCamelContext().addStartupListener(new TellsUnread());
    }

    /** Looks once every route runs. */
    private final class TellsUnread implements StartupListener {

        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
            // The routes' consumers are started after this.
        }

        @Override
        public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
            List<String> read = named(RecogniserSessions::hasSink, Asked::toString);
            for (String name : named(RecogniserSessions::isUnread, Asked::toString)) {
                LOG.warn("audio goes to {}, and no route reads its transcripts; read are: {}", name, read);
            }
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ScheduledExecutorService executor =
                getCamelContext().getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "asr-ticker");
        tickedNanos = time.nanos();
        ticks = executor.scheduleAtFixedRate(
                this::guardedTick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        ticker = executor;
    }

    /**
     * Ticks whatever happens: a task that throws is not scheduled again, and no session would look at the time any
     * more.
     */
    private void guardedTick() {
        try {
            tick();
        } catch (RuntimeException | Error e) {
            faults.tickFailed(e);
        }
        tickedNanos = time.nanos();
    }

    /**
     * Why this process is not worth keeping, whatever its neighbours do; null while it is. Answers at once, on any
     * thread.
     */
    public @Nullable String stuck() {
        String fatal = faults.fatal();
        if (fatal != null) {
            return fatal;
        }
        long idleNanos = time.nanos() - tickedNanos;
        return ticks != null && idleNanos > STUCK_AFTER.toNanos()
                ? "the ticker of the recogniser sessions has stood still for "
                        + TimeUnit.NANOSECONDS.toSeconds(idleNanos)
                        + " s: a step of a route blocks it, or it died; restart this process"
                : null;
    }

    /** Lets every session look at the time; what the ticker does, and what a test does with clocks of its own. */
    void tick() {
        for (RecogniserSessions each : sessions.values()) {
            try {
                each.tick();
            } catch (RuntimeException | Error e) {
                faults.tickFailed(e);
            }
        }
        faults.troubles().tick();
    }

    @Override
    protected void doStop() throws Exception {
        ScheduledFuture<?> ticking = ticks;
        if (ticking != null) {
            ticking.cancel(false);
            ticks = null;
        }
        if (ticker != null) {
            getCamelContext().getExecutorServiceManager().shutdownNow(ticker);
            ticker = null;
        }
        faults.troubles().flush();
        sessions.values().forEach(RecogniserSessions::endTraces);
        super.doStop();
    }
}
