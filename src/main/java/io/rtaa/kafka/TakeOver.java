package io.rtaa.kafka;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an assigned partition becomes a {@link PartitionLease}. No audio of it is read meanwhile.
 *
 * <pre>
 *   CLAIMING ──claim is in the log──▶ CLAIMED ──still a member──▶ TAKING_OVER ──past is read──▶ DONE
 *       ▲                                                             │
 *       ├────────────── the log tells of a higher epoch ──────────────┤
 *       └──after a while── FAILED ◀──── the log did not answer ───────┘
 * </pre>
 * The order matters. A claim's offset is the epoch; where the topic was made anew, the highest epoch that is left of
 * the former one is added to it, so that epochs rise there too. A process that is found to be a member of the group
 * <em>after</em> its claim was in the log cannot have been preceded by a later owner's, so among owners epochs rise. A
 * process that was stopped in between and finds that it is a member no more has done nothing that anybody heeds. A
 * claim that the log did not take has failed too.
 *
 * <p>Thread-safety: used by the polling thread; {@link #waits} and {@link #reason} may be asked by any.
 */
final class TakeOver {

    private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);

    /** Where it stands. */
    enum Stage {
        CLAIMING,
        CLAIMED,
        TAKING_OVER,
        FAILED,
        DONE
    }

    /** So long after a step that failed it is tried again. */
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);

    private final int partition;
    private final TranscriptLog log;
    private final Consumer<Throwable> onFailure;
    private final long sinceNanos;
    private Stage stage = Stage.CLAIMING;
    private CompletableFuture<Long> claim;
    private long failedNanos;
    private int failures;
    private volatile @Nullable String lastFailure;
    private long epoch = BusHeaders.NONE;
    /** What is left of a topic that was made anew: no claim of this one has so high an offset. */
    private long epochsBefore;

    private volatile long takeOverOffset;
    private @Nullable CompletableFuture<TranscriptLog.Past> past;

    /** @param onFailure gets why a step failed that is tried again */
    TakeOver(int partition, TranscriptLog log, Consumer<Throwable> onFailure, long nowNanos) {
        this.partition = partition;
        this.log = log;
        this.onFailure = onFailure;
        this.sinceNanos = nowNanos;
        this.claim = log.claim(partition);
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
            if (claim.isCompletedExceptionally()) {
                failed(claim, nowNanos);
            } else {
                epoch = epochsBefore + claim.join();
                stage = Stage.CLAIMED;
            }
        } else if (stage == Stage.TAKING_OVER && past != null && past.isDone()) {
            if (past.isCompletedExceptionally()) {
                failed(past, nowNanos);
            } else if (past.join().epoch() > epoch) {
                if (past.join().epoch() > takeOverOffset) {
                    epochsBefore = past.join().epoch();
                }
                claimAgain();
            } else {
                stage = Stage.DONE;
            }
        } else if (stage == Stage.FAILED && nowNanos - failedNanos >= RETRY_AFTER.toNanos()) {
            claimAgain();
        }
        return stage;
    }

    private void failed(CompletableFuture<?> step, long nowNanos) {
        stage = Stage.FAILED;
        failedNanos = nowNanos;
        failures++;
        String reason = step.handle((done, failure) -> {
                    // A client that is new does not know the topic yet: its first claim fails as a rule.
                    if (failures > 1) {
                        onFailure.accept(failure);
                    }
                    return Answers.reason(failure);
                })
                .join();
        if (failures == 2) {
            LOG.warn("Partition {} of audio is not taken over yet, and is tried again: {}", partition, reason);
        }
        lastFailure = reason;
    }

    private void claimAgain() {
        stage = Stage.CLAIMING;
        claim = log.claim(partition);
    }

    /** The group did not confirm that this process owns the partition; it is asked again. */
    void unconfirmed(KafkaException why) {
        lastFailure = Answers.reason(why);
    }

    /** How long the partition has waited to be taken over. */
    Duration waits(long nowNanos) {
        return Duration.ofNanos(nowNanos - sinceNanos);
    }

    /** Why the step before could not be done, in words for a person; null where none has failed. */
    @Nullable
    String reason() {
        return lastFailure;
    }

    /** The group has confirmed, after the claim was in the log, that this process owns the partition. */
    void confirmed() {
        stage = Stage.TAKING_OVER;
        past = log.takeOver(partition, epoch).thenCompose(offset -> {
            takeOverOffset = offset;
            return log.past(partition, offset);
        });
    }

    /** What was published before; once it is {@link Stage#DONE}. */
    TranscriptLog.Past past() {
        if (past == null) {
            throw new IllegalStateException("the take-over of partition " + partition + " is " + stage);
        }
        return past.join();
    }
}
