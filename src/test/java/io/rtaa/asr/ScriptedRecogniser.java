package io.rtaa.asr;

import io.rtaa.call.Word;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A recogniser that says what a test tells it to, and remembers what it was sent. */
final class ScriptedRecogniser implements RecogniserProvider {

    final List<Connection> connections = new ArrayList<>();
    private final double maxPace;
    private boolean opensAtOnce = true;

    ScriptedRecogniser(double maxPace) {
        this.maxPace = maxPace;
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
        return "scripted";
    }

    @Override
    public RecogniserConnection open(RecogniserRequest request, RecogniserListener listener) {
        Connection connection = new Connection(listener);
        connections.add(connection);
        if (opensAtOnce) {
            listener.opened();
        }
        return connection;
    }

    @Override
    public double maxPace() {
        return maxPace;
    }

    static final class Connection implements RecogniserConnection {
        final RecogniserListener listener;
        final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        boolean ended;
        boolean aborted;

        Connection(RecogniserListener listener) {
            this.listener = listener;
        }

        void says(long startMillis, long endMillis, String text) {
            List<Word> words =
                    text.isEmpty() ? List.of() : List.of(new Word(text, text, startMillis, endMillis, null, null));
            listener.finalResult(new RecognisedSpan(startMillis, endMillis, text, 0.9, 0, true, words));
        }

        void believes(long startMillis, long endMillis, String text) {
            listener.partial(new RecognisedSpan(startMillis, endMillis, text, 0.5, 0, false, List.of()));
        }

        void isLost() {
            listener.closed(new RecogniserFailure(RecogniserFailure.Kind.RETRYABLE, "connection reset"));
        }

        @Override
        public void send(byte[] pcm) {
            heard.writeBytes(pcm);
        }

        @Override
        public void flush() {
            throw new UnsupportedOperationException("no session asks for a flush yet");
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
