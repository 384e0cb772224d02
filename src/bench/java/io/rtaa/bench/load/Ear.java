package io.rtaa.bench.load;

import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;

/**
 * One stream at the recogniser stand-in.
 *
 * <p>Thread-safety: none; used on its socket's event loop.
 */
final class Ear {

    private static final long INTERIM_BYTES = bytes(Script.INTERIM_MILLIS);
    private static final short NORMAL_CLOSURE = 1000;

    private final Script script;
    private final WebSocketBase socket;
    private long heardBytes;
    private long finalBytes;
    private long nextInterimBytes = INTERIM_BYTES;

    Ear(Script script, WebSocketBase socket) {
        this.script = script;
        this.socket = socket;
    }

    void onFrame(WebSocketFrame frame) {
        if (frame.isBinary()) {
            hear(frame.binaryData().getBytes());
        } else if (frame.isText()) {
            obey(frame.textData());
        }
    }

    /** Whole frames of the script, as many as the sender puts into a message. */
    private void hear(byte[] audio) {
        int frameBytes = script.frameBytes();
        for (int at = 0; at + frameBytes <= audio.length; at += frameBytes) {
            Mark mark = Mark.read(audio, at);
            if (mark != null) {
                int end = at + frameBytes;
                tellFinal(heardBytes + end, new SpokenFinal(mark, micros(audio.length - end)));
            }
        }
        heardBytes += audio.length;
        if (heardBytes >= nextInterimBytes) {
            nextInterimBytes += INTERIM_BYTES;
            tell(false, heardBytes, "somebody is speaking", "");
        }
    }

    private void obey(String control) {
        if (control.contains("\"Finalize\"")) {
            tellRest();
        } else if (control.contains("\"CloseStream\"")) {
            tellRest();
            socket.writeTextMessage("{\"type\":\"Metadata\",\"duration\":" + seconds(heardBytes) + ",\"channels\":1}");
            socket.close(NORMAL_CLOSURE);
        }
    }

    private void tellFinal(long endBytes, SpokenFinal spoken) {
        StringBuilder words = new StringBuilder(512);
        long step = (endBytes - finalBytes) / Script.WORDS;
        for (int i = 0; i < Script.WORDS; i++) {
            String word = spoken.word(i);
            words.append(i == 0 ? "" : ",")
                    .append("{\"word\":\"")
                    .append(word)
                    .append("\",\"start\":")
                    .append(seconds(finalBytes + i * step))
                    .append(",\"end\":")
                    .append(seconds(finalBytes + (i + 1) * step))
                    .append(",\"confidence\":0.98,\"punctuated_word\":\"")
                    .append(word)
                    .append("\"}");
        }
        tell(true, endBytes, spoken.text(), words.toString());
        finalBytes = endBytes;
    }

    /** An empty final over what was heard since the last one: silence must not pin audio. */
    private void tellRest() {
        tell(true, heardBytes, "", "");
        finalBytes = heardBytes;
    }

    private void tell(boolean isFinal, long endBytes, String transcript, String words) {
        socket.writeTextMessage("{\"type\":\"Results\",\"channel_index\":[0,1],\"duration\":"
                + seconds(endBytes - finalBytes) + ",\"start\":" + seconds(finalBytes) + ",\"is_final\":" + isFinal
                + ",\"speech_final\":" + isFinal + ",\"channel\":{\"alternatives\":[{\"transcript\":\"" + transcript
                + "\",\"confidence\":0.98,\"words\":[" + words + "]}]}}");
    }

    private static long bytes(int millis) {
        return 2L * Script.SAMPLE_RATE * millis / 1000;
    }

    private static long micros(long bytes) {
        return bytes / 2 * 1_000_000 / Script.SAMPLE_RATE;
    }

    private static String seconds(long bytes) {
        long millis = bytes / bytes(1);
        return Double.toString(millis / 1000.0);
    }
}
