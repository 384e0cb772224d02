package io.rtaa.dashboard;

import io.rtaa.call.CallIsLiveException;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallErased;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Erases calls that have ended, for administrators: one that is bound to a tenant erases that tenant's calls only. A call
 * that is erased already may be erased again, as what was begun may have failed on the way.
 *
 * <p>Thread-safety: safe for use from any thread.
 */
final class CallErasures {

    /** How long an erasure may take until it counts as failed: a bus is looked through for what it has of the call. */
    private static final int TIMEOUT_SECONDS = 60;

    static final Declined UNKNOWN = new Declined(
            404, "no such call; calls are kept for " + CallBook.RETENTION.toMinutes() + " minutes after they end");

    private final CallBook book;
    private final Function<CallErased, CompletionStage<Void>> eraser;

    CallErasures(CallBook book, Function<CallErased, CompletionStage<Void>> eraser) {
        this.book = book;
        this.eraser = eraser;
    }

    /** What a request to erase a call comes to. */
    sealed interface Choice {}

    /** The call is to be erased. */
    record Chosen(CallErased erasure) implements Choice {}

    /**
     * The call stays.
     *
     * @param status the HTTP status
     * @param reason what is wrong and what would be allowed
     */
    record Declined(int status, String reason) implements Choice {}

    /** Finds the call that a principal wants to erase. Takes its time where the book has many calls. */
    Choice choose(Principal principal, Predicate<StreamId> wanted) {
        if (principal.role() != Role.ADMIN) {
            return new Declined(
                    403, "role " + principal.role().wireName() + " erases no calls; allowed: " + Role.ADMIN.wireName());
        }
        Viewer own = new Viewer(principal.tenantId());
        List<StreamId> found = Stream.of(book.streams(own), book.erasedStreams(own))
                .flatMap(List::stream)
                .filter(wanted)
                .distinct()
                .toList();
        if (found.isEmpty()) {
            return UNKNOWN;
        }
        if (found.size() > 1) {
            return several(found);
        }
        CallErased erasure = book.erasure(found.get(0));
        return erasure == null ? live(found.get(0)) : new Chosen(erasure);
    }

    /** Publishes the erasure; done when the bus and this process's book have it. */
    CompletionStage<Void> erase(Chosen chosen) {
        return eraser.apply(chosen.erasure()).toCompletableFuture().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** The answer to a request whose {@link #erase} failed. */
    static Declined declinedFor(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? Objects.requireNonNull(wrapped.getCause())
                : failure;
        return cause instanceof CallIsLiveException
                ? new Declined(409, Objects.requireNonNull(cause.getMessage()))
                : new Declined(503, "the bus did not confirm that the call is erased; try again");
    }

    /** The request names several tenants' calls. */
    static Declined several(List<StreamId> found) {
        return new Declined(
                409,
                "several tenants have this call; add tenant_id, one of: "
                        + String.join(
                                ", ",
                                found.stream().map(StreamId::tenantId).sorted().toList()));
    }

    private static Declined live(StreamId stream) {
        return declinedFor(new CallIsLiveException(stream));
    }
}
