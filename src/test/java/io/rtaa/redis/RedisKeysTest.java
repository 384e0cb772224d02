package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.StreamId;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RedisKeysTest {

    private final RedisKeys keys = new RedisKeys("rtaa", 32);

    @Provide
    Arbitrary<StreamId> streams() {
        // Rich in what separates and escapes.
        Arbitrary<String> ids = Arbitraries.strings()
                .withChars("ab/%2F{}: ")
                .ofMinLength(1)
                .ofMaxLength(12)
                .filter(id -> !id.isBlank());
        return Combinators.combine(ids, ids).as(StreamId::new);
    }

    @Property
    void aNameLeadsBackToItsStream(@ForAll("streams") StreamId stream) {
        assertThat(RedisKeys.streamOf(RedisKeys.nameOf(stream))).isEqualTo(stream);
    }

    @Property
    void everythingAboutAStreamHasItsPartitionAsHashTag(@ForAll("streams") StreamId stream) {
        int partition = keys.partitionOf(stream);
        String tag = "rtaa:{" + partition + "}:";

        assertThat(partition).isBetween(0, 31);
        assertThat(keys.call(stream)).startsWith(tag);
        assertThat(keys.recent(stream)).startsWith(tag);
        assertThat(keys.log("audio", partition)).startsWith(tag);
        assertThat(keys.live(partition)).startsWith(tag);
    }

    @Test
    void similarNamesSpreadOverAllPartitions() {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            seen.add(keys.partitionOf(new StreamId("acme", "call-" + i)));
        }

        assertThat(seen).hasSize(32);
    }

    @Test
    void theScriptsFindAGroupsRecordByTheNameOfItsLog() {
        assertThat(keys.record("audio", 7, "asr")).isEqualTo(keys.log("audio", 7) + ":asr");
        assertThat(keys.lease("audio", 7, "asr")).isEqualTo("rtaa:{7}:audio:asr:lease");
    }

    @Test
    void positionsAreOrderedAsThePairsTheyAre() {
        assertThat(Position.of("10-2")).isGreaterThan(Position.of("9-11")).isLessThan(Position.of("10-11"));
        assertThat(Position.of("1763800000000-0")).hasToString("1763800000000-0");
        assertThat(Position.START.isAfter(Position.START)).isFalse();
    }
}
