package io.rtaa.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for what a broker answers to an administrator's question. */
final class Answers {

    private Answers() {}

    /**
     * @throws KafkaException what the broker refused it with
     * @throws TimeoutException where the broker did not answer in time
     */
    static <T> T await(KafkaFuture<T> answer, Duration patience) throws TimeoutException, InterruptedException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                TimeoutException timeout = new TimeoutException(cause.getMessage());
                timeout.initCause(cause);
                throw timeout;
            }
            throw cause instanceof KafkaException refusal ? refusal : new KafkaException(cause);
        }
    }
}
