package io.rtaa.steps;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Signs the body, so that its receiver can tell who sent it and when: sets {@value #TIMESTAMP} to the time in seconds
 * since 1970, and {@value #SIGNATURE} to {@code sha256=} and the HMAC-SHA256, in lower-case hexadecimal digits, of that
 * time, a full stop and the body. The body becomes the bytes that are signed. A receiver that refuses old times refuses
 * what somebody else has recorded; so this stands in the route that is run anew for each try.
 *
 * <p>Thread-safety: safe once the secret is set.
 */
public final class HmacSignature implements Processor {

    /** The header with the time of the signature. */
    public static final String TIMESTAMP = "X-Rtaa-Timestamp";

    /** The header with the signature. */
    public static final String SIGNATURE = "X-Rtaa-Signature";

    private static final String ALGORITHM = "HmacSHA256";

    private final Clock clock;
    private @Nullable SecretKeySpec key;

    public HmacSignature() {
        this(Clock.systemUTC());
    }

    HmacSignature(Clock clock) {
        this.clock = clock;
    }

    /**
     * Sets what sender and receiver both know.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public void setSecret(String secret) {
        if (secret.isBlank()) {
            throw new IllegalArgumentException("the secret of the signature is blank; allowed: any other text");
        }
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** @throws IllegalStateException if no secret is set */
    @Override
    public void process(Exchange exchange) throws InvalidPayloadException, GeneralSecurityException {
        if (key == null) {
            throw new IllegalStateException("the signature has no secret; set the property 'secret' of its bean");
        }
        Message message = exchange.getMessage();
        byte[] body = message.getMandatoryBody(byte[].class);
        String seconds = Long.toString(clock.instant().getEpochSecond());
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(key);
        mac.update((seconds + '.').getBytes(StandardCharsets.US_ASCII));
        message.setBody(body);
        message.setHeader(TIMESTAMP, seconds);
        message.setHeader(SIGNATURE, "sha256=" + HexFormat.of().formatHex(mac.doFinal(body)));
    }
}
