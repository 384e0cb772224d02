package io.rtaa.telephony.exotel;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.Base64Variant.PaddingReadBehaviour;
import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message, read off the token stream in one pass: the payload is decoded where it stands and no tree
 * is built. A field counts the same wherever it stands, at the top or in the object named after the event, as both are
 * met; unknown fields are skipped. Used by one thread, once.
 */
final class ExotelMessage {

    /** Standard base64; without padding too. */
    private static final Base64Variant BASE64 =
            Base64Variants.MIME_NO_LINEFEEDS.withReadPadding(PaddingReadBehaviour.PADDING_ALLOWED);

    /** The alphabet for URLs and file names (RFC 4648, 5); with padding or without. */
    private static final Base64Variant BASE64_URL = new Base64Variant(
                    "base64url",
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                    true,
                    '=',
                    Integer.MAX_VALUE)
            .withReadPadding(PaddingReadBehaviour.PADDING_ALLOWED);

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

    /** As it was sent; what stands there that is no text and no number is named by its first character. */
    @Nullable
    String sampleRate;

    /** As {@link #sampleRate}. */
    @Nullable
    String channels;

    /** The track that the message names, in lower case. */
    @Nullable
    String track;

    /** Whether the message names more than one track. */
    boolean severalTracks;

    /** Whether the message has a field that the protocol does not have. */
    boolean unknownField;

    /** Whether the message names a stream as the plain PCM protocol does. */
    boolean plainPcm;

    byte @Nullable [] payload;

    /** Below zero where it was not sent or is no number. */
    long sequenceNumber = ABSENT;

    /** Below zero where it was not sent or is no number. */
    long chunk = ABSENT;

    private final int usualPayloadBytes;
    private final Base64Variant base64;
    private boolean inPayload;

    /**
     * @param usualPayloadBytes room that is made for a payload; more is made where it takes more
     * @param base64Url whether the payload is in the alphabet for URLs
     */
    ExotelMessage(int usualPayloadBytes, boolean base64Url) {
        this.usualPayloadBytes = usualPayloadBytes;
        this.base64 = base64Url ? BASE64_URL : BASE64;
    }

    /** Whether reading failed inside the payload, so that all but the payload was right so far. */
    boolean failedInPayload() {
        return inPayload;
    }

    /**
     * Reads the message.
     *
     * @param json stands at the start of an object; stands at its end afterwards
     * @throws IOException if it is no JSON, or {@link #failedInPayload()}
     */
    void read(JsonParser json) throws IOException {
        readObject(json, 1);
    }

    private void readObject(JsonParser json, int depth) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (value == JsonToken.START_OBJECT && depth < MAX_DEPTH && isPart(name)) {
                readObject(json, depth + 1);
            } else if (value.isStructStart()) {
                readStruct(json, name, value);
            } else if (value != JsonToken.VALUE_NULL) {
                readField(json, name, value, depth);
            }
        }
    }

    private void readStruct(JsonParser json, String name, JsonToken value) throws IOException {
        switch (name) {
            case "tracks" -> readTracks(json, value);
            case "encoding" -> encoding = value.asString();
            case "sample_rate", "sampleRate" -> sampleRate = value.asString();
            case "channels" -> channels = value.asString();
            case "custom_parameters", "customParameters", "connected", "dtmf", "mark", "event", "payload" -> {
                // Known, and nothing in it can be used here.
            }
            default -> unknownField = true;
        }
        if (json.currentToken() == value) {
            json.skipChildren();
        }
    }

    /** Other carriers of this dialect say in the start which parties they send. */
    private void readTracks(JsonParser json, JsonToken start) throws IOException {
        if (start != JsonToken.START_ARRAY) {
            return;
        }
        for (JsonToken value = json.nextToken(); value != JsonToken.END_ARRAY; value = json.nextToken()) {
            if (value == null) {
                throw new JsonEOFException(json, null, "the message breaks off in its tracks");
            }
            if (value.isStructStart()) {
                json.skipChildren();
            } else {
                readTrack(json.getText());
            }
        }
    }

    private void readTrack(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT).replace("_track", "");
        severalTracks |= plain.startsWith("both") || plain.indexOf(',') >= 0 || (track != null && !plain.equals(track));
        track = plain;
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
            case "sample_rate", "sampleRate" -> sampleRate = json.getText();
            case "channels" -> channels = json.getText();
            case "track", "tracks" -> readTrack(json.getText());
            case "reason" -> reason = json.getText();
            case "interaction_id" -> {
                plainPcm = true;
                unknownField = true;
            }
            case "timestamp",
                    "bit_rate",
                    "bitRate",
                    "protocol",
                    "version",
                    "leg_sid",
                    "legSid",
                    "start",
                    "media",
                    "stop" -> {
                // Known, and nothing in it can be used here: the parser skips the value without building it.
            }
            default -> unknownField = true;
        }
    }

    private void readPayload(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            inPayload = true;
            PayloadBytes bytes = new PayloadBytes(usualPayloadBytes);
            try {
                json.readBinaryValue(base64, bytes);
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
