package io.rtaa.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.bus.BusMeters;
import io.rtaa.bus.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A group of two partitions: records 100 to 149 of the first are kept, and 0 to 9 of the second. */
class GroupWatchTest {

    private static final String TOPIC = "a";
    private static final String GROUP = "rtaa-asr";
    private static final Duration PATIENCE = Duration.ofMillis(1);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Admin admin = mock(Admin.class);
    private final GroupWatch watch =
            new GroupWatch(TOPIC, GROUP, 2, new BusMeters(registry, "kafka").reader(Topic.AUDIO, GROUP));

    @BeforeEach
    void brokerAnswers() {
        when(admin.listOffsets(any())).thenAnswer(question -> {
            Map<TopicPartition, OffsetSpec> asked = question.getArgument(0);
            boolean first = asked.values().iterator().next() instanceof OffsetSpec.EarliestSpec;
            ListOffsetsResult result = mock(ListOffsetsResult.class);
            when(result.all())
                    .thenReturn(KafkaFuture.completedFuture(
                            Map.of(partition(0), at(first ? 100 : 150), partition(1), at(first ? 0 : 10))));
            return result;
        });
        committed(Map.of());
        members(List.of());
    }

    @Test
    void nothingIsMeasuredBeforeTheGroupWasSeen() {
        assertThat(gauge("rtaa.bus.workers")).isNaN();
        assertThat(gauge("rtaa.bus.partitions.unowned")).isNaN();
        assertThat(gauge("rtaa.bus.lag.unowned.entries")).isNaN();
        assertThat(watch.note()).isNull();
    }

    @Test
    void aGroupWithoutAPositionIsBehindByWhatIsKept() throws Exception {
        watch.look(admin, PATIENCE);

        assertThat(gauge("rtaa.bus.lag.unowned.entries")).isEqualTo(60);
        assertThat(watch.note()).isEqualTo("nobody reads 2 of 2 partitions of a for rtaa-asr");
    }

    @Test
    void aPositionThatTheBrokerHasDeletedCountsFromTheOldestRecord() throws Exception {
        committed(Map.of(partition(0), new OffsetAndMetadata(7), partition(1), new OffsetAndMetadata(8)));

        watch.look(admin, PATIENCE);

        assertThat(gauge("rtaa.bus.lag.unowned.entries")).isEqualTo(52);
    }

    @Test
    void whatAMemberReadsIsNotUnowned() throws Exception {
        members(List.of(Set.of(partition(0))));

        watch.look(admin, PATIENCE);

        assertThat(gauge("rtaa.bus.workers")).isEqualTo(1);
        assertThat(gauge("rtaa.bus.lag.unowned.entries")).isEqualTo(10);
        assertThat(watch.note()).isEqualTo("nobody reads 1 of 2 partitions of a for rtaa-asr");
    }

    @Test
    void aRefusalIsTakenDownAndWhatWasSeenStays() throws Exception {
        members(List.of(Set.of(partition(0), partition(1))));
        watch.look(admin, PATIENCE);

        described(failed(new GroupAuthorizationException("Not authorized", GROUP)));
        watch.look(admin, PATIENCE);

        assertThat(watch.note()).isEqualTo("the group rtaa-asr cannot be looked at: Not authorized");
        assertThat(gauge("rtaa.bus.workers")).isEqualTo(1);

        members(List.of(Set.of(partition(0), partition(1))));
        watch.look(admin, PATIENCE);

        assertThat(watch.note()).isNull();
    }

    @Test
    void aCoordinatorThatDoesNotAnswerIsTakenDown() throws Exception {
        described(new KafkaFutureImpl<>());

        watch.look(admin, Duration.ofSeconds(1));

        assertThat(watch.note()).isEqualTo("the group rtaa-asr cannot be looked at: no answer in 1 s");
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> positions) {
        ListConsumerGroupOffsetsResult result = mock(ListConsumerGroupOffsetsResult.class);
        when(result.partitionsToOffsetAndMetadata()).thenReturn(KafkaFuture.completedFuture(new HashMap<>(positions)));
        when(admin.listConsumerGroupOffsets(anyString())).thenReturn(result);
    }

    private void members(List<Set<TopicPartition>> assignments) {
        List<MemberDescription> members =
                assignments.stream().map(GroupWatchTest::member).toList();
        ConsumerGroupDescription group = mock(ConsumerGroupDescription.class);
        when(group.members()).thenReturn(members);
        described(KafkaFuture.completedFuture(Map.of(GROUP, group)));
    }

    private static MemberDescription member(Set<TopicPartition> assigned) {
        MemberDescription member = mock(MemberDescription.class);
        when(member.assignment()).thenReturn(new MemberAssignment(assigned));
        return member;
    }

    private void described(KafkaFuture<Map<String, ConsumerGroupDescription>> answer) {
        DescribeConsumerGroupsResult result = mock(DescribeConsumerGroupsResult.class);
        when(result.all()).thenReturn(answer);
        when(admin.describeConsumerGroups(anyCollection())).thenReturn(result);
    }

    private static <T> KafkaFuture<T> failed(RuntimeException failure) {
        KafkaFutureImpl<T> future = new KafkaFutureImpl<>();
        future.completeExceptionally(failure);
        return future;
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition(TOPIC, number);
    }

    private static ListOffsetsResultInfo at(long offset) {
        return new ListOffsetsResultInfo(offset, 0, Optional.empty());
    }
}
