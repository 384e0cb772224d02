package io.rtaa.asr;

import java.time.Instant;

/**
 * A recogniser takes no call at present.
 *
 * @param since when the refusal began
 * @param reason what the recogniser said, in words for an operator; never holds a key
 */
public record RecogniserRefusal(Instant since, String reason) {}
