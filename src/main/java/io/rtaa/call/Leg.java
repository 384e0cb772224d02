package io.rtaa.call;

/**
 * One caller's live connection carrying one stream, from its start to its end. Its identity is the connection, not a
 * name the caller sent: two connections that claim the same stream are two legs.
 *
 * <p>Thread-safety: {@link #takeNumber()}, {@link #isBegun()}, {@link #end()} and {@link #isOver()} are called under
 * the lock of the processor that forms the leg's messages; the rest does not change.
 */
public final class Leg {

    private final CallInfo info;
    private long nextNumber;
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

    /** Whether a message was numbered. Called, as {@link #isOver}, where numbers are taken. */
    public boolean isBegun() {
        return nextNumber > 0;
    }

    /** No message follows the one that was numbered last. Called, as {@link #isOver}, where numbers are taken. */
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
