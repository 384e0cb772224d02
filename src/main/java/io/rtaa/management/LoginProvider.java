package io.rtaa.management;

import io.github.bucket4j.TimeMeter;
import io.rtaa.audit.AuditLog;
import io.rtaa.edge.limits.KeyedRate;
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
 * <p>Bounds how many wrong passwords an address may try: {@value #MOST} at once, and as many again in a minute. A log-in
 * takes one of them before its password is looked at, and gives it back where the password was right, so that many tries
 * at the same time get no more.
 *
 * <p>Thread-safety: safe.
 */
public final class LoginProvider implements AuthenticationProvider {

    /** What the name of a role's authority begins with. */
    static final String AUTHORITY = "ROLE_";

    /** More than a person mistypes, far fewer than a guess needs. */
    static final int MOST = 10;

    private final Logins logins;
    private final KeyedRate rate;

    public LoginProvider(Logins logins) {
        this(logins, TimeMeter.SYSTEM_NANOTIME);
    }

    LoginProvider(Logins logins, TimeMeter clock) {
        this.logins = logins;
        this.rate = new KeyedRate(MOST, Duration.ofMinutes(1), clock);
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
