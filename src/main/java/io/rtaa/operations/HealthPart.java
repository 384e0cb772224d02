package io.rtaa.operations;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing this process needs to do its job.
 *
 * @param name what it is called in the answer
 * @param fault says what is wrong, in words for a person, or null while all is well; asked on an event loop, so it answers
 *     at once
 */
public record HealthPart(String name, Supplier<@Nullable String> fault) {}
