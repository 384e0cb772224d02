package io.rtaa.call;

/**
 * What travels on the audio bus: a stream's start, its windows, its end. A stream's messages are numbered from 0 without
 * holes (the start is 0, the end comes last), so that whoever reads them can tell a repeat from a loss.
 */
public sealed interface AudioMessage permits CallStart, CallResume, AudioWindow, CallEnd, CallRelease {

    StreamId stream();

    /** The place of this message in its stream, from 0. */
    long number();
}
