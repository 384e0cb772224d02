package io.rtaa.asr;

import org.jspecify.annotations.Nullable;

/**
 * What stands between all sessions of this process and one provider: a place is needed to have connections to it at all, and
 * leave of the breaker for each one.
 *
 * <p>Thread-safety: safe.
 */
final class ProviderGate {

    /** Leave to open one connection to a provider. */
    record Passage(RecogniserProvider provider, Breaker.Leave leave) {}

    private final RecogniserProvider provider;
    private final Places places;
    private final Breaker breaker;

    ProviderGate(RecogniserProvider provider, GateOptions options, SessionTime time) {
        this.provider = provider;
        this.places = new Places(options.maxSessions());
        this.breaker = new Breaker(provider.name(), options, time);
    }

    String name() {
        return provider.name();
    }

    Places places() {
        return places;
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
        return leave == null ? null : new Passage(provider, leave);
    }
}
