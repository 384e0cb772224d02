package io.rtaa.audio;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * What is measured of the audio on its way to the bus.
 *
 * <p>Thread-safety: safe.
 */
public final class AudioMeters implements MeterBinder {

    private final MessageOrder order;

    public AudioMeters(MessageOrder order) {
        this.order = order;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("rtaa.audio.held", order, MessageOrder::heldBytes)
                .description("Audio that waits for the bus")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("rtaa.audio.streams", order, MessageOrder::streams)
                .description("Streams that are put in order")
                .register(registry);
        FunctionCounter.builder("rtaa.audio.windows.dropped", order, MessageOrder::droppedWindows)
                .description("Windows that were dropped because the bus took none for too long")
                .register(registry);
    }
}
