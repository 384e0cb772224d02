package io.rtaa.config;

import io.rtaa.asr.AsrComponent;
import io.rtaa.asr.ManagedRecognisers;
import io.rtaa.asr.Recognition;
import io.rtaa.bus.ManagedPartitions;
import io.rtaa.kafka.KafkaBus;
import io.rtaa.redis.RedisStreamsComponent;
import io.rtaa.routes.ManagedRouteFiles;
import io.rtaa.telephony.CallerProcessor;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.telephony.ManagedLiveCalls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.spi.ManagementAgent;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The managed beans of the service itself, by which operators see and operate what this process holds. */
@Configuration(proxyBeanMethods = false)
class ManagedBeansConfiguration {

    /** What the names of the beans begin with; the allow-list of operators has each by its whole name. */
    private static final String NAME = "io.rtaa:type=";

    /** The setting that says where audio is read from. */
    private static final String AUDIO = "rtaa.bus.audio";

    @Bean
    CamelContextConfiguration managedBeans(
            RtaaSettings settings,
            List<CallerProcessor> callers,
            AsrComponent asr,
            RedisStreamsComponent redis,
            KafkaBus kafka,
            LiveLegs liveLegs,
            ManagedRouteFiles routeFiles,
            LoggingSystem logging) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext context) {
                // The routes are not there yet.
            }

            @Override
            public void afterApplicationStart(CamelContext context) {
                ManagementAgent agent = context.getManagementStrategy().getManagementAgent();
                if (agent == null) {
                    // Camel's JMX is off.
                    return;
                }
                Map<String, Object> beans = new LinkedHashMap<>();
                beans.put("Process", new ManagedProcess(settings, liveLegs, logging));
                beans.put("RouteFiles", routeFiles);
                if (settings.has(ServiceRole.INGEST)) {
                    beans.put(
                            "LiveCalls",
                            new ManagedLiveCalls(
                                    callers,
                                    stream -> {
                                        Recognition recognition = asr.recognition(stream);
                                        return recognition == null ? Map.of() : ManagedRecognisers.columns(recognition);
                                    },
                                    context.createProducerTemplate()));
                }
                if (settings.has(ServiceRole.ASR)) {
                    beans.put("Recognisers", new ManagedRecognisers(asr));
                    Supplier<List<Integer>> held = switch (settings.bus()) {
                        case MEMORY -> null;
                        case REDIS -> redis::audioPartitionsHeld;
                        case KAFKA -> kafka::audioPartitionsHeld;
                    };
                    if (held != null) {
                        beans.put("Partitions", new ManagedPartitions(held, routesFromAudio(context), context));
                    }
                }
                register(beans, agent);
            }
        };
    }

    /** The routes that hand what the bus carries of audio to a recogniser. */
    private static List<String> routesFromAudio(CamelContext context) {
        String audio = context.resolvePropertyPlaceholders("{{" + AUDIO + "}}");
        Endpoint bus = context.getEndpoint(audio);
        return context.getRoutes().stream()
                .filter(route -> route.getEndpoint().equals(bus))
                .map(Route::getRouteId)
                .toList();
    }

    /** Camel's agent takes them away when the context stops. */
    private static void register(Map<String, Object> beans, ManagementAgent agent) {
        beans.forEach((name, bean) -> {
            try {
                agent.register(bean, new ObjectName(NAME + name), true);
            } catch (JMException e) {
                throw new IllegalStateException("cannot register the managed bean " + name, e);
            }
        });
    }
}
