package io.rtaa.asr;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps sessions from asking a provider that fails them all: open, it lets nobody through; after a while it lets a few
 * through and closes or opens again by what became of them.
 *
 * <p>Connections last for hours, so results of old ones come at any time. While a few are tried, only what becomes of those
 * counts.
 *
 * <p>Thread-safety: safe.
 */
final class Breaker {

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);
    private static final float FAILURE_RATE_PERCENT = 50;

    private final CircuitBreaker circuit;

    Breaker(String provider, GateOptions options, SessionTime time) {
        circuit = CircuitBreaker.of(
                provider,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.TIME_BASED)
                        .slidingWindowSize(
                                Math.toIntExact(options.failuresWithin().toSeconds()))
                        .minimumNumberOfCalls(options.failuresLeast())
                        .failureRateThreshold(FAILURE_RATE_PERCENT)
                        .waitDurationInOpenState(options.openFor())
                        .permittedNumberOfCallsInHalfOpenState(options.probes())
                        .recordResult(RecogniserFailure.class::isInstance)
                        .clock(new MonotonicClock(time))
                        .build());
        circuit.getEventPublisher()
                .onStateTransition(event -> LOG.atWarn()
                        .addKeyValue("provider", provider)
                        .addKeyValue("from", event.getStateTransition().getFromState())
                        .addKeyValue("to", event.getStateTransition().getToState())
                        .log("the recogniser's breaker changed"));
    }

    /** Whether nobody is let through at present, or not before the first few have asked. */
    boolean isOpen() {
        return circuit.getState() == CircuitBreaker.State.OPEN
                || circuit.getState() == CircuitBreaker.State.FORCED_OPEN;
    }

    /** Lets nobody through until {@link #close}, whatever becomes of connections that are open. */
    void open() {
        circuit.transitionToForcedOpenState();
    }

    /** Lets everybody through, and forgets the failures so far. */
    void close() {
        circuit.reset();
    }

    /** 0 closed, 1 half-open, 2 open. */
    int state() {
        return switch (circuit.getState()) {
            case OPEN, FORCED_OPEN -> 2;
            case HALF_OPEN -> 1;
            default -> 0;
        };
    }

    /** Leave to open one connection; null where there is none to be had. */
    @Nullable
    Leave tryPass() {
        return circuit.tryAcquirePermission() ? new Leave(isTrying()) : null;
    }

    private boolean isTrying() {
        return circuit.getState() == CircuitBreaker.State.HALF_OPEN;
    }

    /**
     * Leave to open one connection, and what becomes of it.
     *
     * <p>Thread-safety: none; a session uses it from one task at a time.
     */
    final class Leave {

        private final boolean probe;
        private boolean told;

        private Leave(boolean probe) {
            this.probe = probe;
        }

        /** The connection did what it is for; counts once. */
        void delivered() {
            if (!told) {
                told = true;
                if (counts()) {
                    circuit.onSuccess(0, TimeUnit.NANOSECONDS);
                }
            }
        }

        /**
         * The connection was lost or never came to be. A refusal says nothing about connections of others: they bring
         * other audio, ask for other things, or come with another key. The provider cools down what was refused.
         */
        void failed(RecogniserFailure failure) {
            if (failure.kind() != RecogniserFailure.Kind.RETRYABLE) {
                unused();
            } else {
                told = true;
                if (counts()) {
                    circuit.onResult(0, TimeUnit.NANOSECONDS, failure);
                }
            }
        }

        /** Nobody needs the connection any more; where nothing was learnt from it, another may be tried in its place. */
        void unused() {
            if (!told) {
                told = true;
                if (probe && isTrying()) {
                    circuit.releasePermission();
                }
            }
        }

        private boolean counts() {
            return probe || !isTrying();
        }
    }

    /** Durations by the clock that is never set. */
    private static final class MonotonicClock extends Clock {

        private final SessionTime time;

        MonotonicClock(SessionTime time) {
            this.time = time;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(time.nanos());
        }
    }
}
