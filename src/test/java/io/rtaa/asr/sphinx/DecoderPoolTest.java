package io.rtaa.asr.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;
import static org.mockito.Mockito.mock;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecoderPoolTest {

    private final AtomicInteger loaded = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final DecoderPool pool = new DecoderPool(2, () -> {
        loaded.incrementAndGet();
        return mock(UtteranceDecoder.class);
    });

    @AfterEach
    void close() {
        gate.countDown();
        pool.close();
    }

    @Test
    void loadsNothingBeforeThereIsWork() {
        assertThat(loaded).hasValue(0);
    }

    @Test
    void runsMoreJobsThanWorkersInTheOrderTheyCame() {
        pool.submit(new Held("first"));
        pool.submit(new Held("second"));
        await().untilAtomic(loaded, is(2));
        pool.submit(new Held("third"));
        pool.submit(new Held("fourth"));
        gate.countDown();

        await().until(() -> done.size() == 4);
        assertThat(loaded).as("no more than there are workers").hasValue(2);
        assertThat(done.subList(0, 2)).doesNotContain("fourth");
    }

    @Test
    void interruptsItsWorkersWhenClosedAndTakesNoMoreWork() {
        pool.submit(new Held("held"));
        await().untilAtomic(loaded, is(1));

        pool.close();
        pool.submit(new Held("late"));

        await().until(() -> done.contains("held interrupted"));
        assertThat(done).doesNotContain("late");
    }

    @Test
    void aJobThatThrowsWhateverItIsToldCostsNoWorker() {
        DecoderPool one = new DecoderPool(1, () -> mock(UtteranceDecoder.class));
        one.submit(new DecoderPool.Job() {
            @Override
            public void run(UtteranceDecoder decoder) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void failed(Throwable cause) {
                throw new LinkageError("on purpose, too");
            }

            @Override
            public void unavailable(Throwable cause) {
                done.add("unavailable");
            }
        });
        gate.countDown();
        one.submit(new Held("next"));

        await().until(() -> done.contains("next"));
        one.close();
    }

    /** Waits for the gate. */
    private final class Held implements DecoderPool.Job {

        private final String name;

        Held(String name) {
            this.name = name;
        }

        @Override
        public void run(UtteranceDecoder decoder) {
            try {
                gate.await();
                done.add(name);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                done.add(name + " interrupted");
            }
        }

        @Override
        public void failed(Throwable cause) {
            done.add(name + " failed");
        }

        @Override
        public void unavailable(Throwable cause) {
            done.add(name + " unavailable");
        }
    }
}
