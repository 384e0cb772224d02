package io.rtaa.asr;

import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A recogniser that says what a test tells it to, and remembers what it was sent. */
final class ScriptedRecogniser implements RecogniserProvider {

    final List<Connection> connections = new ArrayList<>();
    private final double maxPace;
    private boolean neverSilent = true;
    private String name = "scripted";
    private @Nullable RecogniserFailure refusal;
    private boolean opensAtOnce = true;
    private @Nullable RecogniserRefusal known;
    private @Nullable Error onSend;
    private Runnable onFlush = () -> {};

    ScriptedRecogniser(double maxPace) {
        this.maxPace = maxPace;
    }

    /** One of several recognisers; its silence means nothing. */
    ScriptedRecogniser(String name) {
        this(Double.POSITIVE_INFINITY);
        this.name = name;
        this.neverSilent = false;
    }

    /** Refuses every connection from now on, at once; null: takes them again. */
    void refuses(@Nullable RecogniserFailure failure) {
        refusal = failure;
    }

    /** Is known to refuse, without being asked; null: no longer. */
    void isKnownToRefuse(@Nullable RecogniserRefusal refused) {
        known = refused;
    }

    /** Connections that open from now on throw when they are sent audio. */
    void throwsOnSend(@Nullable Error error) {
        onSend = error;
    }

    /** Connections that open from now on do this when they are to flush. */
    void onFlush(Runnable action) {
        onFlush = action;
    }

    /** Connections that nobody has given up or lost. */
    long live() {
        return connections.stream()
                .filter(connection -> !connection.aborted && !connection.closed)
                .count();
    }

    ScriptedRecogniser opensWhenTold() {
        opensAtOnce = false;
        return this;
    }

    Connection last() {
        return connections.get(connections.size() - 1);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable RecogniserRefusal refusal() {
        return known;
    }

    @Override
    public RecogniserConnection open(RecogniserRequest request, RecogniserListener listener) {
        Connection connection = new Connection(listener, onSend, onFlush);
        connections.add(connection);
        if (refusal != null) {
            connection.closesWith(refusal);
        } else if (opensAtOnce) {
            listener.opened();
        }
        return connection;
    }

    @Override
    public double maxPace() {
        return maxPace;
    }

    @Override
    public boolean isNeverSilent() {
        return neverSilent;
    }

    static final class Connection implements RecogniserConnection {
        final RecogniserListener listener;
        final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        int flushes;
        boolean ended;
        boolean aborted;
        boolean closed;
        private final @Nullable Error onSend;
        private final Runnable onFlush;

        private Connection(RecogniserListener listener, @Nullable Error onSend, Runnable onFlush) {
            this.listener = listener;
            this.onSend = onSend;
            this.onFlush = onFlush;
        }

        void says(long startMillis, long endMillis, String text) {
            List<Word> words =
                    text.isEmpty() ? List.of() : List.of(new Word(text, text, startMillis, endMillis, null, null));
            listener.finalResult(Shorthand.span(startMillis, endMillis, text, 0.9, 0, true, words));
        }

        /** A final with the words of speakers, its text as the recogniser wrote it. */
        void says(String text, Word... words) {
            long endMillis = words[words.length - 1].endMillis();
            listener.finalResult(Shorthand.span(words[0].startMillis(), endMillis, text, 0.9, 0, true, List.of(words)));
        }

        /** A final in the middle of an utterance. */
        void leavesOpen(long startMillis, long endMillis, String text) {
            Word word = new Word(text, text, startMillis, endMillis, null, null);
            listener.finalResult(Shorthand.span(startMillis, endMillis, text, 0.9, 0, false, List.of(word)));
        }

        /** A final of silence that says nothing of an utterance. */
        void hearsNothing(long startMillis, long endMillis) {
            listener.finalResult(Shorthand.span(startMillis, endMillis, "", null, 0, false, List.of()));
        }

        void believes(long startMillis, long endMillis, String text) {
            listener.partial(Shorthand.span(startMillis, endMillis, text, 0.5, 0, false, List.of()));
        }

        void isLost() {
            closesWith(new RecogniserFailure(RecogniserFailure.Kind.RETRYABLE, "connection reset"));
        }

        /** @param failure null for an end as asked */
        void closesWith(@Nullable RecogniserFailure failure) {
            closed = true;
            listener.closed(failure);
        }

        @Override
        public void send(byte[] pcm) {
            if (onSend != null) {
                throw onSend;
            }
            heard.writeBytes(pcm);
        }

        @Override
        public void flush() {
            flushes++;
            onFlush.run();
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void abort() {
            aborted = true;
        }
    }
}
