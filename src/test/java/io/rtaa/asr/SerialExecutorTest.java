package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {

    private final List<Throwable> thrown = new ArrayList<>();
    private final SerialExecutor executor = new SerialExecutor(thrown::add);

    @Test
    void runsATaskThatATaskBringsAfterIt() {
        List<String> order = new ArrayList<>();
        executor.execute(() -> {
            executor.execute(() -> order.add("second"));
            order.add("first");
        });
        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void goesOnAfterATaskThatFails() {
        List<String> order = new ArrayList<>();
        executor.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        executor.execute(() -> order.add("next"));
        assertThat(order).containsExactly("next");
    }

    @Test
    void goesOnAfterATaskThatThrowsAnErrorAndReportsIt() {
        List<String> order = new ArrayList<>();
        executor.execute(() -> {
            executor.execute(() -> order.add("behind it"));
            throw new NoClassDefFoundError("on purpose");
        });
        executor.execute(() -> order.add("later"));
        assertThat(order).containsExactly("behind it", "later");
        assertThat(thrown).singleElement().isInstanceOf(NoClassDefFoundError.class);
        assertThat(executor.pending()).isZero();
    }

    @Test
    void goesOnWhereTheReportFailsToo() {
        List<String> order = new ArrayList<>();
        SerialExecutor deaf = new SerialExecutor(failure -> {
            throw new IllegalStateException(failure);
        });
        deaf.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        deaf.execute(() -> order.add("next"));
        assertThat(order).containsExactly("next");
    }

    @Test
    void runsOneTaskAtATimeWhoeverBringsThem() throws InterruptedException {
        int threads = 4;
        int tasksEach = 5000;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        int[] done = new int[1];
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch ready = new CountDownLatch(threads);
        for (int thread = 0; thread < threads; thread++) {
            pool.execute(() -> {
                ready.countDown();
                for (int i = 0; i < tasksEach; i++) {
                    executor.execute(() -> {
                        if (inside.incrementAndGet() != 1) {
                            overlaps.incrementAndGet();
                        }
                        done[0]++;
                        inside.decrementAndGet();
                    });
                }
            });
        }
        ready.await();
        pool.shutdown();
        await().until(pool::isTerminated);
        assertThat(overlaps).hasValue(0);
        assertThat(done[0]).isEqualTo(threads * tasksEach);
    }
}
