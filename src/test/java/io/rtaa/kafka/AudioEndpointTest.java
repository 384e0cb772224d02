package io.rtaa.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class AudioEndpointTest {

    @Test
    void whatIsWrongWithAnEndpointIsSaidWithoutItsLogin() throws Exception {
        KafkaBusOptions options = new KafkaBusOptions(
                "a",
                "t",
                "p",
                4,
                0,
                true,
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ZERO);
        try (DefaultCamelContext context = new DefaultCamelContext();
                KafkaBus bus = new KafkaBus(options, new SimpleMeterRegistry())) {
            context.addComponent("kafka", new KafkaBusComponent(bus));

            assertThatThrownBy(() -> context.getEndpoint("kafka:a?saslJaasConfig=RAW(password=hunter2;)"))
                    .rootCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("kafka:a has no groupId; allowed: the one that all workers share");
        }
    }
}
