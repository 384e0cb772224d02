package io.rtaa.config;

import io.rtaa.audio.MessageOrder;
import io.rtaa.operations.HealthPart;
import io.rtaa.telephony.CallerProcessor;
import io.rtaa.telephony.ExotelProcessor;
import io.rtaa.telephony.HasLegEvents;
import io.rtaa.telephony.IdleStreams;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.telephony.PcmProcessor;
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
    ExotelProcessor exotelProcessor(LiveLegs liveLegs, Clock clock) {
        return new ExotelProcessor(liveLegs, clock);
    }

    @Bean
    PcmProcessor pcmProcessor(LiveLegs liveLegs, Clock clock) {
        return new PcmProcessor(liveLegs, clock);
    }

    @Bean
    IdleStreams idleStreams(List<CallerProcessor> callers) {
        return new IdleStreams(callers);
    }

    @Bean
    HasLegEvents hasLegEvents() {
        return new HasLegEvents();
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
