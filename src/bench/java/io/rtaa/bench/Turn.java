package io.rtaa.bench;

import io.rtaa.bench.load.WordCount;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one system did in one turn.
 *
 * @param system its name
 * @param load what was put on it
 * @param cpu CPU milliseconds a call-second of each of its processes, by name
 * @param loadCpu the same of the processes that make the load
 * @param added time from a final's completing frame to the final at the dashboard, without the wait for the window;
 *     microseconds
 * @param waits that wait; microseconds
 * @param lateness by how much frames went out late; microseconds
 * @param verdict whether every word arrived once
 * @param allocatedBytesPerFrame heap that a frame takes
 * @param faults what went wrong with calls and sockets
 * @param foreignPercent how much of the machine anybody else used, the system that was not measured included
 * @param stolenPercent how much of the machine was not there
 */
record Turn(
        String system,
        Load load,
        Map<String, Double> cpu,
        Map<String, Double> loadCpu,
        Histogram added,
        Histogram waits,
        Histogram lateness,
        WordCount verdict,
        long allocatedBytesPerFrame,
        List<String> faults,
        double foreignPercent,
        double stolenPercent) {

    private static final double MICROS_PER_MILLI = 1000;

    /** CPU milliseconds a call-second, all its processes together. */
    double cost() {
        return cpu.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The added latency that so many per cent of finals did not exceed, milliseconds. */
    double addedMillis(double percent) {
        return added.getValueAtPercentile(percent) / MICROS_PER_MILLI;
    }

    /** The lateness that so many per cent of frames did not exceed, milliseconds. */
    double lateMillis(double percent) {
        return lateness.getValueAtPercentile(percent) / MICROS_PER_MILLI;
    }
}
