package io.rtaa.config;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.security.ReplaceableCertificate;
import io.rtaa.edge.security.ServerCertificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of the public listener: in use from the start on, and replaced when its files change.
 *
 * <p>Thread-safety: any thread.
 */
final class ListenerCertificate implements X509TrustManager {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerCertificate.class);

    private final Clock clock;
    private final @Nullable ReplaceableCertificate inUse;

    /** @param first null for plain HTTP */
    ListenerCertificate(
            PublicListener listener, @Nullable ServerCertificate first, Clock clock, MeterRegistry registry) {
        this.clock = clock;
        this.inUse = first == null ? null : new ReplaceableCertificate(first);
        Gauge.builder("rtaa.tls.certificate.expires", this, ListenerCertificate::expirySeconds)
                .description("When the public listener's certificate, or one that vouches for it, expires, since 1970")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
        Counter failed = Counter.builder("rtaa.tls.handshakes.failed")
                .description("TLS handshakes of the public listener that failed")
                .register(registry);
        if (first != null && inUse != null) {
            listener.useTls(inUse, failed::increment);
            log(first);
        }
    }

    private double expirySeconds() {
        return inUse == null ? Double.NaN : inUse.current().expires().getEpochSecond();
    }

    /**
     * Has those who connect from now on see the pair that the files hold; who is connected stays.
     *
     * @param files the certificates, then the key
     * @throws IllegalArgumentException if the pair cannot be used, or has expired; the one before stays in use
     */
    void replace(List<FileContent> files) {
        ServerCertificate next = TlsSettings.pair(files);
        if (isExpired(next)) {
            throw new IllegalArgumentException(
                    "the certificate expired at " + next.expires() + "; allowed: a valid one");
        }
        Objects.requireNonNull(inUse, "a listener without TLS has no files of a certificate")
                .replace(next);
        log(next);
    }

    private boolean isExpired(ServerCertificate certificate) {
        return !certificate.expires().isAfter(Instant.now(clock));
    }

    private void log(ServerCertificate certificate) {
        LOG.atLevel(isExpired(certificate) ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
                .addKeyValue("subject", certificate)
                .addKeyValue("expires", certificate.expires())
                .log("The public listener's certificate is in use");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (inUse == null || !Objects.equals(chain[0], inUse.current().certificate())) {
            throw new CertificateException("this is not the certificate of the public listener");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no client has to prove who it is");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
