package io.rtaa.bench;

import java.util.OptionalDouble;

/** What carries audio and transcripts in rtaa, and what the bare relay beside it does. */
enum MeasuredBus {
    MEMORY(0.41, 1.06),
    REDIS(1.43, 2.80),
    /** There is no bare relay through Kafka: rtaa is set beside the one without a bus. */
    KAFKA(0.41, 1.06);

    /** The load at which the reference was measured; no other can be compared with it. */
    static final int REFERENCE_CALLS = 200;

    private final double referenceAt100Millis;
    private final double referenceAt20Millis;

    MeasuredBus(double referenceAt100Millis, double referenceAt20Millis) {
        this.referenceAt100Millis = referenceAt100Millis;
        this.referenceAt20Millis = referenceAt20Millis;
    }

    /**
     * What the bare relay beside this bus is known to cost on two cores, with its broker: CPU milliseconds a
     * call-second. Absent for loads at which nobody measured it.
     */
    OptionalDouble reference(int calls, int frameMillis) {
        if (calls != REFERENCE_CALLS) {
            return OptionalDouble.empty();
        }
        return switch (frameMillis) {
            case 100 -> OptionalDouble.of(referenceAt100Millis);
            case 20 -> OptionalDouble.of(referenceAt20Millis);
            default -> OptionalDouble.empty();
        };
    }

    /** As in {@code PUBSUB_ADAPTER}. */
    String settingName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
