package io.rtaa.kafka;

import io.rtaa.bus.SinkName;
import java.util.Map;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link TranscriptEndpoint} that are the bus' own.
 *
 * @param sink under which name it is read; null where it has none
 * @param fromNow whether a consumer without a group gets nothing of the past
 * @param keepAlives whether its reader also gets the keep-alives of quiet calls
 */
record TranscriptOptions(@Nullable SinkName sink, boolean fromNow, boolean keepAlives) {

    /**
     * Takes them out of the options of an endpoint's URI.
     *
     * @param component converts them
     * @param configuration the endpoint's other options
     * @throws IllegalArgumentException where one is wrong or does not go with the others
     */
    static TranscriptOptions take(
            DefaultComponent component, Map<String, Object> parameters, KafkaConfiguration configuration) {
        String name = component.getAndRemoveParameter(parameters, "sink", String.class);
        SinkName sink = name == null ? null : new SinkName(name);
        if (sink != null && configuration.getGroupId() != null) {
            throw new IllegalArgumentException(
                    "sink is '" + sink + "' beside groupId '" + configuration.getGroupId() + "'; allowed: one of them");
        }
        return new TranscriptOptions(
                sink,
                component.getAndRemoveParameter(parameters, "fromNow", boolean.class, false),
                component.getAndRemoveParameter(parameters, "keepAlives", boolean.class, false));
    }

    /** @throws IllegalArgumentException where the topic is read from under the name of a sink */
    void requireNoSink() {
        if (sink != null) {
            throw new IllegalArgumentException(
                    "the sink '" + sink + "' is read from; a route that publishes names {{rtaa.bus.transcripts}}");
        }
    }
}
