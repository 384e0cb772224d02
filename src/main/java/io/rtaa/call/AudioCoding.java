package io.rtaa.call;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the audio of a caller is coded on the caller's wire: one channel, in one of several encodings, at any usual rate.
 *
 * @param encoding how a sample is encoded
 * @param sampleRate samples a second, {@value #MIN_SAMPLE_RATE} to {@value #MAX_SAMPLE_RATE}
 */
public record AudioCoding(AudioEncoding encoding, int sampleRate) {

    /** The lowest rate a caller may have, in samples a second: telephony's own. */
    public static final int MIN_SAMPLE_RATE = 8_000;

    /** The highest rate a caller may have, in samples a second. */
    public static final int MAX_SAMPLE_RATE = 48_000;

    /** The coding of a caller that says nothing about it. */
    public static final AudioCoding DEFAULT = new AudioCoding(AudioEncoding.PCM16, MIN_SAMPLE_RATE);

    /** A caller's text that goes into a reason is cut to this many characters. */
    private static final int MAX_QUOTED = 40;

    private static final Pattern RATE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?(?:e[+]?[0-9])?) ?(k|khz|hz)?");

    public AudioCoding {
        if (sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE) {
            throw new IllegalArgumentException(
                    "sample rate " + sampleRate + "; allowed: " + MIN_SAMPLE_RATE + " to " + MAX_SAMPLE_RATE);
        }
    }

    /**
     * The coding that a caller declares. The first rate that can be read counts: the sample rate, else that of the
     * encoding, else the other rate; {@link #DEFAULT}'s where none is declared.
     *
     * @param encoding the name of the encoding, which may say the rate ({@code slin16}), and perhaps parameters, one of
     *     which may be the rate ({@code audio/x-mulaw;rate=8000}); null or blank for PCM
     * @param sampleRate the declared rate as it came; null or blank for none
     * @param otherRate a rate declared elsewhere, which counts least; null or blank for none
     * @throws IllegalArgumentException if the audio cannot be read as declared; the message says what is wrong and what
     *     is allowed
     */
    public static AudioCoding declared(
            @Nullable String encoding, @Nullable String sampleRate, @Nullable String otherRate) {
        String[] parts = encoding == null ? new String[] {""} : encoding.split(";", -1);
        String rateParameter = null;
        for (int i = 1; i < parts.length; i++) {
            String[] parameter = parts[i].split("=", 2);
            String name = parameter[0].strip().toLowerCase(Locale.ROOT);
            String value = parameter.length == 1 ? "" : unquoted(parameter[1]);
            if (name.equals("rate")) {
                rateParameter = value;
            } else if (name.equals("channels") && !value.equals("1")) {
                throw new IllegalArgumentException("encoding has " + quoted(value) + " channels; allowed: 1");
            }
        }
        AudioEncoding known = parts[0].isBlank() ? DEFAULT.encoding : AudioEncoding.ofName(parts[0]);
        if (known == null) {
            throw new IllegalArgumentException(
                    "encoding " + quoted(parts[0]) + " is unknown; allowed: pcm16, mulaw, alaw and their usual names");
        }
        String rateOfEncoding = rateOfEncoding(parts[0], rateParameter, sampleRate);
        return new AudioCoding(known, firstRate(sampleRate, rateOfEncoding, otherRate));
    }

    /** The rate that an encoding's name or its parameter says; null where neither does. */
    private static @Nullable String rateOfEncoding(
            String name, @Nullable String parameter, @Nullable String sampleRate) {
        Integer rateOfName = AudioEncoding.sampleRateOfName(name);
        if (rateOfName == null) {
            return parameter;
        }
        OptionalInt rateOfParameter = parameter == null ? OptionalInt.empty() : readSampleRate(parameter);
        boolean decidedElsewhere =
                sampleRate != null && readSampleRate(sampleRate).isPresent();
        if (rateOfParameter.isPresent() && rateOfParameter.getAsInt() != rateOfName && !decidedElsewhere) {
            throw new IllegalArgumentException("encoding " + quoted(name) + " is at " + rateOfName
                    + " samples a second, and its rate is " + rateOfParameter.getAsInt()
                    + "; allowed: the same rate, or a sample rate beside the encoding, which counts first");
        }
        return rateOfName.toString();
    }

    private static int firstRate(@Nullable String... declared) {
        String unreadable = null;
        for (String rate : declared) {
            if (rate != null && !rate.isBlank()) {
                OptionalInt read = readSampleRate(rate);
                if (read.isPresent()) {
                    return read.getAsInt();
                }
                unreadable = unreadable == null ? rate : unreadable;
            }
        }
        if (unreadable != null) {
            throw new IllegalArgumentException("sample rate " + quoted(unreadable) + " is none; allowed: "
                    + MIN_SAMPLE_RATE + " to " + MAX_SAMPLE_RATE);
        }
        return DEFAULT.sampleRate;
    }

    /**
     * Reads a rate as callers write it: {@code 16000}, {@code 16000.0}, {@code 1.6e4}, {@code 16k}, {@code 16 kHz}.
     *
     * @return samples a second; empty where the text is none, or is out of the allowed range
     */
    public static OptionalInt readSampleRate(String text) {
        Matcher rate = RATE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!rate.matches()) {
            return OptionalInt.empty();
        }
        BigDecimal hertz = new BigDecimal(rate.group(1));
        if (rate.group(2) != null && rate.group(2).startsWith("k")) {
            hertz = hertz.scaleByPowerOfTen(3);
        }
        boolean whole = hertz.stripTrailingZeros().scale() <= 0;
        boolean allowed = hertz.compareTo(BigDecimal.valueOf(MIN_SAMPLE_RATE)) >= 0
                && hertz.compareTo(BigDecimal.valueOf(MAX_SAMPLE_RATE)) <= 0;
        return whole && allowed ? OptionalInt.of(hertz.intValueExact()) : OptionalInt.empty();
    }

    /**
     * The rate of the audio once it is inside, as {@link AudioFormat} allows; another than the caller's is resampled to
     * it.
     */
    public int streamSampleRate() {
        return AudioFormat.isSampleRate(sampleRate) ? sampleRate : Resampler.OUTPUT_RATE;
    }

    /** A caller's text as a reason may show it: in quotes, printable and short. */
    public static String quoted(String text) {
        String printable = text.strip().replaceAll("\\p{Cntrl}", "?");
        return "'" + (printable.length() <= MAX_QUOTED ? printable : printable.substring(0, MAX_QUOTED) + "…") + "'";
    }

    private static String unquoted(String value) {
        return value.strip().replace("\"", "");
    }
}
