package io.rtaa.testsupport.deepgram;

/**
 * How often the stand-in does what the service is known to do now and then, as probabilities from 0 to 1.
 *
 * @param missingSpeechFinal the end of speech goes untold
 * @param lateSpeechFinal the end of speech is told by an empty final of its own
 * @param negativeUtteranceEnd an {@code UtteranceEnd} with {@code last_word_end: -1} comes in silence
 * @param unknowns an interim carries a field that nobody documented, or a message of an unknown type comes before it
 * @param jitterMillis word times are off by up to so much
 * @param minWindowMillis a final without a pause comes after this much audio at the earliest
 * @param maxWindowMillis and at the latest
 */
public record Quirks(
        double missingSpeechFinal,
        double lateSpeechFinal,
        double negativeUtteranceEnd,
        double unknowns,
        int jitterMillis,
        int minWindowMillis,
        int maxWindowMillis) {

    /** A bit of everything. */
    public static final Quirks SOME = new Quirks(0.15, 0.2, 0.2, 0.1, 80, 700, 3500);

    /** The service at its plainest: exact times, and finals at pauses only, or after 10 s without one. */
    public static final Quirks NONE = new Quirks(0, 0, 0, 0, 0, 10_000, 10_000);
}
