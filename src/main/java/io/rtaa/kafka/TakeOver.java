package io.rtaa.kafka;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How an assigned partition becomes a {@link PartitionLease}. No audio of it is read meanwhile.
 *
 * <pre>
 *   CLAIMING ──claim is in the log──▶ CLAIMED ──still a member──▶ TAKING_OVER ──past is read──▶ DONE
 *       ▲                                                             │
 *       └────── the log did not answer, or tells of a higher epoch ───┘
 * </pre>
 * The order matters. A claim's offset is the epoch. Whoever is found to be a member of the group <em>after</em> its claim was
 * in the log cannot have been preceded by a later owner's, so among owners epochs rise. A process that was stopped in between
 * and finds that it is a member no more has done nothing that anybody heeds.
 *
 * <p>Thread-safety: used by the polling thread.
 */
final class TakeOver {

    /** Where it stands. */
    enum Stage {
        CLAIMING,
        CLAIMED,
        TAKING_OVER,
        DONE
    }

    /** So long after a step that failed it is tried again. */
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);

    private final int partition;
    private final TranscriptLog log;
    private Stage stage = Stage.CLAIMING;
    private CompletableFuture<Long> claim;
    private long claimedNanos;
    private long epoch = BusHeaders.NONE;
    private @Nullable CompletableFuture<TranscriptLog.Past> past;

    TakeOver(int partition, TranscriptLog log, long nowNanos) {
        this.partition = partition;
        this.log = log;
        this.claim = log.claim(partition);
        this.claimedNanos = nowNanos;
    }

    int partition() {
        return partition;
    }

    long epoch() {
        return epoch;
    }

    /** Goes on as far as it can without waiting. */
    Stage advance(long nowNanos) {
        if (stage == Stage.CLAIMING && claim.isDone()) {
            if (!claim.isCompletedExceptionally()) {
                epoch = claim.join();
                stage = Stage.CLAIMED;
            } else if (nowNanos - claimedNanos >= RETRY_AFTER.toNanos()) {
                claimAgain(nowNanos);
            }
        } else if (stage == Stage.TAKING_OVER && past != null && past.isDone()) {
            if (past.isCompletedExceptionally() || past.join().epoch() > epoch) {
                claimAgain(nowNanos);
            } else {
                stage = Stage.DONE;
            }
        }
        return stage;
    }

    private void claimAgain(long nowNanos) {
        stage = Stage.CLAIMING;
        claim = log.claim(partition);
        claimedNanos = nowNanos;
    }

    /** The group has confirmed, after the claim was in the log, that this process owns the partition. */
    void confirmed() {
        stage = Stage.TAKING_OVER;
        past = log.takeOver(partition, epoch).thenCompose(offset -> log.past(partition, offset));
    }

    /** What was published before; once it is {@link Stage#DONE}. */
    TranscriptLog.Past past() {
        if (past == null) {
            throw new IllegalStateException("the take-over of partition " + partition + " is " + stage);
        }
        return past.join();
    }
}
