package io.rtaa.dashboard;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the API's answers waits for those who asked to read it. An answer may have megabytes, and stays in memory
 * until it is read or its connection is closed as idle.
 *
 * <p>Thread-safety: any thread.
 */
public final class UnsentAnswers {

    /** What a process with a heap of 500 MB has to spare, bytes. */
    public static final long DEFAULT_MOST_BYTES = 64L << 20;

    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();

    /** @param mostBytes how much may wait before further requests are to be refused; at least 1 */
    public UnsentAnswers(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    boolean isFull() {
        return bytes.get() >= mostBytes;
    }

    /** @param sent completes when the answer has left this process, or never will */
    void add(long length, Future<Void> sent) {
        bytes.addAndGet(length);
        sent.onComplete(done -> bytes.addAndGet(-length));
    }
}
