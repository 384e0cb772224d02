package io.rtaa.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.Leg;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.Test;

class MessageOrderTest {

    private static final CamelContext context = new DefaultCamelContext();

    static {
        context.start();
        PluginHelper.getUnitOfWorkFactory(context).afterPropertiesConfigured(context);
    }

    private final Leg leg = WindowsRoute.leg("ordered", 8000);
    private final List<Long> passed = new ArrayList<>();
    private final List<Exchange> downstream = new ArrayList<>();
    private final List<Exchange> stopped = new ArrayList<>();

    private static List<AudioMessage> call(Leg leg, int windows) {
        List<AudioMessage> messages = new ArrayList<>();
        messages.add(new CallStart(leg.info()));
        for (int i = 0; i < windows; i++) {
            messages.add(new AudioWindow(
                    leg.stream(),
                    i + 1,
                    i * 800L,
                    8000,
                    new byte[1600],
                    leg.info().leg()));
        }
        messages.add(new CallEnd(
                leg.stream(),
                windows + 1,
                windows * 800L,
                EndReason.STOPPED,
                leg.info().leg()));
        return messages;
    }

    private void send(MessageOrder order, AudioMessage message, boolean doneAtOnce) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(message);
        UnitOfWork unitOfWork = PluginHelper.getUnitOfWorkFactory(context).createUnitOfWork(exchange);
        exchange.getExchangeExtension().setUnitOfWork(unitOfWork);
        order.process(exchange, doneSync -> {
            if (exchange.isRouteStop()) {
                stopped.add(exchange);
                return;
            }
            passed.add(message.number());
            if (doneAtOnce) {
                done(exchange);
            } else {
                downstream.add(exchange);
            }
        });
    }

    private static void done(Exchange exchange) {
        UnitOfWorkHelper.doneUow(exchange.getUnitOfWork(), exchange);
    }

    private static List<Long> numbers(int from, int to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Property(tries = 200)
    void putsAnyArrivalInOrder(@ForAll @IntRange(max = 40) int windows, @ForAll long seed) {
        MessageOrder order = new MessageOrder();
        Random random = new Random(seed);
        List<AudioMessage> messages = call(leg, windows);
        Collections.shuffle(messages, random);
        passed.clear();

        for (AudioMessage message : messages) {
            send(order, message, random.nextBoolean());
            while (!downstream.isEmpty() && random.nextBoolean()) {
                assertThat(downstream).hasSize(1);
                done(downstream.remove(0));
            }
        }
        while (!downstream.isEmpty()) {
            done(downstream.remove(0));
        }

        assertThat(passed).containsExactlyElementsOf(numbers(0, windows + 1));
        assertThat(order.streams()).isZero();
        assertThat(order.heldBytes()).isZero();
    }

    @Test
    void letsOneMessageOfAStreamBeUnderWay() {
        MessageOrder order = new MessageOrder();
        call(leg, 3).forEach(message -> send(order, message, false));
        assertThat(passed).containsExactly(0L);

        done(downstream.get(0));
        assertThat(passed).containsExactly(0L, 1L);
    }

    @Test
    void releasesAnyNumberOfWaitingMessagesWithoutGrowingTheStack() {
        MessageOrder order = new MessageOrder(Duration.ofHours(10), Long.MAX_VALUE);
        List<AudioMessage> messages = call(leg, 50_000);
        messages.subList(1, messages.size()).forEach(message -> send(order, message, true));
        assertThat(passed).isEmpty();

        send(order, messages.get(0), true);
        assertThat(passed).hasSize(50_002);
        assertThat(order.streams()).isZero();
    }

    @Test
    void dropsTheOldestPastTheBoundOfAllStreams() {
        MessageOrder order = new MessageOrder(Duration.ofHours(1), 3 * 1600);
        call(leg, 10).forEach(message -> send(order, message, false));
        assertThat(order.heldBytes()).isEqualTo(3 * 1600);
        assertThat(stopped).hasSize(7);
        assertThat(order.droppedWindows()).isEqualTo(7);

        while (!downstream.isEmpty()) {
            done(downstream.remove(0));
        }
        assertThat(passed).containsExactly(0L, 8L, 9L, 10L, 11L);
    }

    @Test
    void givesUpAPredecessorThatNeverCameAndDropsItWhenItDoes() {
        MessageOrder order = new MessageOrder(Duration.ofMillis(200), Long.MAX_VALUE);
        List<AudioMessage> messages = call(leg, 5);
        AudioMessage late = messages.remove(1);
        AudioMessage end = messages.remove(messages.size() - 1);
        messages.forEach(message -> send(order, message, true));
        send(order, late, true);
        send(order, end, true);

        assertThat(passed).containsExactly(0L, 3L, 4L, 5L, 6L);
        assertThat(order.droppedWindows()).isEqualTo(2);
        assertThat(order.streams()).isZero();
    }

    @Test
    void doesNotLetAFailedMessageHoldUpTheNext() {
        MessageOrder order = new MessageOrder();
        call(leg, 1).forEach(message -> send(order, message, false));
        downstream.get(0).setException(new IllegalStateException("bus"));
        done(downstream.get(0));

        assertThat(passed).containsExactly(0L, 1L);
    }

    @Test
    void finishesWhatWaitsWhenItStops() {
        MessageOrder order = new MessageOrder();
        order.start();
        call(leg, 4).forEach(message -> send(order, message, false));
        order.stop();

        assertThat(stopped).hasSize(5);
        assertThat(order.streams()).isZero();
        assertThat(order.heldBytes()).isZero();
    }

    @Test
    void aLegThatFollowsAnotherBeginsOnceThatOnesEndIsDone() {
        MessageOrder order = new MessageOrder();
        CallInfo info = leg.info();
        Leg following = new Leg(new CallInfo(info.stream(), null, null, null, null, 8000, info.startedAtMillis() + 1));
        List<AudioMessage> first = call(leg, 2);
        List<AudioMessage> second = call(following, 2);
        List<AudioMessage> whole = new ArrayList<>(first);
        whole.addAll(second);
        List<AudioMessage> wentOn = new ArrayList<>();
        whole.forEach(message -> send(order, message, false));
        while (!downstream.isEmpty()) {
            assertThat(downstream).hasSize(1);
            Exchange exchange = downstream.remove(0);
            wentOn.add(exchange.getMessage().getBody(AudioMessage.class));
            done(exchange);
        }

        assertThat(wentOn).containsExactlyElementsOf(whole);
        assertThat(order.streams()).isZero();
    }

    @Test
    void refusesBoundsBelowZero() {
        assertThatThrownBy(() -> new MessageOrder(Duration.ZERO, -1)).hasMessageContaining("allowed");
    }
}
