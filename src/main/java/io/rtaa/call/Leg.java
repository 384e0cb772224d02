package io.rtaa.call;

/**
 * One caller's live connection carrying one stream, from its start to its end. Its identity is the connection, not a
 * name the caller sent: two connections that claim the same stream are two legs.
 *
 * <p>Thread-safety: what changes ({@link #takeNumber}, {@link #isBegun}, {@link #collected}, {@link #collectedSamples},
 * {@link #end}, {@link #isOver}) is called under the lock of the processor that forms the leg's messages.
 */
public final class Leg {

    private final CallInfo info;
    private long nextNumber;
    private long collectedSamples;
    private boolean over;

    public Leg(CallInfo info) {
        this.info = info;
    }

    public CallInfo info() {
        return info;
    }

    public StreamId stream() {
        return info.stream();
    }

    public int sampleRate() {
        return info.sampleRate();
    }

    /** Numbers the leg's next message, from 0. */
    public long takeNumber() {
        return nextNumber++;
    }

    /** Whether a message was numbered. */
    public boolean isBegun() {
        return nextNumber > 0;
    }

    /** The leg's audio before this sample is in its messages. */
    public void collected(long endSample) {
        collectedSamples = endSample;
    }

    /** The samples of all audio of the leg that is in its messages. */
    public long collectedSamples() {
        return collectedSamples;
    }

    /** No message follows the one that was numbered last. */
    public void end() {
        over = true;
    }

    public boolean isOver() {
        return over;
    }

    @Override
    public String toString() {
        return "Leg[" + info.stream() + "]";
    }
}
