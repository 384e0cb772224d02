package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The I/O thread is a Netty event loop whose time the test moves. */
class CommandBatchesTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> given = new ArrayList<>();
    private final List<List<String>> sent = new ArrayList<>();
    private final CommandBatches batches = new CommandBatches(this::flush, channel.eventLoop());

    @BeforeEach
    void stopTime() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        assertThat(channel.finishAndReleaseAll()).isFalse();
    }

    @Test
    void aCommandOnAQuietConnectionGoesOutAtOnce() {
        give("a");
        channel.runPendingTasks();

        assertThat(sent).containsExactly(List.of("a"));
    }

    @Test
    void thoseThatFollowGoOutTogether() {
        give("a");
        channel.runPendingTasks();
        give("b");
        give("c");
        channel.runPendingTasks();
        assertThat(sent).hasSize(1);

        pass();
        give("d");
        pass();

        assertThat(sent).containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
    }

    @Test
    void nobodyLooksAfterAQuietConnection() {
        give("a");
        channel.runPendingTasks();
        pass();

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);

        give("b");
        channel.runPendingTasks();
        assertThat(sent).containsExactly(List.of("a"), List.of("b"));
    }

    private void give(String command) {
        given.add(command);
        batches.added();
    }

    private void flush() {
        sent.add(List.copyOf(given));
        given.clear();
    }

    private void pass() {
        channel.advanceTimeBy(CommandBatches.PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
    }
}
