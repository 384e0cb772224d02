package io.rtaa.telephony;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.rtaa.telephony.exotel.ExotelAnomaly;
import io.rtaa.telephony.pcm.PcmAnomaly;
import java.util.Locale;

/**
 * What is measured of callers.
 *
 * <p>Thread-safety: safe.
 */
public final class CallerMeters implements MeterBinder {

    private final LiveLegs liveLegs;
    private final ExotelProcessor exotelProcessor;
    private final PcmProcessor pcmProcessor;

    public CallerMeters(LiveLegs liveLegs, ExotelProcessor exotelProcessor, PcmProcessor pcmProcessor) {
        this.liveLegs = liveLegs;
        this.exotelProcessor = exotelProcessor;
        this.pcmProcessor = pcmProcessor;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("rtaa.telephony.calls.live", liveLegs, LiveLegs::liveCount)
                .description("Calls that are live in this process")
                .register(registry);
        Gauge.builder("rtaa.telephony.callers.connected", liveLegs, LiveLegs::connectionCount)
                .description("Callers' connections, which MAX_CALLS limits")
                .register(registry);
        for (ExotelAnomaly anomaly : ExotelAnomaly.values()) {
            FunctionCounter.builder("rtaa.telephony.exotel.anomalies", exotelProcessor, legs -> legs.count(anomaly))
                    .description("Messages of Exotel's that are not as its protocol says: ignored or worked around")
                    .tag("anomaly", anomaly.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (PcmAnomaly anomaly : PcmAnomaly.values()) {
            FunctionCounter.builder("rtaa.telephony.ingest.anomalies", pcmProcessor, legs -> legs.count(anomaly))
                    .description("Messages of callers of /v1/ingest that are not of its protocol: ignored")
                    .tag("anomaly", anomaly.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
