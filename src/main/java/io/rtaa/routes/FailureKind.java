package io.rtaa.routes;

import com.fasterxml.jackson.core.JacksonException;
import io.rtaa.call.Outage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.ObjectStreamException;
import java.io.UTFDataFormatException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.CharacterCodingException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.component.seda.SedaConsumerNotAvailableException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/** What the failure of a step says of the event in hand: whether another try can be worth it, and how many. */
public enum FailureKind {

    /**
     * What the step needs is away, slow or full; the event passes once that is over. Never counted against an event.
     */
    OUTAGE,

    /** The event does not pass this step, however often it is tried: it cannot be converted, or the step has a bug. */
    HOPELESS,

    /** Neither is known: worth a few tries. */
    UNKNOWN;

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    /** Kinds of {@link IOException} that an event's content causes, and no peer. */
    private static final Set<Class<?>> OF_THE_CONTENT = Set.of(
            JacksonException.class,
            ObjectStreamException.class,
            CharacterCodingException.class,
            UnsupportedEncodingException.class,
            UTFDataFormatException.class,
            ZipException.class);

    private static final Set<Class<?>> CONVERSIONS = Set.of(
            InvalidPayloadException.class,
            NoTypeConversionAvailableException.class,
            TypeConversionException.class,
            SerializationException.class,
            RecordTooLargeException.class,
            RecordBatchTooLargeException.class,
            InvalidRecordException.class,
            GivenUpException.class);

    private static final Set<Class<?>> OUTAGES = Set.of(
            IOException.class,
            InterruptedIOException.class,
            TimeoutException.class,
            InterruptedException.class,
            ExchangeTimedOutException.class,
            RejectedExecutionException.class,
            SQLTransientException.class,
            SQLRecoverableException.class,
            SQLNonTransientConnectionException.class,
            // A refused login or right is put right by the operator while this process runs.
            KafkaException.class);

    private static final Set<Class<?>> BUGS = Set.of(
            NullPointerException.class,
            ClassCastException.class,
            IllegalArgumentException.class,
            IndexOutOfBoundsException.class,
            ArithmeticException.class,
            NoSuchElementException.class,
            UnsupportedOperationException.class,
            ExpressionEvaluationException.class,
            ExpressionIllegalSyntaxException.class,
            Error.class);

    /**
     * Judges a failure by itself and its causes: one that cannot be converted before one that is away, and a peer that
     * is away before a bug, as exceptions of a bean or an expression may wrap either.
     *
     * @param context a route that is not there counts as away while the context starts or stops
     */
    public static FailureKind of(Throwable failure, CamelContext context) {
        FailureKind found = UNKNOWN;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isConversion(cause)) {
                return HOPELESS;
            }
            if (isOutage(cause, context)) {
                return OUTAGE;
            }
            if (isAny(BUGS, cause)) {
                found = HOPELESS;
            }
        }
        return found;
    }

    private static boolean isConversion(Throwable failure) {
        return isAny(CONVERSIONS, failure) || isAny(OF_THE_CONTENT, failure);
    }

    private static boolean isOutage(Throwable failure, CamelContext context) {
        if (failure instanceof Outage outage) {
            return outage.isOutage();
        }
        if (failure instanceof HttpOperationFailedException answer) {
            int status = answer.getStatusCode();
            return status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR;
        }
        if (failure instanceof DirectConsumerNotAvailableException
                || failure instanceof SedaConsumerNotAvailableException) {
            return !context.isStarted() || context.isStopping();
        }
        if (failure instanceof IllegalStateException) {
            return isFullQueue(failure);
        }
        return isAny(OUTAGES, failure) || isCircuitOpen(failure);
    }

    /** What the queues of {@code java.util} and {@code seda:} say. */
    private static boolean isFullQueue(Throwable failure) {
        String message = failure.getMessage();
        return message != null && message.matches("(?i).*\\bfull\\b.*");
    }

    /** Resilience4j and its relatives are no part of this service, but may be of a team's. */
    private static boolean isCircuitOpen(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return name.equals("CallNotPermittedException") || name.equals("BulkheadFullException");
    }

    private static boolean isAny(Set<Class<?>> types, Throwable failure) {
        for (Class<?> type : types) {
            if (type.isInstance(failure)) {
                return true;
            }
        }
        return false;
    }
}
