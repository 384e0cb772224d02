package io.rtaa.telephony;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.rtaa.telephony.exotel.Oddity;
import java.util.Locale;

/**
 * What is measured of callers.
 *
 * <p>Thread-safety: safe.
 */
public final class CallerMeters implements MeterBinder {

    private final LiveLegs liveLegs;
    private final ExotelLegs exotelLegs;

    public CallerMeters(LiveLegs liveLegs, ExotelLegs exotelLegs) {
        this.liveLegs = liveLegs;
        this.exotelLegs = exotelLegs;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("rtaa.telephony.calls.live", liveLegs, LiveLegs::liveCount)
                .description("Calls that are live in this process")
                .register(registry);
        Gauge.builder("rtaa.telephony.callers.connected", liveLegs, LiveLegs::connectionCount)
                .description("Callers' connections, which MAX_CALLS limits")
                .register(registry);
        for (Oddity oddity : Oddity.values()) {
            FunctionCounter.builder("rtaa.telephony.exotel.oddities", exotelLegs, legs -> legs.count(oddity))
                    .description("Messages of Exotel's that are not as its protocol says, and were put up with")
                    .tag("oddity", oddity.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
