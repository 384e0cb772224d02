package io.rtaa.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.tracing.CallTracing;
import io.rtaa.wire.TranscriptJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

class TranscriptFanOutPropertyTest {

    private static final long START = 1_763_800_000_000L;
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    /** Moves on by a pause of snapshots with each look. */
    private static final class SteppingClock extends Clock {
        private long millis = START;

        @Override
        public long millis() {
            millis += TranscriptFanOut.SNAPSHOT_PAUSE.toMillis();
            return millis;
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
    }

    private final Map<String, List<String>> received = new HashMap<>();
    private TranscriptFanOut fanOut = newFanOut();

    private static TranscriptFanOut newFanOut() {
        return new TranscriptFanOut(
                new CallBook(
                        Clock.fixed(Instant.ofEpochMilli(START), ZoneOffset.UTC),
                        CallBook.Limits.DEFAULT,
                        Duration.ZERO),
                new SteppingClock(),
                CallTracing.OFF);
    }

    @Property(tries = 30)
    void lateJoinersGetEveryFinalOfTheirTenantOnceAndInOrderHoweverLongTheirSnapshotTakes(
            @ForAll @IntRange(min = 0, max = 60) int joinAfter,
            @ForAll @IntRange(min = 1, max = 4) int eventsPerTick,
            @ForAll boolean longTexts) {
        // One instance serves all tries.
        fanOut = newFanOut();
        received.clear();
        Events mine = Events.of("mine", "a", START);
        Events other = Events.of("other", "a", START);
        String text = "word ".repeat(longTexts ? 40_000 : 3);
        List<String> expected = new ArrayList<>();
        for (int seq = 1; seq <= 60; seq++) {
            if (seq == joinAfter) {
                open("reader");
            }
            TranscriptEvent event = seq == 1
                    ? mine.started(1)
                    : seq == 60 ? mine.ended(60) : mine.saidWithoutWords(seq, text + seq, seq * 10L, seq * 10L + 9);
            expected.add(TranscriptJson.write(event));
            publish(event);
            publish(event);
            publish(other.saidWithoutWords(seq, "secret", seq, seq + 1));
            if (seq % eventsPerTick == 0) {
                pass(new DefaultExchange(CAMEL));
            }
        }
        if (joinAfter == 0) {
            open("reader");
        }
        while (fanOut.isAnybodyBehind()) {
            pass(new DefaultExchange(CAMEL));
        }
        assertThat(received.get("reader").equals(expected)).isTrue();
    }

    private void open(String key) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setHeader(SocketHeaders.EVENT, SocketEvent.OPEN);
        exchange.getMessage().setHeader(SocketHeaders.CONNECTION_KEY, key);
        exchange.getMessage().setHeader(SocketHeaders.PRINCIPAL, new Principal("v", Role.VIEWER, "mine"));
        exchange.getMessage().setHeader(SocketHeaders.QUERY, "interaction_id=%61");
        pass(exchange);
    }

    private void publish(TranscriptEvent event) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody(event);
        pass(exchange);
    }

    private void pass(Exchange exchange) {
        fanOut.process(exchange);
        if (exchange.isRouteStop()) {
            return;
        }
        Message message = exchange.getMessage();
        Collection<?> keys = message.getHeader(SocketHeaders.CONNECTION_KEYS, Collection.class);
        for (Object key : keys == null ? List.of(message.getHeader(SocketHeaders.CONNECTION_KEY)) : keys) {
            List<String> texts = received.computeIfAbsent(String.valueOf(key), name -> new ArrayList<>());
            if (message.getBody() instanceof List<?> part) {
                part.forEach(text -> texts.add(String.valueOf(text)));
            } else {
                texts.add(message.getBody(String.class));
            }
        }
    }
}
