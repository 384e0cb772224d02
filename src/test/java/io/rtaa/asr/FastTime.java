package io.rtaa.asr;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * A clock that runs a number of times as fast as the system's, for a component and whatever a test has beside it.
 *
 * <p>Thread-safety: safe.
 */
public final class FastTime {

    private final int speed;

    /** @param speed times real time, at least 1 */
    public FastTime(int speed) {
        this.speed = speed;
    }

    /** In the manner of {@link System#nanoTime}. */
    public LongSupplier nanos() {
        return () -> System.nanoTime() * speed;
    }

    /** How long the system's clock takes for a time of this one. */
    public Duration real(Duration fast) {
        return fast.dividedBy(speed);
    }

    /**
     * A component with this clock, before its context starts.
     *
     * @param beforeTick runs before sessions look at the clock, whoever has them do so
     */
    public AsrComponent component(Runnable beforeTick) {
        AsrComponent component = new AsrComponent() {
            @Override
            void tick() {
                beforeTick.run();
                super.tick();
            }
        };
        component.setTime(new SessionTime(Clock.systemUTC(), nanos(), new Random()));
        return component;
    }

    /** Lets every session look at the clock, as the component does itself but too seldom for a fast one. */
    public static void tick(AsrComponent component) {
        component.tick();
    }

    /** How often {@link #tick} is due, on the system's clock. */
    public Duration tickInterval() {
        return real(AsrComponent.TICK);
    }
}
