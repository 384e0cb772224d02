package io.rtaa.kafka;

import io.rtaa.bus.BusMeters.Cause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds back who would use topics until it is known that they are as they have to be: a stream would otherwise go to different
 * partitions of two topics.
 *
 * <p>Thread-safety: safe.
 */
final class TopicGate {

    private final List<BusTopic> topics;
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile @Nullable String fault = "Kafka has not answered yet";
    private volatile Cause cause = Cause.NO_ANSWER;

    TopicGate(List<BusTopic> topics) {
        this.topics = List.copyOf(topics);
    }

    List<BusTopic> topics() {
        return topics;
    }

    void open() {
        fault = null;
        open.countDown();
    }

    void fault(String reason) {
        cause = Cause.REFUSED;
        fault = reason;
    }

    /** Why the topics cannot be used; null once they can. */
    @Nullable
    String fault() {
        return fault;
    }

    /** Whether the topics can be used, at once or within some time. */
    boolean isOpenWithin(Duration wait) {
        try {
            return open.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** @throws TopicsException where the topics cannot be used, saying why */
    void require() {
        String reason = fault;
        if (reason != null) {
            throw new TopicsException(reason, cause);
        }
    }
}
