package io.rtaa.simulator;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why TLS failed, in words for who placed the call: the JDK's own speak of paths and extensions.
 *
 * <p>Thread-safety: stateless.
 */
final class TlsFailure {

    private TlsFailure() {}

    /** The reason; null where the failure is none of TLS. */
    static @Nullable String reason(Throwable failure) {
        SSLException tls = first(failure, SSLException.class);
        if (first(failure, NotSslRecordException.class) != null) {
            return "the server does not speak TLS on this port; ws:// may be meant";
        }
        CertificateException date = first(failure, CertificateExpiredException.class);
        if (date == null) {
            date = first(failure, CertificateNotYetValidException.class);
        }
        if (date != null) {
            return "the server's certificate is out of date: " + date.getMessage();
        }
        if (first(failure, CertPathBuilderException.class) != null
                || first(failure, CertPathValidatorException.class) != null) {
            return "the server's certificate is not trusted; --ca names the file of the CA that signed it";
        }
        CertificateException other = first(failure, CertificateException.class);
        if (other != null) {
            return "the server's certificate is for another host: " + other.getMessage();
        }
        return tls == null ? null : "TLS failed: " + tls.getMessage();
    }

    private static <T extends Throwable> @Nullable T first(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
