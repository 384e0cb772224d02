package io.rtaa.simulator;

import java.io.IOException;

/** A WAV file that cannot be played; the message says what is wrong, where, and what is allowed. */
public final class WavException extends IOException {
    public WavException(String message) {
        super(message);
    }
}
