package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.CloseCause;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a socket when the proof of its peer expires. */
@Timeout(30)
class ViewerExpiryTest {

    private static final Principal ASHA = new Principal("asha", Role.ADMIN, "acme");

    private final Decision decision = new Decision();
    private final RecordedEvents events = new RecordedEvents();
    private final AtomicInteger released = new AtomicInteger();
    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture();
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:who").errorHandler(noErrorHandler()).process(decision);
                for (String kind : new String[] {"viewer", "caller"}) {
                    from("websocket:" + kind + "?path=/" + kind + "&kind=" + kind + "&handshake=direct:who")
                            .process(events::record)
                            .filter(exchange ->
                                    exchange.getMessage().getHeader(SocketHeaders.EVENT) == SocketEvent.MESSAGE)
                            .to("websocket:" + kind);
                }
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private Peer connect(String kind, @Nullable Instant expiresAt) throws Exception {
        decision.verdict.complete(new Verdict.Granted(ASHA, null, expiresAt, released::incrementAndGet, () -> {}));
        return fixture.connect("/" + kind);
    }

    @Test
    void aViewerIsToldAndClosedWith4401() throws Exception {
        Instant expiresAt = Instant.now().plusSeconds(1);

        Peer viewer = connect("viewer", expiresAt);

        assertThat(viewer.awaitClose()).isEqualTo(4401);
        assertThat(Instant.now()).isAfterOrEqualTo(expiresAt);
        assertThat(viewer.received)
                .containsExactly("{\"type\":\"expiring\",\"expires_at_ms\":" + expiresAt.toEpochMilli() + "}");
        assertThat(events.awaitClose().headers())
                .containsEntry(SocketHeaders.CLOSE_CAUSE, CloseCause.EXPIRED)
                .containsEntry(SocketHeaders.CLOSE_REASON, "the token has expired");
        assertThat(fixture.count("viewer", "expired.closed")).isOne();
        await().until(() -> released.get() == 1);
    }

    @Test
    void aProofThatHasExpiredMeanwhileEndsTheSocketAtOnce() throws Exception {
        assertThat(connect("viewer", Instant.now().minusSeconds(1)).awaitClose())
                .isEqualTo(4401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "P10000000D"})
    void aViewerIsToldNothingWhileItsProofHoldsForLonger(Duration longer) throws Exception {
        Peer viewer = connect("viewer", Instant.now().plus(longer));

        viewer.send("still here");

        await().until(() -> viewer.received.contains("still here"));
        assertThat(viewer.received).containsExactly("still here");
    }

    @Test
    void aCallersSocketOutlivesItsToken() throws Exception {
        Instant expiresAt = Instant.now().plusMillis(300);
        Peer caller = connect("caller", expiresAt);
        await().until(() -> Instant.now().isAfter(expiresAt.plusMillis(100)));

        caller.send("still talking");

        await().until(() -> caller.received.contains("still talking"));
        assertThat(caller.received).containsExactly("still talking");
        assertThat(fixture.count("caller", "expired.closed")).isZero();
    }
}
