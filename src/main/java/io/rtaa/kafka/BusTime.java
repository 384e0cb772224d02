package io.rtaa.kafka;

/** The two clocks of the bus. */
interface BusTime {

    /** Epoch milliseconds. */
    long epochMillis();

    /** Nanoseconds since some moment. */
    long nanos();

    static BusTime system() {
        return new BusTime() {
            @Override
            public long epochMillis() {
                return System.currentTimeMillis();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
