package io.rtaa.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import io.rtaa.call.Outage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.MalformedInputException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureKindTest {

    private static final class Full extends RuntimeException implements Outage {
        private static final long serialVersionUID = 1;
    }

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final DefaultExchange exchange = new DefaultExchange(context);

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private FailureKind kind(Throwable failure) {
        return FailureKind.of(failure, context);
    }

    private static Throwable answer(int status) {
        return new HttpOperationFailedException("http://crm", status, "", null, Map.of(), "");
    }

    @Test
    void aPeerThatIsAwaySlowOrFullIsAnOutage() {
        assertThat(kind(new ConnectException())).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new SocketTimeoutException())).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new UnknownHostException())).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new TimeoutException())).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new RejectedExecutionException())).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new SQLTransientConnectionException())).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new SQLRecoverableException())).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new NotEnoughReplicasException("2 of 3"))).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new TopicAuthorizationException("no"))).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new Full())).isEqualTo(FailureKind.OUTAGE);
    }

    @Test
    void aFullQueueOfSedaIsAnOutage() {
        ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
        queue.add("one");
        IllegalStateException full =
                org.junit.jupiter.api.Assertions.assertThrows(IllegalStateException.class, () -> queue.add("two"));
        assertThat(kind(full)).isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new IllegalStateException("fulfilled before"))).isEqualTo(FailureKind.UNKNOWN);
    }

    @Test
    void anOutageIsFoundBehindWhatWrapsIt() {
        assertThat(kind(new CamelExecutionException("x", exchange, new UncheckedIOException(new IOException()))))
                .isEqualTo(FailureKind.OUTAGE);
        assertThat(kind(new IllegalArgumentException(new ConnectException()))).isEqualTo(FailureKind.OUTAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void anHttpPeerThatCannotAnswerNowIsAnOutage(int status) {
        assertThat(kind(answer(status))).isEqualTo(FailureKind.OUTAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 404, 409, 413, 422})
    void anyOtherAnswerOfAnHttpPeerCountsAgainstTheEvent(int status) {
        assertThat(kind(answer(status))).isEqualTo(FailureKind.UNKNOWN);
    }

    @Test
    void whatCannotBeConvertedIsHopelessEvenIfItWasReadFromAStream() {
        assertThat(kind(new InvalidPayloadException(exchange, String.class))).isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new TypeConversionException("x", Integer.class, new NumberFormatException())))
                .isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new JsonParseException(null, "no JSON"))).isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new MalformedInputException(1))).isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new RecordTooLargeException())).isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new TypeConversionException("x", Integer.class, new IOException())))
                .isEqualTo(FailureKind.HOPELESS);
    }

    @Test
    void aBugIsHopeless() {
        assertThat(kind(new NullPointerException())).isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new ClassCastException())).isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new IllegalArgumentException())).isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new IndexOutOfBoundsException())).isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new ExpressionEvaluationException(null, exchange, null)))
                .isEqualTo(FailureKind.HOPELESS);
        assertThat(kind(new CamelExecutionException("x", exchange, new StackOverflowError())))
                .isEqualTo(FailureKind.HOPELESS);
    }

    @Test
    void whatNobodyKnowsIsUnknown() {
        assertThat(kind(new IllegalStateException("odd"))).isEqualTo(FailureKind.UNKNOWN);
        assertThat(kind(new SQLException("constraint"))).isEqualTo(FailureKind.UNKNOWN);
        assertThat(kind(new Exception("no answer"))).isEqualTo(FailureKind.UNKNOWN);
    }

    @Test
    void aFileThatCannotBeWrittenIsAnOutageOfTheDisk() {
        assertThat(kind(new FileNotFoundException("/full/x"))).isEqualTo(FailureKind.OUTAGE);
    }

    @Test
    void aRouteThatIsNotThereIsAwayOnlyWhileTheContextStartsOrStops() {
        DirectConsumerNotAvailableException absent = new DirectConsumerNotAvailableException("no consumer", exchange);
        assertThat(kind(absent)).isEqualTo(FailureKind.UNKNOWN);
        context.stop();
        assertThat(kind(absent)).isEqualTo(FailureKind.OUTAGE);
    }
}
