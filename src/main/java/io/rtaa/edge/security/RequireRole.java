package io.rtaa.edge.security;

import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.SocketHeaders;
import java.util.EnumSet;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The route step that lets only certain roles pass. Whoever may not pass gets an {@link AccessDeniedException}; the message
 * then carries the close code and reason, so that a route's error handling can send it back to the socket as it is.
 *
 * <p>Thread-safety: any thread. Runs for each frame of audio, so it looks up one header.
 */
public final class RequireRole implements Processor {
    private final Set<Role> roles;

    public RequireRole(Role first, Role... more) {
        this.roles = EnumSet.of(first, more);
    }

    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getMessage().getHeader(SocketHeaders.PRINCIPAL) instanceof Principal principal)) {
            throw refusal(exchange, "nobody proved who they are");
        }
        if (!roles.contains(principal.role())) {
            throw refusal(exchange, "role " + principal.role().wireName() + " may not do this");
        }
    }

    private static AccessDeniedException refusal(Exchange exchange, String reason) {
        exchange.getMessage().setHeader(SocketHeaders.CLOSE_CODE, AccessDeniedException.CLOSE_CODE);
        exchange.getMessage().setHeader(SocketHeaders.CLOSE_REASON, reason);
        return new AccessDeniedException(reason);
    }
}
