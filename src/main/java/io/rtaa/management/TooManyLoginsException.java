package io.rtaa.management;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** An address has tried too many wrong passwords. */
public final class TooManyLoginsException extends AuthenticationException {

    private static final long serialVersionUID = 1;

    private final long retryAfterSeconds;

    TooManyLoginsException(Duration wait) {
        super("too many wrong log-ins from this address");
        retryAfterSeconds = wait.plusMillis(999).toSeconds();
    }

    /** When the next try may come, in whole seconds. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
