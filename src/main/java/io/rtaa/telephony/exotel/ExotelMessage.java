package io.rtaa.telephony.exotel;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.Base64Variant.PaddingReadBehaviour;
import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message, read off the token stream in one pass: the payload is decoded where it stands and no tree
 * is built. A field counts the same wherever it stands, at the top or in the object named after the event, as both are
 * met; unknown fields are skipped. Used by one thread, once.
 */
final class ExotelMessage {

    private static final Base64Variant BASE64 =
            Base64Variants.MIME_NO_LINEFEEDS.withReadPadding(PaddingReadBehaviour.PADDING_ALLOWED);

    /** The message, the object named after its event, and the media format in it. */
    private static final int MAX_DEPTH = 3;

    private static final long ABSENT = -1;

    @Nullable
    String event;

    @Nullable
    String streamSid;

    @Nullable
    String callSid;

    @Nullable
    String accountSid;

    @Nullable
    String from;

    @Nullable
    String to;

    @Nullable
    String encoding;

    @Nullable
    String reason;

    byte @Nullable [] payload;

    /** Below zero where it was not sent or is no number. */
    long sequenceNumber = ABSENT;

    /** Below zero where it was not sent or is no number. */
    long chunk = ABSENT;

    /** Below zero where it was not sent or is no number. */
    long sampleRate = ABSENT;

    private final int usualPayloadBytes;
    private boolean inPayload;

    /** @param usualPayloadBytes room that is made for a payload; more is made where it takes more */
    ExotelMessage(int usualPayloadBytes) {
        this.usualPayloadBytes = usualPayloadBytes;
    }

    /** Whether reading failed inside the payload, so that all but the payload was right so far. */
    boolean failedInPayload() {
        return inPayload;
    }

    /**
     * Reads the message.
     *
     * @return false if what stands there is no JSON object
     * @throws IOException if it is no JSON, or {@link #failedInPayload()}
     */
    boolean read(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        readObject(json, 1);
        return true;
    }

    private void readObject(JsonParser json, int depth) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (value == JsonToken.START_OBJECT && depth < MAX_DEPTH && isPart(name)) {
                readObject(json, depth + 1);
            } else if (value.isStructStart()) {
                json.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                readField(json, name, value, depth);
            }
        }
    }

    private static boolean isPart(String name) {
        return switch (name) {
            case "start", "media", "stop", "media_format", "mediaFormat" -> true;
            default -> false;
        };
    }

    private void readField(JsonParser json, String name, JsonToken value, int depth) throws IOException {
        switch (name) {
            case "payload" -> readPayload(json, value);
            case "event", "Event" -> event = json.getText();
            case "stream_sid", "streamSid" -> {
                // The envelope's id is the one that media messages repeat.
                if (depth == 1 || streamSid == null) {
                    streamSid = json.getText();
                }
            }
            case "sequence_number", "sequenceNumber" -> sequenceNumber = number(json);
            case "chunk" -> chunk = number(json);
            case "call_sid", "callSid" -> callSid = json.getText();
            case "account_sid", "accountSid" -> accountSid = json.getText();
            case "from" -> from = json.getText();
            case "to" -> to = json.getText();
            case "encoding" -> encoding = json.getText();
            case "sample_rate", "sampleRate" -> sampleRate = number(json);
            case "reason" -> reason = json.getText();
            default -> {
                // Unknown to us: the parser skips a value nobody asked for without building it.
            }
        }
    }

    private void readPayload(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            inPayload = true;
            PayloadBytes bytes = new PayloadBytes(usualPayloadBytes);
            try {
                json.readBinaryValue(BASE64, bytes);
            } catch (IllegalArgumentException e) {
                // So some faults are told, others as what this method declares.
                throw new IOException(e);
            }
            payload = bytes.exact();
            inPayload = false;
        }
    }

    /** Numbers come as JSON numbers in the documents and as strings on live traffic. */
    private static long number(JsonParser json) throws IOException {
        try {
            return Long.parseLong(json.getText());
        } catch (NumberFormatException notANumber) {
            return ABSENT;
        }
    }
}
