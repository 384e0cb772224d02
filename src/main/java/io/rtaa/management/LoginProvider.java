package io.rtaa.management;

import io.github.bucket4j.TimeMeter;
import io.rtaa.audit.AuditLog;
import java.time.Duration;
import java.util.List;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Checks names and passwords of operators, by a form or by HTTP Basic. The principal of who is in is its {@link Login}.
 *
 * <p>Thread-safety: safe.
 */
public final class LoginProvider implements AuthenticationProvider {

    /** What the name of a role's authority begins with. */
    static final String AUTHORITY = "ROLE_";

    private final Logins logins;
    private final LoginRate rate;

    public LoginProvider(Logins logins) {
        this(logins, TimeMeter.SYSTEM_NANOTIME);
    }

    LoginProvider(Logins logins, TimeMeter clock) {
        this.logins = logins;
        this.rate = new LoginRate(clock);
    }

    /**
     * @throws TooManyLoginsException if the address has tried too many wrong passwords
     * @throws BadCredentialsException if there is no such login
     */
    @Override
    public Authentication authenticate(Authentication attempt) {
        String address = attempt.getDetails() instanceof WebAuthenticationDetails details
                ? String.valueOf(details.getRemoteAddress())
                : "";
        Duration wait = rate.take(address);
        if (!wait.isZero()) {
            throw refused(address, new TooManyLoginsException(wait));
        }
        Login login = logins.find(attempt.getName(), String.valueOf(attempt.getCredentials()));
        if (login == null) {
            throw refused(address, new BadCredentialsException("wrong user or password"));
        }
        rate.giveBack(address);
        UsernamePasswordAuthenticationToken in = UsernamePasswordAuthenticationToken.authenticated(
                login,
                null,
                List.of(new SimpleGrantedAuthority(AUTHORITY + login.role().wireName())));
        in.setDetails(attempt.getDetails());
        return in;
    }

    private static AuthenticationException refused(String address, AuthenticationException why) {
        AuditLog.operatorSignIn("", null, address, why.getMessage());
        return why;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
