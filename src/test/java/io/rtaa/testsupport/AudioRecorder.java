package io.rtaa.testsupport;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** A route step that keeps every audio message it is given, by call. Thread-safe. */
public final class AudioRecorder implements Processor {

    private final Map<String, List<AudioMessage>> messages = new ConcurrentHashMap<>();

    @Override
    public void process(Exchange exchange) {
        AudioMessage message = exchange.getMessage().getBody(AudioMessage.class);
        messages.computeIfAbsent(message.stream().interactionId(), id -> new CopyOnWriteArrayList<>())
                .add(message);
    }

    /** The messages of a call so far, in the order they came. */
    public List<AudioMessage> messages(String interactionId) {
        return messages.getOrDefault(interactionId, List.of());
    }

    /** The audio of a call so far. */
    public byte[] audio(String interactionId) {
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        for (AudioMessage message : messages(interactionId)) {
            if (message instanceof AudioWindow window) {
                audio.writeBytes(window.pcm());
            }
        }
        return audio.toByteArray();
    }

    public boolean hasEnded(String interactionId) {
        return messages(interactionId).stream().anyMatch(CallEnd.class::isInstance);
    }
}
