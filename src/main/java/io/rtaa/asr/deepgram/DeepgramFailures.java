package io.rtaa.asr.deepgram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what a refusal or a close means. Reasons quote what Deepgram says of itself ({@code dg-error}, {@code err_msg}, the
 * close's payload), the key blacked out should it be in there, shortened and made printable.
 *
 * <p>Thread-safety: immutable.
 */
final class DeepgramFailures {

    /** The header that names a request, on acceptances and refusals. */
    static final String REQUEST_ID_HEADER = "dg-request-id";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_QUOTE_LENGTH = 200;
    /** Enough of a body to find the error in, should a proxy have sent a page of its own. */
    private static final int MAX_BODY_BYTES = 16 * 1024;

    /** The key is not valid, or its account has no credit. */
    private static final Set<Integer> KEY_REFUSALS = Set.of(401, 402);

    /** The key may not be used for what was asked. */
    private static final int USE_REFUSAL = 403;

    private final DeepgramKeys.Key key;

    /** @param key the key the connection was made with */
    DeepgramFailures(DeepgramKeys.Key key) {
        this.key = key;
    }

    /** How a handshake that failed is counted. */
    static HandshakeResult result(Throwable cause) {
        if (!(cause instanceof UpgradeRejectedException refused)) {
            return HandshakeResult.UNREACHABLE;
        }
        int status = refused.getStatus();
        if (KEY_REFUSALS.contains(status) || status == USE_REFUSAL) {
            return HandshakeResult.KEY_REFUSED;
        }
        if (status == 429) {
            return HandshakeResult.TOO_MANY;
        }
        return isWorthAnotherTry(status) ? HandshakeResult.OUT_OF_ORDER : HandshakeResult.SETTINGS_REFUSED;
    }

    /** Whether a key that was refused is of no use whatever is asked with it. */
    static boolean isWholeKeyRefused(Throwable cause) {
        return cause instanceof UpgradeRejectedException refused && KEY_REFUSALS.contains(refused.getStatus());
    }

    /** What is no answer of Deepgram's comes from something in between, which may be gone in a moment. */
    private static boolean isWorthAnotherTry(int status) {
        return status == 408 || status < 400 || status >= 500;
    }

    private static Kind kind(HandshakeResult result) {
        return switch (result) {
            case KEY_REFUSED -> Kind.PROVIDER_REFUSES;
            case SETTINGS_REFUSED -> Kind.SETTINGS_REFUSED;
            default -> Kind.RETRYABLE;
        };
    }

    /** What came of a handshake that failed. */
    RecogniserFailure ofHandshake(Throwable cause) {
        if (cause instanceof UpgradeRejectedException refused) {
            int status = refused.getStatus();
            HandshakeResult result = result(cause);
            return new RecogniserFailure(
                    kind(result),
                    result.name().toLowerCase(Locale.ROOT),
                    "Deepgram refused the connection: " + meaning(status) + " (" + status + ")" + details(refused));
        }
        return new RecogniserFailure(
                Kind.RETRYABLE,
                "unreachable",
                "no connection to Deepgram: " + cause.getClass().getSimpleName() + quoted(cause.getMessage()));
    }

    /** The request a refusal belongs to; null where it does not say. */
    @Nullable
    String requestId(Throwable cause) {
        if (!(cause instanceof UpgradeRejectedException refused)) {
            return null;
        }
        String header = refused.getHeaders().get(REQUEST_ID_HEADER);
        return printable(header != null ? header : field(refused, "request_id"));
    }

    /**
     * What an unexpected close means.
     *
     * @param code the close code; null or 1006 where the connection went without one
     * @param payload the close's reason; null where there was none
     */
    RecogniserFailure ofClose(@Nullable Short code, @Nullable String payload) {
        int status = code == null ? 1006 : code;
        if (status == 1006) {
            return new RecogniserFailure(Kind.RETRYABLE, "broke_off", "the connection to Deepgram broke off");
        }
        String text = payload == null ? "" : payload;
        boolean undecodable = text.contains("DATA-0000") || text.contains("data0000");
        Kind kind = switch (status) {
            case 1003, 1007, 1008 -> Kind.STREAM_REFUSED;
            case 1002 -> undecodable ? Kind.STREAM_REFUSED : Kind.RETRYABLE;
            default -> Kind.RETRYABLE;
        };
        String what = kind == Kind.STREAM_REFUSED
                ? "Deepgram refused this call's audio"
                : status == 1000 ? "Deepgram closed the connection unasked" : "Deepgram closed the connection";
        String cause = kind == Kind.STREAM_REFUSED ? "audio_refused" : "close_" + status;
        return new RecogniserFailure(kind, cause, what + ": close " + status + quoted(text));
    }

    /** A text of the peer as a log may show it; null stays null. */
    @Nullable
    String printable(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String line = key.scrub(text).replaceAll("[\\p{C}\\s]+", " ").strip();
        return line.length() <= MAX_QUOTE_LENGTH ? line : line.substring(0, MAX_QUOTE_LENGTH) + "…";
    }

    private static String meaning(int status) {
        return switch (status) {
            case 400 -> "it does not take these settings";
            case 401 -> "the API key is not valid";
            case 402 -> "the account has no credit left";
            case 403 -> "the API key has no access to this model or feature";
            case 404 -> "it knows no such address or model";
            case 408 -> "the handshake took too long";
            case 429 -> "too many connections at once";
            default -> status >= 500 ? "it is out of order" : "not a Deepgram answer, the base URL may be wrong";
        };
    }

    private String details(UpgradeRejectedException refused) {
        String error = refused.getHeaders().get("dg-error");
        String requestId = requestId(refused);
        return quoted(error != null ? error : field(refused, "err_msg"))
                + (requestId == null ? "" : ", request " + requestId);
    }

    private static @Nullable String field(UpgradeRejectedException refused, String name) {
        if (refused.getBody() == null || refused.getBody().length() > MAX_BODY_BYTES) {
            return null;
        }
        try {
            JsonNode body = JSON.readTree(refused.getBody().getBytes());
            JsonNode value = body == null ? null : body.get(name);
            return value == null || !value.isTextual() ? null : value.textValue();
        } catch (IOException e) {
            return null;
        }
    }

    private String quoted(@Nullable String text) {
        String line = printable(text);
        return line == null || line.isEmpty() ? "" : " “" + line + "”";
    }
}
