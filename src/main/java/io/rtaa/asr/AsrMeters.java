package io.rtaa.asr;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What is measured of all streams together. No label names a call.
 *
 * <p>Thread-safety: safe.
 */
final class AsrMeters {

    /** Lags below are as good as none, lags above are a recogniser that stands still. */
    private static final Duration LEAST_LAG = Duration.ofMillis(100);

    private static final Duration MOST_LAG = Duration.ofSeconds(60);

    private final MeterRegistry registry;
    private final Counter partials;
    private final Counter finals;
    private final Counter words;
    private final Counter replayedSeconds;
    private final Counter lostSeconds;
    private final Counter failedSessions;
    private final Timer lag;
    private final Timer firstTranscript;

    AsrMeters(MeterRegistry registry) {
        this.registry = registry;
        partials = counter("rtaa.asr.partials", "Partials published");
        finals = counter("rtaa.asr.finals", "Finals with text published");
        words = counter("rtaa.asr.words", "Words of finals published");
        replayedSeconds = seconds("rtaa.asr.audio.replayed", "Audio sent to a recogniser once more after a loss");
        lostSeconds = seconds("rtaa.asr.audio.lost", "Audio told as a gap: it was not recognised");
        failedSessions = counter("rtaa.asr.sessions.failed", "Calls that ended because their session failed");
        lag = distribution("rtaa.asr.lag", "Audio that was not final when a final came");
        firstTranscript =
                distribution("rtaa.asr.first.transcript", "From a call's first audio to its first partial or final");
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Counter seconds(String name, String description) {
        return Counter.builder(name)
                .description(description)
                .baseUnit("seconds")
                .register(registry);
    }

    private Timer distribution(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram()
                .minimumExpectedValue(LEAST_LAG)
                .maximumExpectedValue(MOST_LAG)
                .register(registry);
    }

    /**
     * Measures a gate's places, its breaker and its refusals.
     *
     * @param refusing counts the recognisers of the gate's provider that refuse
     */
    void watch(ProviderGate gate, IntSupplier refusing) {
        gauge(
                "rtaa.asr.places.taken",
                "Calls that have a place at a recogniser",
                gate,
                of -> of.places().taken());
        gauge(
                "rtaa.asr.places.waiting",
                "Calls that wait for a place at a recogniser",
                gate,
                of -> of.places().waiting());
        gauge(
                "rtaa.asr.places.limit",
                "Places there are at a recogniser",
                gate,
                of -> of.places().limit());
        gauge(
                "rtaa.asr.connections.open",
                "Connections to a recogniser that are open",
                gate,
                ProviderGate::connections);
        gauge("rtaa.asr.breaker.state", "0 closed, 1 half-open, 2 open", gate, ProviderGate::breakerState);
        gauge(
                "rtaa.asr.refusing",
                "Recognisers, told apart by their parameters, that refuse calls",
                gate,
                of -> refusing.getAsInt());
    }

    private void gauge(String name, String description, ProviderGate gate, ToDoubleFunction<ProviderGate> value) {
        Gauge.builder(name, gate, value)
                .description(description)
                .tag("provider", gate.name())
                .register(registry);
    }

    /** Measures the streams there are. */
    void watch(AsrComponent component) {
        Gauge.builder("rtaa.asr.calls", component, AsrComponent::sessionCount)
                .description("Calls that are being recognised or wait for it")
                .register(registry);
        Gauge.builder("rtaa.asr.calls.speaking", component, AsrComponent::speakingCalls)
                .description("Calls that get speech")
                .register(registry);
        Gauge.builder("rtaa.asr.calls.unheard", component, AsrComponent::unheardCalls)
                .description("Calls that get speech and have had no transcript for too long")
                .register(registry);
        Gauge.builder("rtaa.asr.lag.worst", component, of -> of.worstLagMillis() / 1000.0)
                .description("Audio that is not final, of the call that has most of it")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("rtaa.asr.backlog", component, AsrComponent::backlogBytes)
                .description("Audio of all calls that is not final")
                .baseUnit("bytes")
                .register(registry);
    }

    /** A connection was lost or refused; rare enough to look its counter up. */
    void connectionLost(String provider, RecogniserFailure failure) {
        Counter.builder("rtaa.asr.connections.lost")
                .description("Connections to a recogniser that were lost or refused")
                .tag("provider", provider)
                .tag("cause", failure.cause())
                .register(registry)
                .increment();
    }

    void partial() {
        partials.increment();
    }

    void finalResult(int wordCount) {
        finals.increment();
        words.increment(wordCount);
    }

    void replayed(Duration audio) {
        replayedSeconds.increment(audio.toMillis() / 1000.0);
    }

    void lost(Duration audio) {
        lostSeconds.increment(audio.toMillis() / 1000.0);
    }

    void sessionFailed() {
        failedSessions.increment();
    }

    void lag(Duration audio) {
        lag.record(audio);
    }

    void firstTranscriptAfter(Duration sinceFirstAudio) {
        firstTranscript.record(sinceFirstAudio);
    }
}
