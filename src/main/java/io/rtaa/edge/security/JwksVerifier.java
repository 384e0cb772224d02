package io.rtaa.edge.security;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetParseException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.rtaa.routes.LogThrottle;
import java.io.IOException;
import java.net.URL;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Verifies tokens against the JWK set at an address. A token of a key that is here is verified at once; one that names
 * another key is verified after the set was fetched again. Tokens that wait share one fetch, and fetches are limited:
 * tokens with made-up key names cost the other side little, and tokens with known names nothing.
 *
 * <p>While the address does not answer, the keys that were fetched last count for {@link Times#outage}. The library's
 * cache blocks its caller while it fetches, so only the thread of this class asks it; see decision 0024.
 *
 * <p>Thread-safety: any thread at any time; never blocks.
 */
public final class JwksVerifier implements TokenVerifier, AutoCloseable {

    /**
     * How often the set is fetched, and how long it counts.
     *
     * @param refresh how old the keys become before they are fetched again
     * @param look how often the verifier looks whether that is due; a failed fetch is repeated then
     * @param rateLimit the set is fetched no more than twice in this time, whatever tokens come
     * @param fetch how long one fetch may take; a failed one is tried once more at once
     * @param outage how long keys count that cannot be fetched again
     */
    public record Times(Duration refresh, Duration look, Duration rateLimit, Duration fetch, Duration outage) {

        /** Within the time-out of a handshake, two tries of a fetch have room. */
        public static final Times DEFAULT = new Times(
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofHours(4));
    }

    private static final Logger LOG = LoggerFactory.getLogger(JwksVerifier.class);

    private static final Verification.Rejected UNKNOWN_KEY = new Verification.Rejected("the token is malformed or"
            + " signed by an unknown key; allowed: a JWT signed by a key of the JWK set, with "
            + PublicKeys.ALGORITHMS_IN_WORDS);
    private static final Verification.Unavailable NO_KEYS =
            new Verification.Unavailable("the keys that verify tokens cannot be fetched now; try again later");

    /** @param source the set as the library holds it: by its identity it knows whether it has a newer one */
    private record Fetched(JWKSet source, PublicKeys keys, long atNanos) {}

    private final LongSupplier nanoTime;
    private final Times times;
    private final JWKSetSource<SecurityContext> source;
    private final TokenDecoder decoder;
    private final JwksMeters meters;
    private final LogThrottle failures = new LogThrottle();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "jwks");
        daemon.setDaemon(true);
        return daemon;
    });

    private volatile @Nullable Fetched latest;
    private volatile boolean lastFetchFailed;
    /** Guarded by this: the fetch that is under way, or the last one. */
    private CompletableFuture<Void> fetching = CompletableFuture.completedFuture(null);

    /**
     * Begins to fetch at once, and waits for nothing.
     *
     * @param url where the JWK set is
     */
    public JwksVerifier(URL url, TokenRules rules, Times times, Clock clock, JwksMeters meters) {
        this(url, rules, times, clock, meters, System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime}: says how old keys are */
    JwksVerifier(URL url, TokenRules rules, Times times, Clock clock, JwksMeters meters, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.times = times;
        this.meters = meters;
        JWKSetSource<SecurityContext> address = new URLBasedJWKSetSource<>(url, new JwksFetcher(times.fetch()));
        this.source = ((JWKSetBasedJWKSource<SecurityContext>) JWKSourceBuilder.create(new Counted(address))
                        .cache(times.refresh().toMillis(), 2 * times.fetch().toMillis())
                        // The thread of this class does both, and goes on after failures.
                        .refreshAheadCache(false)
                        .outageTolerant(false)
                        .rateLimited(times.rateLimit().toMillis())
                        .retrying(true)
                        .build())
                .getJWKSetSource();
        this.decoder = new TokenDecoder(this::keys, rules, clock);
        meters.measureAge(this::ageSeconds);
        var unused = thread.scheduleWithFixedDelay(
                this::refreshIfDue, 0, times.look().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The keys that count; none while there are none that are young enough. */
    private PublicKeys keys() {
        Fetched here = latest;
        return here == null || ageNanos(here) >= times.outage().toNanos() ? PublicKeys.NONE : here.keys();
    }

    private long ageNanos(Fetched here) {
        return nanoTime.getAsLong() - here.atNanos();
    }

    private double ageSeconds() {
        Fetched here = latest;
        return here == null ? 0 : ageNanos(here) / 1e9;
    }

    @Override
    public @Nullable String fault() {
        return keys().isEmpty() ? "the keys that verify tokens are not here; the log says why" : null;
    }

    @Override
    public @Nullable String note() {
        return lastFetchFailed
                ? "the keys that verify tokens cannot be fetched again; the log says why, and those of before count"
                : null;
    }

    @Override
    public CompletionStage<Verification> verify(String token) {
        Optional<JWSHeader> header = TokenDecoder.header(token);
        if (header.isEmpty() || !keys().matching(header.get()).isEmpty()) {
            return CompletableFuture.completedStage(decoder.decode(token));
        }
        return refresh().handle((done, failure) -> {
            if (!keys().matching(header.get()).isEmpty()) {
                return decoder.decode(token);
            }
            // Where the last fetch failed, the key may be a new one.
            return lastFetchFailed || keys().isEmpty() ? NO_KEYS : UNKNOWN_KEY;
        });
    }

    /** Fetches the set, or joins the fetch that is under way; complete once that is over, well or not. */
    private synchronized CompletableFuture<Void> refresh() {
        if (fetching.isDone()) {
            Fetched here = latest;
            try {
                fetching = CompletableFuture.runAsync(() -> fetch(here), thread);
            } catch (RejectedExecutionException closed) {
                return CompletableFuture.failedFuture(closed);
            }
        }
        return fetching;
    }

    private void refreshIfDue() {
        Fetched here = latest;
        if (here == null || ageNanos(here) >= times.refresh().toNanos()) {
            var unused = refresh();
        }
    }

    /**
     * Fetches a set that is newer than the one that was here when a fetch was asked for. Runs on the thread of this
     * class; what is fetched is in {@link #latest} then.
     */
    private void fetch(@Nullable Fetched here) {
        JWKSetCacheRefreshEvaluator newerThanHere = here == null
                ? JWKSetCacheRefreshEvaluator.noRefresh()
                : JWKSetCacheRefreshEvaluator.referenceComparison(here.source());
        try {
            source.getJWKSet(newerThanHere, System.currentTimeMillis(), null);
        } catch (RateLimitReachedException e) {
            LOG.debug("The JWK set was fetched a moment ago");
        } catch (KeySourceException | RuntimeException e) {
            failures.atLevel(LOG, Level.WARN)
                    .log(
                            "The JWK set cannot be fetched; {}: {}",
                            keys().isEmpty() ? "no token can be verified" : "the keys that are here stay",
                            e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** The address, below all caches and limits: sees each fetch. */
    private final class Counted implements JWKSetSource<SecurityContext> {

        private final JWKSetSource<SecurityContext> address;

        Counted(JWKSetSource<SecurityContext> address) {
            this.address = address;
        }

        @Override
        public JWKSet getJWKSet(
                JWKSetCacheRefreshEvaluator evaluator, long currentTime, @Nullable SecurityContext context)
                throws KeySourceException {
            boolean usable = false;
            try {
                JWKSet set = address.getJWKSet(evaluator, currentTime, context);
                PublicKeys keys = PublicKeys.ofJwks(set.getKeys());
                if (keys.size() == 0) {
                    throw new JWKSetParseException(
                            "it has no key that can verify; allowed: RSA keys of " + RsaKeys.MIN_BITS
                                    + " bits or more and EC keys on P-256, P-384 and P-521",
                            null);
                }
                Fetched before = latest;
                latest = new Fetched(set, keys, nanoTime.getAsLong());
                if (before == null || !before.keys().equals(keys)) {
                    LOG.atInfo().addKeyValue("keys", keys.size()).log("The keys of the JWK set are new");
                }
                usable = true;
                return set;
            } finally {
                lastFetchFailed = !usable;
                (usable ? meters.fetched : meters.failed).increment();
            }
        }

        @Override
        public void close() throws IOException {
            address.close();
        }
    }
}
