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

    private final ProviderGate primary;
    private final @Nullable ProviderGate standIn;
    private final Runnable placeFree;

    private boolean atStandIn;
    private boolean standInRefused;
    private @Nullable String whyNotPrimary;

    /** @param placeFree told when the stream, having had to wait, has a place at the primary's gate */
    Admission(ProviderGate primary, @Nullable ProviderGate standIn, Runnable placeFree) {
        this.primary = primary;
        this.standIn = standIn;
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

    /** Whether the stand-in should be asked at once instead of the primary once more. */
    boolean isBetterElsewhere() {
        return standIn != null && !atStandIn && !standInRefused && primary.isShut();
    }

    /**
     * Asks for a connection. A stream that is with the stand-in stays there as long as that can be had.
     *
     * @return null where there is none to be had at present
     */
    @Nullable
    Passage ask() {
        if (atStandIn && standIn != null) {
            Passage again = standIn.tryPass();
            if (again != null) {
                return again;
            }
            leaveStandIn();
        }
        if (!primary.places().take(placeFree)) {
            whyNotPrimary =
                    primary.name() + " has no room: all " + primary.places().limit() + " places are taken";
        } else {
            Passage passage = primary.tryPass();
            if (passage != null) {
                whyNotPrimary = null;
                return passage;
            }
            whyNotPrimary = "too many connections to " + primary.name() + " failed, it is given a rest";
        }
        return askStandIn();
    }

    /**
     * The provider the stream is with does not take it: asks the other one.
     *
     * @param reason why it is not taken, in words
     * @return null where there is no other, or it cannot be had at present
     */
    @Nullable
    Passage refused(String reason) {
        if (atStandIn) {
            leaveStandIn();
            standInRefused = true;
            return ask();
        }
        whyNotPrimary = reason;
        return askStandIn();
    }

    private @Nullable Passage askStandIn() {
        if (standIn == null || standInRefused || !standIn.places().tryTake(placeFree)) {
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
