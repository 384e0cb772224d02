package io.rtaa.wire;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Audio messages as bytes, for a bus between processes: no text around the audio, and nothing to parse but a short head.
 *
 * <pre>
 *   1 byte   form of what follows: 1
 *   1 byte   kind: 'S' start, 'W' window, 'N' note, 'E' end
 *   text     tenant id          a text is 2 bytes of length, -1 for null, and so many bytes of UTF-8
 *   text     interaction id
 *   8 bytes  the leg it comes from, times 2^22; plus the number of the message in its leg, modulo 2^22
 *   S: text call sid, stream sid, from, to; 4 bytes sample rate; 8 bytes start, epoch milliseconds
 *   W: 8 bytes first sample; 4 bytes sample rate; the rest is audio as AudioFormat says
 *   N: 8 bytes first sample after it; 4 bytes sample rate; 1 byte, 1 if the stream ends for it, else 0; text what
 * happened
 *   E: 8 bytes samples altogether; text reason as the first readers know it; text reason, only where it is another
 * </pre>
 * Numbers are big-endian. Readers of before take leg and number for one number, which they compare with nothing but 0,
 * and count notes as unreadable.
 *
 * <p>Thread-safety: stateless.
 */
public final class AudioBytes {

    private static final byte FORM = 1;
    private static final byte START = 'S';
    private static final byte WINDOW = 'W';
    private static final byte NOTE = 'N';
    private static final byte END = 'E';

    /**
     * The reasons that the first readers of this form understand. They refuse an end with any other, and leave alone
     * what follows the reason.
     */
    private static final Set<EndReason> KNOWN_TO_FORMER_READERS = EnumSet.of(
            EndReason.STOPPED, EndReason.CALLENDED, EndReason.DISCONNECTED, EndReason.LOST, EndReason.DRAINED);

    /**
     * The bits of a message's number: a leg of five days at ten messages a second has as many. Above them is the leg.
     */
    private static final int NUMBER_BITS = 22;

    private static final long MAX_NUMBER = (1L << NUMBER_BITS) - 1;

    private static final short NULL_TEXT = -1;

    /** The longest text, bytes: far above any id or telephone number that a caller's protocol lets in. */
    private static final int MAX_TEXT_BYTES = Short.MAX_VALUE;

    private AudioBytes() {}

    /** @throws IllegalArgumentException for a message that is meant for one process only, or a text that is too long */
    public static byte[] write(AudioMessage message) {
        if (message instanceof AudioWindow window) {
            Writer writer = new Writer(WINDOW, message, 2 * Long.BYTES + Integer.BYTES + window.pcm().length);
            writer.bytes
                    .putLong(window.firstSample())
                    .putInt(window.sampleRate())
                    .put(window.pcm());
            return writer.bytes.array();
        }
        if (message instanceof CallStart start) {
            return start(start);
        }
        if (message instanceof CallNote note) {
            return note(note);
        }
        if (message instanceof CallEnd end) {
            return end(end);
        }
        throw new IllegalArgumentException(message.getClass().getSimpleName()
                + " travels on no bus; allowed: CallStart, AudioWindow, CallNote, CallEnd");
    }

    private static byte[] note(CallNote note) {
        byte[] text = bytes(note.text());
        Writer writer = new Writer(NOTE, note, 2 * Long.BYTES + Integer.BYTES + 1 + length(text));
        writer.bytes.putLong(note.sample()).putInt(note.sampleRate()).put((byte) (note.failed() ? 1 : 0));
        writer.text(text);
        return writer.bytes.array();
    }

    private static byte[] end(CallEnd end) {
        boolean former = KNOWN_TO_FORMER_READERS.contains(end.reason());
        byte[] formerReason = bytes((former ? end.reason() : EndReason.STOPPED).wireName());
        byte[] reason = bytes(end.reason().wireName());
        Writer writer = new Writer(END, end, 2 * Long.BYTES + length(formerReason) + (former ? 0 : length(reason)));
        writer.bytes.putLong(end.totalSamples());
        writer.text(formerReason);
        if (!former) {
            writer.text(reason);
        }
        return writer.bytes.array();
    }

    private static byte[] start(CallStart start) {
        CallInfo info = start.info();
        byte @Nullable [][] texts = {
            bytes(info.callSid()), bytes(info.streamSid()), bytes(info.from()), bytes(info.to())
        };
        int textBytes = 0;
        for (byte[] text : texts) {
            textBytes += length(text);
        }
        byte[] requestId = bytes(info.requestId());
        byte[] traceparent = bytes(info.traceparent());
        boolean hasLater = requestId != null || traceparent != null;
        int laterBytes = (hasLater ? length(requestId) : 0) + (traceparent == null ? 0 : length(traceparent));
        Writer writer = new Writer(START, start, 2 * Long.BYTES + textBytes + Integer.BYTES + laterBytes);
        for (byte[] text : texts) {
            writer.text(text);
        }
        writer.bytes.putInt(info.sampleRate()).putLong(info.startedAtMillis());
        // Last, in the order in which versions added them, as readers of a version without one stop before it.
        if (hasLater) {
            writer.text(requestId);
        }
        if (traceparent != null) {
            writer.text(traceparent);
        }
        return writer.bytes.array();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException saying what is wrong with the bytes
     */
    public static AudioMessage read(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        try {
            byte form = bytes.get();
            if (form != FORM) {
                throw new IllegalArgumentException("an audio message of form " + form + "; allowed: " + FORM);
            }
            byte kind = bytes.get();
            StreamId stream = new StreamId(requiredText(bytes), requiredText(bytes));
            long legAndNumber = bytes.getLong();
            long leg = legAndNumber >>> NUMBER_BITS;
            long number = legAndNumber & MAX_NUMBER;
            return switch (kind) {
                case START -> readStart(stream, bytes);
                case WINDOW -> readWindow(stream, leg, number, bytes);
                case NOTE -> readNote(stream, leg, number, bytes);
                case END -> readEnd(stream, leg, number, bytes);
                default ->
                    throw new IllegalArgumentException("an audio message of kind " + kind + "; allowed: " + START + ", "
                            + WINDOW + ", " + NOTE + ", " + END);
            };
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("an audio message of " + message.length + " bytes breaks off", e);
        }
    }

    private static CallNote readNote(StreamId stream, long leg, long number, ByteBuffer bytes) {
        return new CallNote(
                stream,
                number,
                bytes.getLong(),
                AudioFormat.requireSampleRate(bytes.getInt()),
                bytes.get() == 1,
                requiredText(bytes),
                leg);
    }

    private static CallEnd readEnd(StreamId stream, long leg, long number, ByteBuffer bytes) {
        long totalSamples = bytes.getLong();
        String reason = requiredText(bytes);
        return new CallEnd(
                stream,
                number,
                totalSamples,
                EndReason.ofWireName(bytes.hasRemaining() ? requiredText(bytes) : reason),
                leg);
    }

    private static CallStart readStart(StreamId stream, ByteBuffer bytes) {
        CallInfo info = new CallInfo(
                stream, text(bytes), text(bytes), text(bytes), text(bytes), bytes.getInt(), bytes.getLong());
        info = bytes.hasRemaining() ? info.withRequestId(text(bytes)) : info;
        return new CallStart(bytes.hasRemaining() ? info.withTraceparent(text(bytes)) : info);
    }

    private static AudioWindow readWindow(StreamId stream, long leg, long number, ByteBuffer bytes) {
        long firstSample = bytes.getLong();
        int sampleRate = AudioFormat.requireSampleRate(bytes.getInt());
        byte[] pcm = new byte[bytes.remaining()];
        bytes.get(pcm);
        return new AudioWindow(stream, number, firstSample, sampleRate, pcm, leg);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        if (text == null) {
            return null;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException(
                    "a text of " + bytes.length + " bytes; allowed: up to " + MAX_TEXT_BYTES);
        }
        return bytes;
    }

    private static int length(byte @Nullable [] text) {
        return Short.BYTES + (text == null ? 0 : text.length);
    }

    private static String requiredText(ByteBuffer bytes) {
        String text = text(bytes);
        if (text == null) {
            throw new IllegalArgumentException("an audio message lacks a text that it must have");
        }
        return text;
    }

    private static @Nullable String text(ByteBuffer bytes) {
        short length = bytes.getShort();
        if (length == NULL_TEXT) {
            return null;
        }
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The head of a message, and room for so many bytes after it. */
    private static final class Writer {

        private final ByteBuffer bytes;

        /** @param size bytes of everything after the two ids */
        Writer(byte kind, AudioMessage message, int size) {
            byte[] tenant = bytes(message.stream().tenantId());
            byte[] interaction = bytes(message.stream().interactionId());
            bytes = ByteBuffer.allocate(2 + length(tenant) + length(interaction) + size);
            bytes.put(FORM).put(kind);
            text(tenant);
            text(interaction);
            bytes.putLong(kind == START ? 0 : (message.leg() << NUMBER_BITS) | (message.number() & MAX_NUMBER));
        }

        void text(byte @Nullable [] text) {
            if (text == null) {
                bytes.putShort(NULL_TEXT);
            } else {
                bytes.putShort((short) text.length).put(text);
            }
        }
    }
}
