package io.rtaa.call;

/**
 * Where a stream's audio comes from, as the bus that brings it knows: the right to read it, say, which may go to another
 * process. Each event of a stream goes out with the origin that its session began with, as exchange property {@link
 * #PROPERTY}, so that a bus can refuse what comes from somebody who has lost that right. Only the bus that made it looks inside.
 */
public interface AudioOrigin {

    /** The exchange property that carries the origin of an event's stream; absent where the bus of its audio has none. */
    String PROPERTY = "RtaaAudioOrigin";
}
