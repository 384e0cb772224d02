package io.rtaa.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class HmacSignatureTest {

    private final HmacSignature signature =
            new HmacSignature(Clock.fixed(Instant.ofEpochSecond(1_763_800_000), ZoneOffset.UTC));
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    /** What {@code printf '1763800000.{"text":"grüß dich"}' | openssl dgst -sha256 -hmac secret} prints. */
    @Test
    void itIsWhatOpensslMakesOfTimeAndBody() throws Exception {
        signature.setSecret("secret");
        exchange.getMessage().setBody("{\"text\":\"grüß dich\"}");

        signature.process(exchange);

        assertThat(exchange.getMessage().getHeaders())
                .containsEntry("X-Rtaa-Timestamp", "1763800000")
                .containsEntry(
                        "X-Rtaa-Signature", "sha256=4ddfcb4a4dc0e6c2b531a59b36f70eaa16ae333a6b474bf62cfba3239d520ead");
        assertThat(exchange.getMessage().getBody())
                .isEqualTo("{\"text\":\"grüß dich\"}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void withoutASecretNothingIsSigned() {
        exchange.getMessage().setBody("x");

        assertThatIllegalStateException()
                .isThrownBy(() -> signature.process(exchange))
                .withMessageContaining("set the property 'secret'");
        assertThatIllegalArgumentException().isThrownBy(() -> signature.setSecret(" "));
    }
}
