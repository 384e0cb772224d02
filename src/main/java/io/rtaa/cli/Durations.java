package io.rtaa.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 90}, {@code 90s}, {@code 15m}, {@code 1h} and {@code 7d}; a bare number is seconds. */
final class Durations implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)?");

    @Override
    public Duration convert(String value) {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is no time; allowed: 500ms, 90s, 15m, 1h, 7d");
        }
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        long millis = switch (unit) {
            case "ms" -> 1;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 1000;
        };
        return Duration.ofMillis((long) (Double.parseDouble(matcher.group(1)) * millis));
    }
}
