package io.rtaa.config;

import io.rtaa.audio.MessageOrder;
import io.rtaa.operations.HealthPart;
import io.rtaa.telephony.CallerSockets;
import io.rtaa.telephony.CarriesLegEvents;
import io.rtaa.telephony.ExotelLegs;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.telephony.PcmLegs;
import io.rtaa.telephony.SilentLegs;
import io.rtaa.telephony.WriteReply;
import io.rtaa.tracing.CallTracing;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of the ingest routes, by the names the routes call them. */
@Configuration(proxyBeanMethods = false)
class IngestConfiguration {

    @Bean
    LiveLegs liveLegs(RtaaSettings settings, Clock clock, CallTracing tracing) {
        return new LiveLegs(settings.maxCalls(), clock, tracing);
    }

    @Bean
    HealthPart admissionHealth(LiveLegs liveLegs) {
        return new HealthPart("admission", () -> liveLegs.isDraining() ? "stopping: no new calls are taken" : null);
    }

    @Bean
    ExotelLegs exotelLegs(LiveLegs liveLegs, Clock clock) {
        return new ExotelLegs(liveLegs, clock);
    }

    @Bean
    PcmLegs pcmLegs(LiveLegs liveLegs, Clock clock) {
        return new PcmLegs(liveLegs, clock);
    }

    @Bean
    SilentLegs silentLegs(List<CallerSockets> callers) {
        return new SilentLegs(callers);
    }

    @Bean
    CarriesLegEvents carriesLegEvents() {
        return new CarriesLegEvents();
    }

    @Bean
    WriteReply writeReply() {
        return new WriteReply();
    }

    @Bean
    MessageOrder messageOrder() {
        return new MessageOrder();
    }
}
