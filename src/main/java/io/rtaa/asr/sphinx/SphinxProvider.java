package io.rtaa.asr.sphinx;

import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.asr.RecogniserRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recogniser inside the process: Sphinx-4 with its stock English model. It needs no key and no network, understands
 * few calls at a time and those badly: it is for demonstrations and for when nothing else is left.
 *
 * <p>The thread {@code sphinx-calls} looks after all calls: it finds their utterances and calls their listeners.
 * Workers recognise: see {@link SphinxOptions}. The model is loaded when the first call comes, which waits for it with
 * its audio kept.
 *
 * <p>Thread-safety: safe for use by many threads.
 */
public final class SphinxProvider implements RecogniserProvider, AutoCloseable {

    /** The provider's name, as in {@code asr:sphinx}. */
    public static final String NAME = "sphinx";

    private static final String ADVICE = "set DEEPGRAM_API_KEY to have calls recognised by Deepgram";
    private static final long IDLE_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(SphinxProvider.class);

    private final SphinxOptions options;
    private final Executor calls;
    private final DecoderPool decoders;
    private final UtteranceFailures failures = new UtteranceFailures();

    /** The calls that are taken; guards itself and the two below. */
    private final Set<SphinxConnection> open = new LinkedHashSet<>();

    private boolean introduced;
    private boolean closed;

    public SphinxProvider(SphinxOptions options) {
        this(options, UtteranceDecoder::new);
    }

    /** @param loader makes a worker's decoder, on the worker */
    SphinxProvider(SphinxOptions options, Supplier<UtteranceDecoder> loader) {
        this.options = options;
        this.decoders = new DecoderPool(options.workers(), loader);
        this.calls = callsThread();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public double maxPace() {
        return Double.POSITIVE_INFINITY;
    }

    /** Silence means nothing here: an utterance waits for its turn, and the first for the model to be loaded. */
    @Override
    public boolean isNeverSilent() {
        return false;
    }

    @Override
    public RecogniserConnection open(RecogniserRequest request, RecogniserListener listener) {
        SphinxConnection connection = new SphinxConnection(
                request.call(), listener, options.maxBacklog(), calls, decoders, failures, this::forget);
        String refusal = admit(connection);
        if (refusal == null) {
            connection.start();
        } else {
            connection.fail(new RecogniserFailure(RecogniserFailure.Kind.STREAM_REFUSED, "no_room", refusal));
        }
        return connection;
    }

    /** Returns why there is no room for the call; null where there is. */
    private @Nullable String admit(SphinxConnection connection) {
        synchronized (open) {
            if (closed) {
                return "embedded recogniser is shut down";
            }
            int max = options.maxCalls();
            if (open.size() >= max) {
                return "embedded recogniser is full: " + open.size() + " of " + max + " calls; " + ADVICE;
            }
            open.add(connection);
            if (!introduced) {
                introduced = true;
                introduce();
            }
        }
        return null;
    }

    private void introduce() {
        LOG.atWarn()
                .log(
                        "Calls are recognised by the embedded recogniser: low accuracy, {} calls at a time, for demonstration."
                                + " For real use {}",
                        options.maxCalls(),
                        ADVICE);
        decoders.submit(new WarmUp());
    }

    private void forget(SphinxConnection connection) {
        synchronized (open) {
            open.remove(connection);
        }
    }

    /** Ends all calls with a failure worth another connection elsewhere, and lets go of the model and the threads. */
    @Override
    public void close() {
        List<SphinxConnection> left;
        synchronized (open) {
            closed = true;
            left = List.copyOf(open);
        }
        left.forEach(connection -> connection.fail(
                new RecogniserFailure(RecogniserFailure.Kind.RETRYABLE, "embedded recogniser is shut down")));
        decoders.close();
    }

    /** One thread, which goes away when there is nothing to do. Its queue is bounded by the calls and their backlogs. */
    private static Executor callsThread() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "sphinx-calls");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Loads the model while the first call's first words are still on their way. */
    private static final class WarmUp implements DecoderPool.Job {

        @Override
        public void run(UtteranceDecoder decoder) {}

        @Override
        public void failed(Throwable cause) {}

        @Override
        public void unavailable(Throwable cause) {
            LOG.atError().setCause(cause).log("The embedded recogniser's model could not be loaded");
        }
    }
}
