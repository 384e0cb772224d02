package io.rtaa.bus.memory;

import io.rtaa.call.Outage;

/**
 * The bus does not take an event now, as a reader has no room for it. Nothing is wrong with the event: it goes out when
 * it is published again later, and no reader has it until then.
 */
public class MemoryBusFullException extends RuntimeException implements Outage {

    private static final long serialVersionUID = 1;

    MemoryBusFullException(String reader, int size) {
        super("the memory bus is full: " + reader + " has " + size + " events waiting");
    }

    /** Publishers meet it many times while a reader stands still, and its stack says nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
