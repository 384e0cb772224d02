package io.rtaa.call;

/**
 * What travels on the audio bus: a stream's start, its windows, notes about them, its end. A stream's messages are
 * numbered from 0 without holes (the start is 0, the end comes last), so that a reader can tell a repeat from
 * a loss.
 */
public sealed interface AudioMessage permits CallStart, CallResume, AudioWindow, CallNote, CallEnd, CallRelease {

    StreamId stream();

    /** The place of this message in its stream, from 0. */
    long number();

    /**
     * Which of the sockets that carried the stream one after another this comes from: when that leg started, by the
     * clock of the process that took it, epoch milliseconds. 0 where it is not known: a version before did not tell.
     */
    long leg();

    /** Whether this comes from a socket that took the place of another one; false where either is not known. */
    default boolean isOfLaterLegThan(long other) {
        return other != 0 && leg() > other;
    }

    /** Whether another socket has taken the place of the one this comes from; false where either is not known. */
    default boolean isOfEarlierLegThan(long other) {
        return leg() != 0 && leg() < other;
    }
}
