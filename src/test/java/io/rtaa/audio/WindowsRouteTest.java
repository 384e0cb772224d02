package io.rtaa.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.Leg;
import io.rtaa.call.LegEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsRouteTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static LegEvent.Audio audio(Leg leg, long firstSample, int bytes) {
        byte[] pcm = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            pcm[i] = (byte) (firstSample * 2 + i);
        }
        return new LegEvent.Audio(leg, firstSample, pcm);
    }

    @Test
    void closesAWindowAtTheLeastLength() throws Exception {
        try (WindowsRoute route = new WindowsRoute(100, 5000)) {
            Leg leg = WindowsRoute.leg("one", 8000);
            route.feed(new LegEvent.Started(leg));
            for (int frame = 0; frame < 5; frame++) {
                route.feed(audio(leg, frame * 160L, 320));
            }

            assertThat(route.published()).hasSize(2);
            assertThat(route.published().get(0)).isEqualTo(new CallStart(leg.info()));
            AudioWindow window = (AudioWindow) route.published().get(1);
            assertThat(window.samples()).isEqualTo(800);
            assertThat(window.pcm()).isEqualTo(audio(leg, 0, 1600).pcm());
        }
    }

    /** The shipped routes have no such tenant; an example has. */
    @Test
    void aTenantMayHaveLengthsOfItsOwn() {
        Windows windows = new Windows(100, 200);
        windows.setTenants("""
                of: colons: 300-500

                tenant: 40 - 60
                """);
        Leg leg = WindowsRoute.leg("one", 8000);

        assertThat(windows.parts(audio(leg, 0, 1600))).hasSize(5);
        assertThat(new Windows(100, 200).parts(audio(leg, 0, 1600))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "acme: 300", ": 300-500", "acme: 300-310", "acme: 10-100", "acme: 300-99999"})
    void lengthsOfATenantThatCannotBeAreRefused(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Windows(100, 200).setTenants(line))
                .withMessageStartingWith("windows of a tenant are '" + line + "'; allowed: the tenant and two lengths");
    }

    @Test
    void closesAWindowWhenItsFirstFrameHasWaitedLongEnoughAlthoughFramesKeepComing() throws Exception {
        try (WindowsRoute route = new WindowsRoute(4000, 4100)) {
            // Slow frames never fill the window, and each comes before the one before has waited for max-ms.
            Leg leg = WindowsRoute.leg("slow", 8000);
            route.feed(new LegEvent.Started(leg));
            AtomicInteger frames = new AtomicInteger();
            await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> {
                route.feed(audio(leg, frames.getAndIncrement(), 2));
                return route.published().size() > 1;
            });

            assertThat(route.published().get(1).number()).isEqualTo(1);
        }
    }

    @Test
    void flushesThePendingWindowBeforeTheEnd() throws Exception {
        try (WindowsRoute route = new WindowsRoute(100, 5000)) {
            Leg leg = WindowsRoute.leg("one", 16000);
            route.feed(new LegEvent.Started(leg));
            route.feed(audio(leg, 0, 10));
            route.feed(new LegEvent.Ended(leg, 5, EndReason.CALLENDED));

            assertThat(route.published()).hasSize(3);
            assertThat(((AudioWindow) route.published().get(1)).samples()).isEqualTo(5);
            assertThat(route.published().get(2)).isEqualTo(new CallEnd(leg.stream(), 2, 5, EndReason.CALLENDED, 0));
            assertThat(route.order().streams()).isZero();
        }
    }

    @Test
    void flushesThePendingWindowBeforeANote() throws Exception {
        try (WindowsRoute route = new WindowsRoute(100, 5000)) {
            Leg leg = WindowsRoute.leg("one", 16000);
            route.feed(new LegEvent.Started(leg));
            route.feed(audio(leg, 0, 10));
            route.feed(new LegEvent.Noted(leg, 5, false, "something is wrong"));
            route.feed(audio(leg, 5, 3200));

            assertThat(route.published()).hasSize(4);
            assertThat(((AudioWindow) route.published().get(1)).samples()).isEqualTo(5);
            assertThat(route.published().get(2))
                    .isEqualTo(new CallNote(
                            leg.stream(),
                            2,
                            5,
                            16000,
                            false,
                            "something is wrong",
                            leg.info().leg()));
            assertThat(((AudioWindow) route.published().get(3)).firstSample()).isEqualTo(5);
        }
    }

    @Test
    void aSignOfLifeStandsWhereTheAudioHasComeThatOvertookIt() throws Exception {
        try (WindowsRoute route = new WindowsRoute(100, 200)) {
            Leg leg = WindowsRoute.leg("one", 8000);
            LegEvent silentBeforeTheAudio = new LegEvent.Silent(leg);
            route.feed(new LegEvent.Started(leg));
            route.feed(audio(leg, 0, 1600));
            route.feed(silentBeforeTheAudio);
            route.feed(audio(leg, 800, 1600));

            assertThat(route.published().subList(1, 4))
                    .extracting(message -> ((AudioWindow) message).firstSample())
                    .containsExactly(0L, 800L, 800L);
        }
    }

    @Test
    void aSignOfLifeThatWasOvertakenByTheEndGoesNowhere() throws Exception {
        try (WindowsRoute route = new WindowsRoute(100, 5000)) {
            Leg leg = WindowsRoute.leg("one", 8000);
            route.feed(new LegEvent.Started(leg));
            route.feed(new LegEvent.Ended(leg, 0, EndReason.CALLENDED));
            route.feed(new LegEvent.Silent(leg));

            assertThat(route.published()).hasSize(2);
            assertThat(route.order().streams()).isZero();
        }
    }

    @Test
    void takesSeveralEventsOfOneMessage() throws Exception {
        try (WindowsRoute route = new WindowsRoute(100, 200)) {
            Leg first = WindowsRoute.leg("first", 8000);
            Leg second = WindowsRoute.leg("second", 8000);
            route.feed("socket", new LegEvent.Started(first));
            route.feed("socket", audio(first, 0, 4));
            route.feed(
                    "socket",
                    List.of(
                            new LegEvent.Ended(first, 2, EndReason.STOPPED),
                            new LegEvent.Started(second),
                            audio(second, 0, 1600)));

            assertThat(route.published())
                    .extracting(message -> message.stream().interactionId() + message.number())
                    .containsExactly("first0", "first1", "first2", "second0", "second1");
        }
    }

    @Test
    void keepsConnectionsApartThatClaimOneStream() throws Exception {
        try (WindowsRoute route = new WindowsRoute(100, 5000)) {
            Leg first = WindowsRoute.leg("claimed", 8000);
            Leg second = WindowsRoute.leg("other", 8000);
            route.feed("socket-1", new LegEvent.Started(first));
            route.feed("socket-2", new LegEvent.Started(second));
            route.feed("socket-1", audio(first, 0, 800));
            route.feed("socket-2", audio(second, 0, 1600));

            assertThat(route.published())
                    .extracting(message -> message.stream().interactionId() + message.number())
                    .containsExactly("claimed0", "other0", "other1");
        }
    }

    @Test
    void cutsAFrameThatIsTooLongForAWindow() throws Exception {
        try (WindowsRoute route = new WindowsRoute(100, 200)) {
            Leg leg = WindowsRoute.leg("long", 8000);
            route.feed(new LegEvent.Started(leg));
            route.feed(audio(leg, 0, 16_000));

            List<AudioMessage> windows =
                    route.published().subList(1, route.published().size());
            assertThat(windows)
                    .hasSize(10)
                    .allSatisfy(window ->
                            assertThat(((AudioWindow) window).samples()).isEqualTo(800));
        }
    }

    @Test
    void publishesInOrderWhileTheTimeoutThreadOvertakesTheFeeder() throws Exception {
        // A bus that now and then stalls the thread that holds a window: the other thread completes the next ones
        // meanwhile.
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch stall = new CountDownLatch(1);
        AtomicBoolean overtaken = new AtomicBoolean();
        MessageOrder order = new MessageOrder();
        try (WindowsRoute route = new WindowsRoute(20, 40, order, exchange -> {
            if (calls.incrementAndGet() == 2) {
                stall.await(60, TimeUnit.SECONDS);
            }
        })) {
            Leg leg = WindowsRoute.leg("stalled", 8000);
            route.feed(new LegEvent.Started(leg));
            var feeder = Executors.newSingleThreadExecutor();
            var stalled = feeder.submit(() -> route.feed(audio(leg, 0, 320)));
            await().atMost(SOON).until(() -> calls.get() == 2);
            for (int frame = 1; frame < 500; frame++) {
                route.feed(audio(leg, frame * 160L, 320));
            }
            route.feed(new LegEvent.Ended(leg, 500 * 160L, EndReason.STOPPED));
            overtaken.set(order.heldBytes() > 0);
            assertThat(route.published()).hasSize(1);
            stall.countDown();
            stalled.get(30, TimeUnit.SECONDS);
            feeder.shutdown();

            assertThat(overtaken).isTrue();
            await().atMost(SOON).until(() -> route.published().size() == 502);
            assertThat(route.published())
                    .extracting(AudioMessage::number)
                    .containsExactlyElementsOf(LongStream.range(0, 502).boxed().toList());
            assertThat(order.streams()).isZero();
            assertThat(order.heldBytes()).isZero();
        }
    }

    @Test
    void numbersAreInOrderHoweverTimeoutsAndFullWindowsRace() throws Exception {
        try (WindowsRoute route = new WindowsRoute(20, 40)) {
            Leg leg = WindowsRoute.leg("racing", 8000);
            route.feed(new LegEvent.Started(leg));
            long sample = 0;
            long until = System.nanoTime() + Duration.ofMillis(500).toNanos();
            while (System.nanoTime() < until) {
                route.feed(audio(leg, sample, 2));
                sample++;
            }
            route.feed(new LegEvent.Ended(leg, sample, EndReason.STOPPED));

            await().atMost(SOON).until(() -> route.order().streams() == 0);
            Assertions.assertComplete(route.published(), leg, sample);
        }
    }

    @Test
    void keepsOrderThroughRedelivery() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (WindowsRoute route = new WindowsRoute(20, 40, new MessageOrder(), exchange -> {
            if (calls.incrementAndGet() % 3 == 0) {
                throw new IllegalStateException("Queue full");
            }
        })) {
            Leg leg = WindowsRoute.leg("retried", 8000);
            route.feed(new LegEvent.Started(leg));
            for (int frame = 0; frame < 50; frame++) {
                route.feed(audio(leg, frame * 160L, 320));
            }
            route.feed(new LegEvent.Ended(leg, 8000, EndReason.STOPPED));

            await().atMost(SOON).until(() -> route.published().size() == 52);
            Assertions.assertComplete(route.published(), leg, 8000);
        }
    }

    @Test
    void aWindowThatItsStepNeverTakesIsGivenUpAndShowsAsAJumpOfPositions() throws Exception {
        try (WindowsRoute route = new WindowsRoute(20, 40, new MessageOrder(), exchange -> {
            if (exchange.getMessage().getBody(AudioMessage.class).number() == 2) {
                throw new IllegalStateException("no idea");
            }
        })) {
            Leg leg = WindowsRoute.leg("poison", 8000);
            route.feed(new LegEvent.Started(leg));
            for (int frame = 0; frame < 4; frame++) {
                route.feed(audio(leg, frame * 160L, 320));
            }
            route.feed(new LegEvent.Ended(leg, 640, EndReason.STOPPED));

            await().atMost(SOON).until(() -> route.order().streams() == 0);
            assertThat(route.published()).extracting(AudioMessage::number).containsExactly(0L, 1L, 3L, 4L, 5L);
            assertThat(route.published().get(2))
                    .isInstanceOfSatisfying(
                            AudioWindow.class,
                            window -> assertThat(window.firstSample()).isEqualTo(320));
        }
    }

    @Test
    void dropsTheOldestWaitingAudioOfABusThatStaysAway() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        MessageOrder order = new MessageOrder(Duration.ofSeconds(1), Long.MAX_VALUE);
        try (WindowsRoute route = new WindowsRoute(20, 40, order, exchange -> {
            if (away.get()) {
                throw new IllegalStateException("Queue full");
            }
        })) {
            Leg leg = WindowsRoute.leg("lost", 8000);
            route.feed(new LegEvent.Started(leg));
            for (int frame = 0; frame < 100; frame++) {
                route.feed(audio(leg, frame * 160L, 320));
            }
            route.feed(new LegEvent.Ended(leg, 16_000, EndReason.STOPPED));
            assertThat(order.heldBytes()).isEqualTo(16_000);
            assertThat(order.droppedWindows()).isEqualTo(50);
            away.set(false);

            await().atMost(SOON).until(() -> order.streams() == 0);
            List<Long> numbers = new ArrayList<>(List.of(0L));
            LongStream.rangeClosed(51, 101).forEach(numbers::add);
            assertThat(route.published()).extracting(AudioMessage::number).containsExactlyElementsOf(numbers);
        }
    }

    @Test
    void publishesWhatIsPendingWhenTheRouteStops() throws Exception {
        try (WindowsRoute route = new WindowsRoute(100, 5000)) {
            Leg leg = WindowsRoute.leg("stopped", 8000);
            route.feed(new LegEvent.Started(leg));
            route.feed(audio(leg, 0, 320));
            route.context().getRouteController().stopRoute("windows");

            assertThat(route.published()).hasSize(2);
        }
    }
}
