package io.rtaa.tracing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The span of a call that is not traced.
 *
 * <p>Thread-safety: stateless.
 */
final class NoSpan implements CallSpan {

    @Override
    public CallSpan child(String name) {
        return this;
    }

    @Override
    public void child(String name, Instant began, Instant ended) {
        // Nothing is traced.
    }

    @Override
    public CallSpan tag(String name, @Nullable String value) {
        return this;
    }

    @Override
    public CallSpan tag(String name, long value) {
        return this;
    }

    @Override
    public CallSpan tag(String name, boolean value) {
        return this;
    }

    @Override
    public void event(String name) {
        // Nothing is traced.
    }

    @Override
    public void end() {
        // Nothing is traced.
    }

    @Override
    public @Nullable String traceparent() {
        return null;
    }
}
