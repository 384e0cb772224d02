package io.rtaa.kafka;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** What brokers answer. */
final class Answers {

    private Answers() {}

    /** What a failure says, without what only wraps it. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /**
     * Waits for the answer to an administrator's question.
     *
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
