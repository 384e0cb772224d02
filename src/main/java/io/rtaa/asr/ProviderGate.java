package io.rtaa.asr;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What stands between all sessions of this process and one provider: a place is needed to have connections to it at all, and
 * leave of the breaker for each one.
 *
 * <p>Thread-safety: safe.
 */
final class ProviderGate {

    /**
     * Leave to open one connection to a provider.
     *
     * @param connections counts those of the provider that are open
     * @param probe learns whether what is asked of the provider is accepted
     */
    record Passage(RecogniserProvider provider, Breaker.Leave leave, AtomicInteger connections, RefusalProbe probe) {}

    private final RecogniserProvider provider;
    private final Places places;
    private final Breaker breaker;
    private final AtomicInteger connections;
    private final SessionTime time;
    private final RefusalProbe probe;

    ProviderGate(RecogniserProvider provider, GateOptions options, SessionTime time) {
        this(
                provider,
                new Places(options.maxSessions()),
                new Breaker(provider.name(), options, time),
                new AtomicInteger(),
                time);
    }

    private ProviderGate(
            RecogniserProvider provider, Places places, Breaker breaker, AtomicInteger connections, SessionTime time) {
        this.provider = provider;
        this.places = places;
        this.breaker = breaker;
        this.connections = connections;
        this.time = time;
        this.probe = new RefusalProbe(provider, time);
    }

    /** The gate for other parameters of the same provider: same places, same breaker, a probe of its own. */
    ProviderGate withParameters(Map<String, String> parameters) {
        return new ProviderGate(provider.withParameters(parameters), places, breaker, connections, time);
    }

    String name() {
        return provider.name();
    }

    Places places() {
        return places;
    }

    /** Connections to the provider that are open now. */
    int connections() {
        return connections.get();
    }

    /** Whether the breaker is open, or the provider refuses: there is no use in asking the provider again soon. */
    boolean isShut() {
        return breaker.isOpen() || provider.refusal() != null;
    }

    /** Why the provider takes no call at present, as far as is known without asking; null where it may take one. */
    @Nullable
    RecogniserRefusal refusal() {
        return provider.refusal();
    }

    /** Finds out whether a provider that refuses still does. */
    RefusalProbe probe() {
        return probe;
    }

    Breaker breaker() {
        return breaker;
    }

    /** 0 closed, 1 half-open, 2 open. */
    int breakerState() {
        return breaker.state();
    }

    /** Leave to open a connection now; null while the breaker gives none. Only for who has a place. */
    @Nullable
    Passage tryPass() {
        Breaker.Leave leave = breaker.tryPass();
        return leave == null ? null : new Passage(provider, leave, connections, probe);
    }
}
