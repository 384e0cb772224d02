package io.rtaa.management;

import io.rtaa.call.Role;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Who asks on this thread, and by which request.
 *
 * @param login the login
 * @param request the request
 */
record Operator(Login login, HttpServletRequest request) {

    /** Null where this thread serves no request of an operator that is logged in. */
    static @Nullable Operator current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null
                && authentication.isAuthenticated()
                && authentication.getPrincipal() instanceof Login login
                && RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) {
            return new Operator(login, attributes.getRequest());
        }
        return null;
    }

    boolean isAdmin() {
        return login.role() == Role.ADMIN;
    }
}
