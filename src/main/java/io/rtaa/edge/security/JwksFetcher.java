package io.rtaa.edge.security;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Gets a JWK set over HTTP. Unlike the library's own, it gives up a fixed time after it began, however slowly the
 * answer comes, and follows no redirect: keys come from the address that the operator set and from nowhere else.
 * Java's proxy properties hold.
 *
 * <p>Thread-safety: any thread, which it blocks.
 */
final class JwksFetcher implements ResourceRetriever {

    /** The most bytes of a JWK set; a key has less than 4 KiB with its certificates. */
    static final int MAX_BYTES = 256 * 1024;

    private final HttpClient client;
    private final Duration timeout;

    /** @param timeout for a whole answer */
    JwksFetcher(Duration timeout) {
        this.timeout = timeout;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout);
        ProxySelector proxies = ProxySelector.getDefault();
        if (proxies != null) {
            builder.proxy(proxies);
        }
        this.client = builder.build();
    }

    /** @throws IOException if there is no answer with 200 in time, or it is too large; the message says which */
    @Override
    public Resource retrieveResource(URL url) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url.toString()))
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, head -> new Bounded());
        try {
            HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("the answer is " + response.statusCode()
                        + "; allowed: 200 with a JWK set, redirects are not followed");
            }
            return new Resource(
                    new String(response.body(), StandardCharsets.UTF_8),
                    response.headers().firstValue("Content-Type").orElse(null));
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(
                    cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            // Ends the connection where the answer is still coming.
            answer.cancel(true);
        }
    }

    /** Gathers an answer, and gives it up once it is too large. */
    private static final class Bounded implements BodySubscriber<byte[]> {

        private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
        private Flow.@Nullable Subscription subscription;
        private long bytes;

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            whole.onSubscribe(given);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            bytes += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
            if (bytes <= MAX_BYTES) {
                whole.onNext(buffers);
            } else {
                Objects.requireNonNull(subscription).cancel();
                whole.onError(new IOException("the answer is larger than " + MAX_BYTES + " bytes; allowed: less"));
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.onError(failure);
        }

        @Override
        public void onComplete() {
            if (bytes <= MAX_BYTES) {
                whole.onComplete();
            }
        }
    }
}
