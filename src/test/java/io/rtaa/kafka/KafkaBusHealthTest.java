package io.rtaa.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.bus.Topic;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** What health is told of the threads that read, and of what is published. */
class KafkaBusHealthTest {

    private long nanos;

    private final KafkaBus bus = new KafkaBus(
            new KafkaBusOptions(
                    "a",
                    "t",
                    "p",
                    4,
                    0,
                    true,
                    Duration.ofHours(1),
                    Duration.ofHours(1),
                    Duration.ofHours(1),
                    Duration.ZERO),
            new SimpleMeterRegistry(),
            new BusTime() {
                @Override
                public long epochMillis() {
                    return 0;
                }

                @Override
                public long nanos() {
                    return nanos;
                }
            });

    @Test
    void aThreadThatNoLongerPollsIsStuck() {
        PollWatch poll = bus.watchPolls("t", true);
        pass(Duration.ofSeconds(59));
        poll.polled();
        pass(Duration.ofSeconds(59));
        assertThat(bus.stuck()).isNull();

        pass(Duration.ofSeconds(2));

        assertThat(bus.stuck()).isEqualTo("nobody has looked for messages of t for 61 s");
    }

    @Test
    void aThreadThatHasEndedIsNotMissed() {
        PollWatch poll = bus.watchPolls("t", true);

        bus.polledNoMore(poll);
        pass(Duration.ofHours(1));

        assertThat(bus.stuck()).isNull();
    }

    @Test
    void aRefusalIsAFaultUntilItIsTakenBack() {
        PollWatch poll = bus.watchPolls("t", true);

        poll.refused("Not authorized to access group: rtaa-asr");
        assertThat(bus.fault()).isEqualTo("t cannot be read from Kafka: Not authorized to access group: rtaa-asr");
        poll.refused(null);

        assertThat(bus.fault()).isNull();
    }

    @Test
    void aSinkThatTakesNothingIsAFaultThatNoRestartHelps() {
        PollWatch poll = bus.watchPolls("t", false);
        pass(Duration.ofSeconds(61));

        assertThat(bus.stuck()).isNull();
        assertThat(bus.fault()).isEqualTo("a route that reads t for a group has taken no event for 61 s");
        poll.polled();

        assertThat(bus.fault()).isNull();
    }

    @Test
    void whatKafkaDoesNotTakeIsAFaultUntilItTakesSomething() {
        bus.publishFailed(Topic.AUDIO, new TopicAuthorizationException(Set.of("a")));
        assertThat(bus.fault()).isEqualTo("Kafka takes no audio: Not authorized to access topics: [a]");
        bus.publishing().taken(Topic.TRANSCRIPTS);
        assertThat(bus.fault()).isNotNull();

        bus.publishing().taken(Topic.AUDIO);

        assertThat(bus.fault()).isNull();
    }

    @Test
    void aFailureToPublishIsForgottenAsAProcessWithoutCallsHasNothingToTryAgain() {
        bus.publishFailed(Topic.AUDIO, new TopicAuthorizationException(Set.of("a")));

        pass(Duration.ofSeconds(15));

        assertThat(bus.fault()).isNull();
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
    }
}
