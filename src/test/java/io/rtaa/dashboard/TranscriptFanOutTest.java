package io.rtaa.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CallInfo;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.SocketBacklog;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.testsupport.tracing.RecordedSpans;
import io.rtaa.tracing.CallSpan;
import io.rtaa.tracing.CallTracing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** How much of the past a connection gets before it has taken what it got. */
class TranscriptFanOutTest {

    private static final long NOW = 1_763_800_000_000L;
    private static final int CALLS = 8;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    /** Each look is a minute after the one before: no pause is due. */
    private final Clock clock = new Clock() {
        private long millis = NOW;

        @Override
        public long millis() {
            return millis += 60_000;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private final TranscriptFanOut fanOut =
            new TranscriptFanOut(new CallBook(clock, CallBook.Limits.DEFAULT, Duration.ZERO), clock, CallTracing.OFF);
    private final AtomicBoolean takesMore = new AtomicBoolean();

    private void publishCalls() {
        for (int call = 0; call < CALLS; call++) {
            Events events = Events.of("t", "call-" + call, NOW);
            publish(events.started(1));
            publish(events.saidWithoutWords(2, "word ".repeat(20_000), 0, 1000));
        }
    }

    /** To how many connections an event goes as it comes. */
    private int publish(TranscriptEvent event) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(event);
        fanOut.process(exchange);
        return exchange.isRouteStop()
                ? 0
                : exchange.getMessage()
                        .getHeader(SocketHeaders.CONNECTION_KEYS, List.class)
                        .size();
    }

    /** How many messages go to a connection that opens. */
    private int open(String key, SocketBacklog backlog) {
        return open(key, backlog, fanOut);
    }

    private int open(String key, SocketBacklog backlog, TranscriptFanOut at) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage()
                .setHeaders(Map.of(
                        SocketHeaders.EVENT,
                        SocketEvent.OPEN,
                        SocketHeaders.CONNECTION_KEY,
                        key,
                        SocketHeaders.PRINCIPAL,
                        new Principal("v", Role.VIEWER, "t"),
                        SocketHeaders.BACKLOG,
                        backlog));
        at.process(exchange);
        return messages(exchange);
    }

    private int tick() {
        Exchange exchange = new DefaultExchange(camel);
        fanOut.process(exchange);
        return messages(exchange);
    }

    private static int messages(Exchange exchange) {
        return exchange.isRouteStop()
                ? 0
                : exchange.getMessage().getBody(List.class).size();
    }

    /** Publishes an event as a route that completes does. */
    private static void deliver(TranscriptEvent event, TranscriptFanOut to, DefaultCamelContext camel) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(event);
        to.process(exchange);
        List<Synchronization> completions = exchange.getExchangeExtension().handoverCompletions();
        if (completions != null) {
            completions.forEach(completion -> completion.onComplete(exchange));
        }
    }

    @Test
    void aFinalHasOneSpanHoweverManyReadersGetIt() {
        RecordedSpans spans = new RecordedSpans();
        TranscriptFanOut traced = new TranscriptFanOut(
                new CallBook(clock, CallBook.Limits.DEFAULT, Duration.ZERO), clock, spans.tracing());
        Events events = Events.of("t", "call", NOW);
        CallSpan call = spans.tracing().begin("call", events.started(1).info(), null);
        CallInfo info = events.started(1).info().withTraceparent(call.traceparent());
        deliver(new CallStarted(info, 1, NOW), traced, camel);
        deliver(events.saidWithoutWords(2, "nobody reads this", 0, 1000), traced, camel);
        open("k1", () -> true, traced);
        open("k2", () -> true, traced);

        deliver(events.partial(3, "thi"), traced, camel);
        deliver(events.saidWithoutWords(4, "this", 1000, 2000), traced, camel);

        call.end();
        assertThat(spans.named("deliver")).singleElement().satisfies(span -> {
            assertThat(span.parentId()).isEqualTo(spans.named("call").get(0).spanId());
            assertThat(span.attributes())
                    .containsEntry("seq", "4")
                    .containsEntry("sockets", "2")
                    .containsEntry("interaction_id", "call");
            assertThat(span.attributes()).doesNotContainValue("this");
        });
    }

    @Test
    void aConnectionGetsItsNextPartOnlyWhenItHasTakenTheOneBefore() {
        publishCalls();
        int sent = open("k", takesMore::get);
        assertThat(sent).as("there is no room for more in the process").isZero();
        while (fanOut.isAnybodyBehind()) {
            takesMore.set(false);
            assertThat(tick()).isZero();
            assertThat(tick()).isZero();
            takesMore.set(true);
            int part = tick();
            assertThat(part).isBetween(1, CALLS);
            sent += part;
        }
        assertThat(sent).isEqualTo(2 * CALLS);
    }

    @Test
    void theNewestBeginsFirstAndOneThatHasTakenAPartGoesOnBeforeOthersBegin() {
        publishCalls();
        AtomicBoolean room = new AtomicBoolean();
        List<String> served = new ArrayList<>();
        for (String key : List.of("old", "new")) {
            assertThat(open(key, room::get)).isZero();
        }
        room.set(true);
        while (served.size() < 3) {
            Exchange exchange = new DefaultExchange(camel);
            fanOut.process(exchange);
            served.add(exchange.getMessage().getHeader(SocketHeaders.CONNECTION_KEY, String.class));
        }
        assertThat(served).containsExactly("new", "new", "new");
    }

    @Test
    void whatIsSaidBeforeTheFirstPartComesWithThePastAndOnce() {
        publishCalls();
        assertThat(open("k", takesMore::get)).isZero();
        Events late = Events.of("t", "late", NOW);
        assertThat(publish(late.started(1))).as("nothing is sent live yet").isZero();
        takesMore.set(true);
        int sent = 0;
        while (fanOut.isAnybodyBehind()) {
            sent += tick();
        }
        assertThat(sent).isEqualTo(2 * CALLS + 1);
        assertThat(publish(late.said(2, "Live."))).isEqualTo(1);
    }

    @Test
    void oneThatTakesNothingHoldsUpNobodyElse() {
        publishCalls();
        open("stalled", takesMore::get);
        int sent = open("reads", SocketBacklog.NONE);
        for (int part = -1; part != 0; sent += part) {
            part = tick();
        }
        assertThat(sent).isEqualTo(2 * CALLS);
    }
}
