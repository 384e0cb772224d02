package io.rtaa.dashboard;

import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.StreamId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of transcripts may see.
 *
 * @param tenantId the only tenant whose calls are shown; null shows every tenant's
 */
record Viewer(@Nullable String tenantId) {

    /** Viewers and admins are held to the tenant that their token names; a caller's token reads nothing and gives empty. */
    static Optional<Viewer> of(Principal principal) {
        return switch (principal.role()) {
            case ADMIN, VIEWER -> Optional.of(new Viewer(principal.tenantId()));
            case CALLER -> Optional.empty();
        };
    }

    /** Why a principal that {@link #of} turned away may not read. */
    static String refusal(Principal principal) {
        return "role " + principal.role().wireName() + " reads no transcripts; allowed: " + Role.VIEWER.wireName()
                + ", " + Role.ADMIN.wireName();
    }

    boolean sees(StreamId stream) {
        return tenantId == null || tenantId.equals(stream.tenantId());
    }
}
