package io.rtaa.tracing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A part of a call's trace that has begun. Each span has the ids of its call as attributes. What was said, and the numbers
 * of the two parties, never become part of one.
 *
 * <p>Thread-safety: safe. What is added after the end is lost.
 */
public interface CallSpan {

    /** In the place of a span where a call is not traced: does nothing, and costs nothing. */
    CallSpan NONE = new NoSpan();

    /** Begins a span below this one now. */
    CallSpan child(String name);

    /** Adds a span below this one that is over already. */
    void child(String name, Instant began, Instant ended);

    /** Adds an attribute; null adds nothing. */
    CallSpan tag(String name, @Nullable String value);

    /** Adds an attribute. */
    CallSpan tag(String name, long value);

    /** Adds an attribute. */
    CallSpan tag(String name, boolean value);

    /** Notes that something happened now. */
    void event(String name);

    /** Ends the span now; a second end does nothing. */
    void end();

    /** Names the span for other processes, as W3C's Trace Context writes it; null for {@link #NONE}. */
    @Nullable
    String traceparent();
}
