package io.rtaa.kafka;

import io.rtaa.bus.BusMeters.Cause;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;

/** What brokers answer. */
final class Answers {

    private Answers() {}

    /** What a failure says, without what only wraps it. */
    static String reason(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Why a broker did not do it. A client does not tell a broker that is away from one that does not answer. */
    static Cause cause(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof TopicsException topics) {
            return topics.cause();
        }
        if (cause instanceof DisconnectException || cause instanceof NetworkException) {
            return Cause.AWAY;
        }
        return cause instanceof org.apache.kafka.common.errors.TimeoutException ? Cause.NO_ANSWER : Cause.REFUSED;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException
                        || cause instanceof ExecutionException
                        || cause instanceof RetriableCommitFailedException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
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
