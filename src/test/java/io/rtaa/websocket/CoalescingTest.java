package io.rtaa.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class CoalescingTest {

    private static final int READY = 7;

    private long now = 1;
    private int ready = READY;
    private long overslept;
    private final List<Long> pauses = new ArrayList<>();
    private final Coalescing coalescing = new Coalescing(() -> now, nanos -> {
        pauses.add(nanos);
        now += nanos + overslept;
    });

    @Test
    void aLoopThatIsWokenNowAndThenNeverPauses() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(look(false)).isEqualTo(SelectStrategy.SELECT);
            pass(Coalescing.QUIET);
        }

        assertThat(pauses).isEmpty();
    }

    @Test
    void aLoopThatIsWokenAgainAtOncePausesAndTakesWhatIsReady() throws Exception {
        look(false);
        pass(Coalescing.QUIET.minusNanos(1));
        assertThat(look(false)).isEqualTo(READY);

        assertThat(pauses).containsExactly(Coalescing.PAUSE.toNanos());
    }

    @Test
    void itWaitsWhereNothingIsReadyAfterAPause() throws Exception {
        look(false);
        ready = 0;

        assertThat(look(false)).isEqualTo(SelectStrategy.SELECT);
        assertThat(pauses).hasSize(1);
    }

    @Test
    void thePauseItselfIsNoWait() throws Exception {
        look(false);
        look(false);
        pass(Duration.ofNanos(1));
        look(false);

        assertThat(pauses).hasSize(2);
    }

    @Test
    void aLoopThatFindsLittleAfterPausesStaysAwakeForAWhile() throws Exception {
        look(false);
        ready = Coalescing.WORTH - 1;
        look(false);
        stayAwake();

        ready = Coalescing.WORTH;
        pauses.clear();
        look(false);
        look(false);
        look(false);
        assertThat(pauses).hasSize(2);
    }

    @Test
    void onePauseThatBringsLittleAmongThoseThatBringMuchChangesNothing() throws Exception {
        for (int i = 0; i < 10; i++) {
            look(false);
        }
        ready = 0;
        look(false);
        ready = READY;
        look(false);

        assertThat(pauses).hasSize(11);
    }

    @Test
    void aLoopThatOversleptStaysAwakeForAWhile() throws Exception {
        look(false);
        overslept = Coalescing.PAUSE.toNanos();
        look(false);
        stayAwake();

        overslept = Coalescing.PAUSE.toNanos() - 1;
        pauses.clear();
        look(false);
        look(false);
        look(false);
        assertThat(pauses).hasSize(2);
    }

    /** Until just before its patience is over; then that is. */
    private void stayAwake() throws Exception {
        pauses.clear();
        long end = now + Coalescing.PATIENCE.toNanos();
        while (now < end) {
            assertThat(look(false)).isEqualTo(SelectStrategy.SELECT);
            pass(Coalescing.QUIET.dividedBy(2));
        }
        assertThat(pauses).isEmpty();
        pass(Coalescing.QUIET);
    }

    @Test
    void tasksThatAreThereNeverWait() throws Exception {
        look(false);
        assertThat(look(true)).isEqualTo(READY);
        assertThat(look(true)).isEqualTo(READY);

        assertThat(pauses).isEmpty();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "epoll is Linux'")
    void isWhatTheEventLoopsOfItsVertxRunOn() throws Exception {
        Vertx vertx = CoalescingTransport.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try {
            assertThat(vertx.isNativeTransportEnabled()).isTrue();
            assertThat(((VertxInternal) vertx).getEventLoopGroup())
                    .hasSize(2)
                    .allSatisfy(loop -> assertThat((Object) loop)
                            .extracting("selectStrategy")
                            .isInstanceOf(Coalescing.class));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private int look(boolean hasTasks) throws Exception {
        return coalescing.calculateStrategy(() -> ready, hasTasks);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
