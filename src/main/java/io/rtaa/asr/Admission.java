package io.rtaa.asr;

import io.rtaa.asr.ProviderGate.Passage;
import org.jspecify.annotations.Nullable;

/**
 * One stream's way in to a recogniser: at the primary's gate, or at the stand-in's where there is one and the primary is
 * full, fails everybody or refuses. Holds the stream's place, at one gate at a time.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time. It is told of a place from any thread.
 */
final class Admission {

    /** What a recogniser has come to mean to this stream. */
    private enum Door {
        OPEN,
        /** It refused; it is asked again when the stream next asks of its own accord. */
        SHUT,
        /** It refused for a reason that will not go away while the stream lasts. */
        CLOSED
    }

    private final ProviderGate primary;
    private final @Nullable ProviderGate standIn;
    private final Runnable placeFree;

    private Door primaryDoor = Door.OPEN;
    private Door standInDoor;
    private boolean atStandIn;
    private @Nullable String whyNotPrimary;
    private boolean primaryRefuses;

    /** @param placeFree told when the stream, having had to wait, has a place at the primary's gate */
    Admission(ProviderGate primary, @Nullable ProviderGate standIn, Runnable placeFree) {
        this.primary = primary;
        this.standIn = standIn;
        this.standInDoor = standIn == null ? Door.CLOSED : Door.OPEN;
        this.placeFree = placeFree;
    }

    /** The provider the stream is with, or waits for. */
    String provider() {
        return atStandIn && standIn != null ? standIn.name() : primary.name();
    }

    boolean isAtStandIn() {
        return atStandIn;
    }

    /** Why the stream waits, or is with the stand-in; null where it is with the primary. */
    @Nullable
    String whyNotPrimary() {
        return whyNotPrimary;
    }

    /** Whether the primary was not asked for a connection because it refuses all of them, or this stream for good. */
    boolean isPrimaryRefusing() {
        return primaryRefuses;
    }

    /** Whether the stand-in should be asked at once instead of the primary once more. */
    boolean isBetterElsewhere() {
        return standInDoor == Door.OPEN && !atStandIn && primary.isShut();
    }

    /** Whether nobody will ever take the stream. */
    boolean isHopeless() {
        return primaryDoor == Door.CLOSED && standInDoor == Door.CLOSED;
    }

    /**
     * Asks for a connection. A stream that is with the stand-in stays there as long as that can be had.
     *
     * @return null where there is none to be had at present
     */
    @Nullable
    Passage ask() {
        standInDoor = reopened(standInDoor);
        if (atStandIn && standIn != null) {
            Passage again = standIn.tryPass();
            if (again != null) {
                return again;
            }
            leaveStandIn();
        }
        return askPrimaryFirst();
    }

    /**
     * The provider the stream is with does not take it: asks the other one.
     *
     * @return null where there is no other, or it cannot be had at present
     */
    @Nullable
    Passage refused(RecogniserFailure failure) {
        Door door = failure.kind() == RecogniserFailure.Kind.PROVIDER_REFUSES ? Door.SHUT : Door.CLOSED;
        if (atStandIn) {
            leaveStandIn();
            standInDoor = door;
            return askPrimaryFirst();
        }
        whyNotPrimary = failure.reason();
        if (door == Door.CLOSED) {
            primaryDoor = door;
        }
        // A stream that is refused needs no place: others, which ask for something else, may use it.
        primary.places().leave(placeFree);
        return askStandIn();
    }

    private @Nullable Passage askPrimaryFirst() {
        primaryRefuses = primaryDoor == Door.CLOSED;
        if (primaryRefuses) {
            return askStandIn();
        }
        RecogniserRefusal refusal = primary.refusal();
        if (refusal != null) {
            primaryRefuses = true;
            whyNotPrimary = refusal.reason();
            primary.places().leave(placeFree);
            return askStandIn();
        }
        if (!primary.places().take(placeFree)) {
            whyNotPrimary =
                    primary.name() + " has no room: all " + primary.places().limit() + " places are taken";
            return askStandIn();
        }
        Passage passage = primary.tryPass();
        if (passage == null) {
            whyNotPrimary = "too many connections to " + primary.name() + " failed, it is given a rest";
            return askStandIn();
        }
        whyNotPrimary = null;
        return passage;
    }

    private @Nullable Passage askStandIn() {
        if (standIn == null
                || standInDoor != Door.OPEN
                || standIn.refusal() != null
                || !standIn.places().tryTake(placeFree)) {
            return null;
        }
        Passage passage = standIn.tryPass();
        if (passage == null) {
            standIn.places().leave(placeFree);
            return null;
        }
        primary.places().leave(placeFree);
        atStandIn = true;
        return passage;
    }

    private static Door reopened(Door door) {
        return door == Door.SHUT ? Door.OPEN : door;
    }

    private void leaveStandIn() {
        atStandIn = false;
        if (standIn != null) {
            standIn.places().leave(placeFree);
        }
    }

    /** The stream needs no recogniser any more. */
    void leave() {
        leaveStandIn();
        primary.places().leave(placeFree);
    }
}
