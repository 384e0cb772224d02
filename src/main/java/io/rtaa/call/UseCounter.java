package io.rtaa.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Counts how often things were used that may be used a few times only.
 *
 * <p>Thread-safety: any thread at any time; never blocks, so an answer that takes time comes through the stage.
 */
@FunctionalInterface
public interface UseCounter {

    /**
     * Takes one of the uses of a thing.
     *
     * @param id names it among all that are counted
     * @param most how many uses it has, at least 1
     * @param kept how long its uses are remembered at least, above zero: no use is asked for after that
     * @return what gives the use back, once; empty where all of them are taken. Fails where it cannot be counted now
     */
    CompletionStage<Optional<Runnable>> take(String id, int most, Duration kept);
}
