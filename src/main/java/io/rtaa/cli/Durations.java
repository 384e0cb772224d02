package io.rtaa.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 90}, {@code 90s}, {@code 15m}, {@code 1h} and {@code 7d}; a bare number is seconds. */
final class Durations implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String value) {
        try {
            Duration time = DurationStyle.SIMPLE.parse(value, ChronoUnit.SECONDS);
            if (time.toMillis() >= 0) {
                return time;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Answered as a negative time is.
        }
        throw new TypeConversionException("'" + value + "' is no time; allowed: 500ms, 90s, 15m, 1h, 7d");
    }
}
