package io.rtaa.asr.sphinx;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.CallInfo;
import io.rtaa.call.Resampler;
import io.rtaa.call.Word;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call at the embedded recogniser. Its audio becomes utterances, decoded one after the other by whichever worker is
 * free, and silence, both acknowledged by finals that follow each other without holes.
 *
 * <p>Audio that was not acknowledged waits here, up to the backlog's limit; beyond it the call is closed with {@link
 * RecogniserFailure.Kind#STREAM_REFUSED}, as the same audio would not be recognised any faster a second time.
 *
 * <p>Thread-safety: everything but the public methods' first steps and {@link UtteranceJob} runs on the calls' thread,
 * which also calls the listener.
 */
final class SphinxConnection implements RecogniserConnection {

    /** What the model knows. */
    private static final String LANGUAGE = "en-US";

    private final CallInfo call;
    private final RecogniserListener listener;
    private final long maxBacklogSamples;
    private final Executor calls;
    private final DecoderPool decoders;
    private final UtteranceFailures failures;
    private final Consumer<SphinxConnection> whenOver;

    /** Native samples sent, by the session's thread. */
    private final AtomicLong sentSamples = new AtomicLong();
    /** Native samples acknowledged, by the calls' thread. */
    private volatile long doneSamples;
    /** The listener hears nothing any more. */
    private volatile boolean over;

    private final Resampler resampler;
    private final Endpointer endpointer;
    private final CepstralMean mean = new CepstralMean();
    /** What comes after the utterance that is being decoded, in order. */
    private final Deque<Segment> pending = new ArrayDeque<>();
    /** The utterance that is being spoken; perhaps still pending. */
    private @Nullable Utterance spoken;

    private @Nullable Utterance decoded;
    private String lastPartial = "";
    private boolean ending;
    /** Words were acknowledged and the listener was not told that their utterance ended. */
    private boolean utteranceOpen;

    /** A piece of the call in its place. */
    private sealed interface Segment {}

    private record Silence(long fromSample, long toSample) implements Segment {}

    private record Speech(Utterance utterance) implements Segment {}

    /** @param whenOver told once or more that the call needs its place no longer, on any thread */
    SphinxConnection(
            CallInfo call,
            RecogniserListener listener,
            Duration maxBacklog,
            Executor calls,
            DecoderPool decoders,
            UtteranceFailures failures,
            Consumer<SphinxConnection> whenOver) {
        this.call = call;
        this.listener = listener;
        this.maxBacklogSamples = AudioFormat.samples(maxBacklog.toMillis(), call.sampleRate());
        this.calls = calls;
        this.decoders = decoders;
        this.failures = failures;
        this.whenOver = whenOver;
        this.resampler = new Resampler(call.sampleRate());
        this.endpointer = new Endpointer(new Segments());
    }

    void start() {
        post(listener::opened);
    }

    /** Closes the call with a failure, unless it is over. */
    void fail(RecogniserFailure failure) {
        post(() -> close(failure));
    }

    @Override
    public void send(byte[] pcm) {
        if (over) {
            return;
        }
        float[] samples = samples(pcm);
        long backlog = sentSamples.addAndGet(samples.length) - doneSamples;
        if (backlog > maxBacklogSamples) {
            fail(new RecogniserFailure(
                    RecogniserFailure.Kind.STREAM_REFUSED,
                    "too_far_behind",
                    "embedded recogniser is " + backlog / call.sampleRate() + " s behind; allowed: "
                            + maxBacklogSamples / call.sampleRate() + " s"));
        } else {
            post(() -> endpointer.accept(resampler.resample(samples)));
        }
    }

    @Override
    public void flush() {
        post(endpointer::cut);
    }

    @Override
    public void end() {
        post(() -> {
            ending = true;
            endpointer.end();
            advance();
        });
    }

    @Override
    public void abort() {
        over = true;
        whenOver.accept(this);
        calls.execute(this::release);
    }

    private static float[] samples(byte[] pcm) {
        float[] samples = new float[pcm.length / AudioFormat.BYTES_PER_SAMPLE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) ((pcm[2 * i] & 0xff) | (pcm[2 * i + 1] << 8));
        }
        return samples;
    }

    private void post(Runnable task) {
        calls.execute(() -> {
            if (over) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                // One thread serves all calls: what one of them throws must not end it.
                failures.callFailed(call.stream(), e);
                close(new RecogniserFailure(
                        RecogniserFailure.Kind.STREAM_REFUSED, "embedded recogniser failed on the call: " + e));
            }
        });
    }

    private void close(@Nullable RecogniserFailure failure) {
        over = true;
        release();
        listener.closed(failure);
    }

    private void release() {
        whenOver.accept(this);
        if (decoded != null) {
            decoded.abandon();
        }
        pending.clear();
    }

    /** Goes through the segments up to the first that has to wait. */
    private void advance() {
        while (decoded == null && !over) {
            Segment next = pending.poll();
            if (next instanceof Silence silence) {
                acknowledge(silence.fromSample(), silence.toSample(), List.of(), true);
            } else if (next instanceof Speech speech) {
                decoded = speech.utterance();
                decoders.submit(new UtteranceJob(speech.utterance()));
            } else {
                if (ending) {
                    close(null);
                }
                return;
            }
        }
    }

    private void partial(Utterance utterance, List<Word> words, long heardSample) {
        String text = text(words);
        if (utterance != decoded || text.equals(lastPartial)) {
            return;
        }
        lastPartial = text;
        long start = millis(utterance.startSample());
        long end = millis(heardSample);
        listener.partial(new RecognisedSpan(start, end, text, null, 0, false, LANGUAGE, within(words, start, end)));
    }

    private void finished(Utterance utterance, List<Word> words) {
        if (utterance == spoken) {
            // The decoder gave up early: what is still to come of the utterance is another one.
            endpointer.cut();
        }
        decoded = null;
        lastPartial = "";
        acknowledge(utterance.startSample(), utterance.endSample(), words, utterance.endedAtPause());
        advance();
    }

    private void acknowledge(long fromSample, long toSample, List<Word> words, boolean atPause) {
        long start = millis(fromSample);
        long end = millis(toSample);
        boolean spoke = !words.isEmpty();
        listener.finalResult(new RecognisedSpan(
                start, end, text(words), null, 0, spoke && atPause, LANGUAGE, within(words, start, end)));
        doneSamples = toSample * call.sampleRate() / Resampler.OUTPUT_RATE;
        if (spoke) {
            utteranceOpen = !atPause;
        } else if (utteranceOpen && atPause) {
            utteranceOpen = false;
            listener.utteranceEnd();
        }
    }

    /** The decoder's frames reach a little beyond the span; the words do not. */
    private static List<Word> within(List<Word> words, long start, long end) {
        return words.stream()
                .map(word -> word.at(
                        Math.max(start, Math.min(end, word.startMillis())),
                        Math.max(start, Math.min(end, word.endMillis()))))
                .toList();
    }

    private static String text(List<Word> words) {
        return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }

    private static long millis(long sample) {
        return AudioFormat.millis(sample, Resampler.OUTPUT_RATE);
    }

    /** What the endpointer finds. */
    private final class Segments implements Endpointer.Sink {

        @Override
        public void silence(long fromSample, long toSample) {
            pending.add(new Silence(fromSample, toSample));
            advance();
        }

        @Override
        public void utteranceBegins(long sample) {
            Utterance utterance = new Utterance(sample);
            spoken = utterance;
            pending.add(new Speech(utterance));
            advance();
        }

        @Override
        public void audio(float[] samples) {
            if (spoken != null) {
                spoken.add(samples);
            }
        }

        @Override
        public void utteranceEnds(long sample, boolean atPause) {
            if (spoken != null) {
                spoken.end(sample, atPause);
                spoken = null;
            }
        }
    }

    /** The decoding of one utterance, on a worker. */
    private final class UtteranceJob implements DecoderPool.Job, UtteranceDecoder.Progress {

        private final Utterance utterance;

        UtteranceJob(Utterance utterance) {
            this.utterance = utterance;
        }

        @Override
        public void run(UtteranceDecoder decoder) {
            if (!over) {
                List<Word> words = decoder.decode(utterance, mean, this);
                post(() -> finished(utterance, words));
            }
        }

        @Override
        public void partial(List<Word> words, long heardSample) {
            post(() -> SphinxConnection.this.partial(utterance, words, heardSample));
        }

        @Override
        public void starved() {
            post(() -> {
                if (utterance == spoken) {
                    endpointer.cut();
                }
            });
        }

        @Override
        public void failed(Throwable cause) {
            if (!over) {
                failures.utteranceFailed(call.stream(), cause);
                post(() -> finished(utterance, List.of()));
            }
        }

        @Override
        public void unavailable(Throwable cause) {
            fail(new RecogniserFailure(
                    RecogniserFailure.Kind.RETRYABLE,
                    "no_model",
                    "embedded recogniser's model could not be loaded (about 400 MB of heap for each worker): "
                            + cause));
        }
    }
}
