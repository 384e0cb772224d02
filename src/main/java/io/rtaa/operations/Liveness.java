package io.rtaa.operations;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that has to make progress for this process to be worth keeping, whatever its neighbours do.
 *
 * @param name what the management listener calls it
 * @param stuck says what stands still, in words for a person, or null while it does not; asked on an event loop, so it answers
 *     at once
 */
public record Liveness(String name, Supplier<@Nullable String> stuck) {}
