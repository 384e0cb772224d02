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
     */
    record Passage(RecogniserProvider provider, Breaker.Leave leave, AtomicInteger connections) {}

    private final RecogniserProvider provider;
    private final Places places;
    private final Breaker breaker;
    private final AtomicInteger connections;

    ProviderGate(RecogniserProvider provider, GateOptions options, SessionTime time) {
        this(
                provider,
                new Places(options.maxSessions()),
                new Breaker(provider.name(), options, time),
                new AtomicInteger());
    }

    private ProviderGate(RecogniserProvider provider, Places places, Breaker breaker, AtomicInteger connections) {
        this.provider = provider;
        this.places = places;
        this.breaker = breaker;
        this.connections = connections;
    }

    /** The gate for who asks the same provider for something else: same places, same breaker. */
    ProviderGate withParameters(Map<String, String> parameters) {
        return new ProviderGate(provider.withParameters(parameters), places, breaker, connections);
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

    /** Whether the breaker is open: there is no use in asking the provider again soon. */
    boolean isShut() {
        return breaker.isOpen();
    }

    /** 0 closed, 1 half-open, 2 open. */
    int breakerState() {
        return breaker.state();
    }

    /** Leave to open a connection now; null while the breaker gives none. Only for who has a place. */
    @Nullable
    Passage tryPass() {
        Breaker.Leave leave = breaker.tryPass();
        return leave == null ? null : new Passage(provider, leave, connections);
    }
}
