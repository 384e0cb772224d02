package io.rtaa.operations;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing this process needs to do its job.
 *
 * @param name what it is called in the answer
 * @param fault says what is wrong, in words for a person, or null while all is well; asked on an event loop, so it answers
 *     at once
 * @param note says what is worth knowing although all is well, or null; asked as the fault is
 */
public record HealthPart(String name, Supplier<@Nullable String> fault, Supplier<@Nullable String> note) {

    /** A part that has nothing to say while all is well. */
    public HealthPart(String name, Supplier<@Nullable String> fault) {
        this(name, fault, () -> null);
    }

    /** What is wrong now, in words for a person; null while all is well. A check that throws is a fault, too. */
    public @Nullable String problem() {
        try {
            return fault.get();
        } catch (RuntimeException e) {
            return "its check failed: " + e;
        }
    }
}
