package io.rtaa.bench;

import java.util.List;

/** Closes several things, whatever the first ones say to it. */
final class Closing {

    private Closing() {}

    /** @throws IllegalStateException with everything that went wrong */
    static void all(List<? extends AutoCloseable> parts) {
        IllegalStateException failure = new IllegalStateException("not everything closed");
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
